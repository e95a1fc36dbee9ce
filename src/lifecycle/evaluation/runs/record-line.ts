/** A result as one line of records.jsonl, and back. Knows the line; knows nothing of files. */
import { TouchstoneError } from '../../../foundation/errors/touchstone-error.ts'
import type { SystemOutput } from '../../../contracts/evaluation.ts'
import type { CaseOutcome, RunRecord } from '../../../contracts/recorded-run.ts'
import type { CaseResult } from '../case-result.ts'

/** A record as it stands on disk: with the whole output, so that it can be scored again. */
export interface StoredRecord extends Omit<RunRecord, 'output'> {
  readonly caseHash: string
  readonly durationMs: number
  readonly output?: SystemOutput
  readonly reused?: true
  /** Texts of the output were too long to be kept whole, so that it cannot be scored again. */
  readonly cut?: true
}

/** Longer texts are cut here, with a mark: a run of 10,000 cases stays below some hundred megabytes whatever a system says. */
export const MOST_OUTPUT_CHARACTERS = 32_000

/** Questions stand in the suite alone; what is stored of a case is its name and hash. */
export function toLine(result: CaseResult): string {
  const { id, as: _as, question: _question, output, durationMs, ...rest } = result
  const bounded = output === undefined ? undefined : boundedOutput(output)
  const record = {
    case: id,
    ...rest,
    durationMs: Math.round(durationMs * 1_000) / 1_000,
    ...(bounded === undefined ? {} : { output: bounded.output, ...(bounded.isCut ? { cut: true } : {}) }),
  }
  return `${JSON.stringify(record)}\n`
}

/**
 * Of several records of one case and repeat the last counts: the earlier ones are errors that a resumed run cured.
 * @param text complete lines; what follows the last line end is half a record and does not count
 * @throws TouchstoneError RUN_INVALID naming the line
 */
export function parseRecords(text: string, path: string): Map<string, StoredRecord> {
  const records = new Map<string, StoredRecord>()
  for (let start = 0, line = 1; ; line++) {
    const end = text.indexOf('\n', start)
    if (end < 0) return records
    const record = parseLine(text.slice(start, end), path, line)
    const key = recordKey(record.case, record.repeat)
    // Deleted first, so that the order is that of the records that count.
    records.delete(key)
    records.set(key, record)
    start = end + 1
  }
}

export function recordKey(id: string, repeat: number): string {
  return `${repeat} ${id}`
}

function parseLine(text: string, path: string, line: number): StoredRecord {
  let record: unknown
  try {
    record = JSON.parse(text)
  } catch {
    record = undefined
  }
  if (isRecord(record)) return record
  throw new TouchstoneError('RUN_INVALID', { details: { path, reason: `line ${line} is no record` } })
}

const OUTCOMES: ReadonlySet<unknown> = new Set<CaseOutcome>(['scored', 'failed', 'errored', 'unscored', 'skipped'])

function isRecord(value: unknown): value is StoredRecord {
  if (typeof value !== 'object' || value === null) return false
  const { case: id, repeat, outcome, scores, slice } = value as Readonly<Record<string, unknown>>
  const isObject = (part: unknown): boolean => typeof part === 'object' && part !== null
  return typeof id === 'string' && Number.isInteger(repeat) && OUTCOMES.has(outcome) && isObject(scores) && isObject(slice)
}

/** The scores are those of the whole output. */
function boundedOutput(output: SystemOutput): { readonly output: SystemOutput; readonly isCut: boolean } {
  let isCut = false
  const cut = (text: string): string => {
    if (text.length <= MOST_OUTPUT_CHARACTERS) return text
    isCut = true
    return `${text.slice(0, MOST_OUTPUT_CHARACTERS).toWellFormed()}[… ${text.length - MOST_OUTPUT_CHARACTERS} characters cut]`
  }
  const { text, exposed, retrieved } = output
  const passages = retrieved?.map((each) => (each.text === undefined ? each : { ...each, text: cut(each.text) }))
  const bounded = {
    ...output,
    text: cut(text),
    exposed: exposed.map(cut),
    ...(passages === undefined ? {} : { retrieved: passages }),
  }
  return { output: bounded, isCut }
}
