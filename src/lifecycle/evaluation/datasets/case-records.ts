/** From the text of a YAML, JSON Lines or CSV file to records with their lines. Knows formats; knows nothing of what a case is. */
import { CsvError, parse as parseCsv } from 'csv-parse/sync'
import { isSeq, LineCounter, parseDocument, type Node } from 'yaml'
import { messageOf } from '../../../foundation/errors/touchstone-error.ts'

export interface CaseRecord {
  /** 1-based. */
  readonly line: number
  /** Its first and last line: nothing else stands on them. */
  readonly lines: readonly [first: number, last: number]
  readonly value: unknown
}

export interface CaseRecords {
  readonly records: readonly CaseRecord[]
  /** What could not be read, with its line; the rest is still given. */
  readonly problems: readonly { readonly line: number; readonly reason: string }[]
}

/** Readers by file ending. */
export const caseReaders: Readonly<Record<string, (text: string) => CaseRecords>> = {
  '.yaml': readYaml,
  '.yml': readYaml,
  '.jsonl': readJsonLines,
  '.csv': readCsv,
}

function readYaml(text: string): CaseRecords {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false })
  if (document.errors.length > 0) {
    return {
      records: [],
      problems: document.errors.map((error) => ({ line: lines.linePos(error.pos[0]).line, reason: error.message })),
    }
  }
  const list: unknown = isSeq(document.contents) ? document.contents : document.get('cases', true)
  if (!isSeq<Node>(list))
    return { records: [], problems: [{ line: 1, reason: 'expected a list of cases, or `cases:` with one' }] }
  const lineAt = (offset: number): number => lines.linePos(offset).line
  const records = list.items.map((item) => {
    const [start, end] = item.range ?? [0, 0]
    const line = lineAt(start)
    const last = lineAt(text.slice(0, end).trimEnd().length - 1)
    return { line, lines: [line, last] as const, value: item.toJS(document) as unknown }
  })
  return { records, problems: [] }
}

function readJsonLines(text: string): CaseRecords {
  const records: CaseRecord[] = []
  const problems: { line: number; reason: string }[] = []
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue
    try {
      records.push({ line: index + 1, lines: [index + 1, index + 1], value: JSON.parse(line) as unknown })
    } catch (error) {
      problems.push({ line: index + 1, reason: messageOf(error) })
    }
  }
  return { records, problems }
}

interface CsvRow {
  readonly record: Readonly<Record<string, string>>
  readonly info: { readonly lines: number }
}

/**
 * Columns are named as in a case. `facts`, `not`, `never` and `history` hold several texts with `;` between them,
 * alternatives of a fact have `|` between them, `slice.NAME` is one key of the slice and `vars.NAME` one variable; `assert` and `turns`
 * hold JSON. An empty cell is absent.
 */
function readCsv(text: string): CaseRecords {
  try {
    const rows = parseCsv(text, {
      columns: true,
      bom: true,
      trim: true,
      skip_empty_lines: true,
      info: true,
    }) as unknown as CsvRow[]
    const records = rows.map(({ record, info }, at): CaseRecord => {
      const first = (rows[at - 1]?.info.lines ?? 1) + 1
      return { line: info.lines, lines: [first, info.lines], value: fromCells(record) }
    })
    return { records, problems: [] }
  } catch (error) {
    const line = error instanceof CsvError && typeof error['lines'] === 'number' ? error['lines'] : 1
    return { records: [], problems: [{ line, reason: messageOf(error) }] }
  }
}

function fromCells(cells: Readonly<Record<string, string>>): unknown {
  const filled = Object.entries(cells).filter(([, cell]) => cell !== '')
  const isGrouped = ([name]: readonly [string, unknown]): boolean => /^(?:slice|vars)\./.test(name)
  const { facts, not, abstain, never, history, assert, turns, ...rest } = Object.fromEntries(
    filled.filter((entry) => !isGrouped(entry)),
  )
  const expect = {
    ...(facts === undefined ? {} : { facts: splitCell(facts, ';').map((fact) => splitCell(fact, '|')) }),
    ...(not === undefined ? {} : { not: splitCell(not, ';') }),
    ...(abstain === undefined ? {} : { abstain: abstain === 'true' ? true : abstain === 'false' ? false : abstain }),
  }
  return {
    ...rest,
    ...(history === undefined ? {} : { history: splitCell(history, ';') }),
    ...(Object.keys(expect).length === 0 ? {} : { expect }),
    ...(never === undefined ? {} : { never: splitCell(never, ';') }),
    ...(assert === undefined ? {} : { assert: fromJsonCell(assert) }),
    ...(turns === undefined ? {} : { turns: fromJsonCell(turns) }),
    ...groupCells(filled, 'slice'),
    ...groupCells(filled, 'vars'),
  }
}

/** `slice.language` and `slice.kind` as one object under `slice`. */
function groupCells(filled: readonly (readonly [string, string])[], group: string): Readonly<Record<string, unknown>> {
  const own = filled.flatMap(([name, cell]) => (name.startsWith(`${group}.`) ? [[name.slice(group.length + 1), cell]] : []))
  return own.length === 0 ? {} : { [group]: Object.fromEntries(own) as unknown }
}

/** What is no JSON is left as it stands, and refused as what it should be. */
function fromJsonCell(cell: string): unknown {
  try {
    return JSON.parse(cell) as unknown
  } catch {
    return cell
  }
}

function splitCell(cell: string, separator: string): string[] {
  return cell.split(separator).map((part) => part.trim())
}
