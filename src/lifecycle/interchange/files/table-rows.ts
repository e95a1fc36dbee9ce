/** Rows of a JSON array, JSON Lines or CSV file, as records by column. Knows no columns. */
import { readFile } from 'node:fs/promises'
import { parse as parseCsv } from 'csv-parse/sync'
import { messageOf } from '../../../foundation/errors/touchstone-error.ts'
import { invalidFile, withoutByteOrderMark, type ExchangeFile } from './exchange-file.ts'
import { readJsonElements } from './json-elements.ts'
import { readJsonLines, type JsonLine } from './json-lines.ts'

/** Names of the columns, by the beginning of the file; empty when it is no table. */
export function columnsOf({ head, name }: ExchangeFile): readonly string[] {
  if (name.endsWith('.csv')) return (head.split(/\r?\n/, 1)[0] ?? '').split(',').map((cell) => cell.replaceAll('"', '').trim())
  const first = /^\s*\[?\s*(\{[^]*)/.exec(head)?.[1]
  if (first === undefined) return []
  return [...first.slice(0, 16_384).matchAll(/"(\w+)"\s*:/g)].map(([, column]) => column ?? '')
}

/** Cells of a CSV file are texts, and absent when they are empty. @throws TouchstoneError RUN_FILE_INVALID naming the row */
export async function readTableRows(file: ExchangeFile): Promise<readonly JsonLine[]> {
  if (file.name.endsWith('.csv')) return readCsv(file.path)
  const rows: JsonLine[] = []
  if (/^\s*\[/.test(file.head))
    await readJsonElements(file.path, [''], (value, where) => rows.push({ where: `row ${where}`, value }))
  else for await (const line of readJsonLines(file.path)) rows.push(line)
  return rows
}

async function readCsv(path: string): Promise<readonly JsonLine[]> {
  try {
    const text = withoutByteOrderMark(await readFile(path, 'utf8'))
    const rows = parseCsv(text, { columns: true, skip_empty_lines: true, info: true }) as unknown as readonly CsvRow[]
    return rows.map(({ record, info }) => ({ where: `line ${info.lines}`, value: withoutEmpty(record) }))
  } catch (error) {
    throw invalidFile(path, messageOf(error), error)
  }
}

interface CsvRow {
  readonly record: Readonly<Record<string, string>>
  readonly info: { readonly lines: number }
}

function withoutEmpty(record: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(record).filter(([, cell]) => cell !== ''))
}
