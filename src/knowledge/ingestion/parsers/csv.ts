/** Tables as text: CSV and its relatives. Knows delimiters and quotes; where the header is, the grid says. */
import { defineParser, parseFailure } from './define-parser.ts'
import { decodeText } from './decode-text.ts'
import { splitGrid } from './header-row.ts'
import { settleToOneLine } from './inline-text.ts'
import { refuseBinary } from './sniff-format.ts'
import { renderTableRows } from './table-rows.ts'

export const csv = defineParser({
  id: 'csv',
  version: 1,
  summary: 'Tables as text (CSV, TSV): delimiter, encoding and header row are detected',
  endings: ['csv', 'tsv', 'tab'],
  mediaType: 'text/csv',
  async read(input, writer) {
    refuseBinary(input.bytes, input.path)
    const { delimiter, content } = separate(await decodeText(input.bytes, input.path))
    const parse = await loadRecordParser()
    const records = parse(content, delimiter ?? detectDelimiter(content, parse))
    if (records === undefined) throw parseFailure(input.path, 'its rows cannot be told apart')
    const { titles, header, body } = splitGrid(records)
    for (const title of titles) writer.write('paragraph', title)
    const group = {}
    for (const line of renderTableRows([
      ...(header === undefined ? [] : [toRow(header, true)]),
      ...body.map((row) => toRow(row)),
    ])) {
      writer.write('table-row', line, { group })
    }
    return { title: titles.length === 1 ? titles[0] : undefined }
  },
})

type RecordParser = (content: string, delimiter: string, maxRecords?: number) => readonly (readonly string[])[] | undefined

/** No delimiter that occurs: every line is one cell. */
const NONE = '\u001f'
const DELIMITERS = [',', ';', '\t', '|'] as const
const SAMPLE = { length: 64 * 1024, records: 200 }
/** At least this share of the sampled rows must have the usual number of cells. */
const MIN_REGULAR_SHARE = 0.6
/** A first row of another width is a title, or the delimiter is a part of the cells. */
const ODD_FIRST_ROW = 0.85

/** Spreadsheets write the delimiter into a first line that is no row: `sep=;`. */
function separate(decoded: string): { delimiter?: string; content: string } {
  const declared = /^"?sep=([^\n"])"?\n/i.exec(decoded)
  return declared?.[1] === undefined
    ? { content: decoded }
    : { delimiter: declared[1], content: decoded.slice(declared[0].length) }
}

/** Quotes that were never meant as such must not swallow the rest of the file: then they count as letters. */
async function loadRecordParser(): Promise<RecordParser> {
  const { parse } = await import('csv-parse/sync')
  return (content, delimiter, maxRecords) => {
    for (const quote of ['"', false] as const) {
      try {
        const rows = parse(content, {
          delimiter,
          quote,
          relax_column_count: true,
          relax_quotes: true,
          skip_empty_lines: true,
          ...(maxRecords === undefined ? {} : { to: maxRecords }),
        })
        return rows.map((row) => row.map(settleToOneLine)).filter((row) => row.some((cell) => cell !== ''))
      } catch {
        // Tried again without quotes.
      }
    }
    return undefined
  }
}

/** The delimiter that makes the most regular rows; among equals, the one that makes the most cells. */
function detectDelimiter(content: string, parse: RecordParser): string {
  const sample = wholeLines(content)
  let best = { delimiter: NONE, regularity: MIN_REGULAR_SHARE, width: 1 }
  for (const delimiter of DELIMITERS) {
    const widths = (parse(sample, delimiter, SAMPLE.records) ?? []).map((row) => row.length)
    const width = mostFrequent(widths)
    if (width < 2) continue
    const regularity =
      (widths.filter((each) => each === width).length / widths.length) * (widths[0] === width ? 1 : ODD_FIRST_ROW)
    if (regularity > best.regularity || (regularity === best.regularity && width > best.width)) {
      best = { delimiter, regularity, width }
    }
  }
  return best.delimiter
}

function wholeLines(content: string): string {
  if (content.length <= SAMPLE.length) return content
  const end = content.lastIndexOf('\n', SAMPLE.length)
  return end === -1 ? content.slice(0, SAMPLE.length) : content.slice(0, end)
}

function mostFrequent(numbers: readonly number[]): number {
  const counts = new Map<number, number>()
  for (const number of numbers) counts.set(number, (counts.get(number) ?? 0) + 1)
  return [...counts].sort((left, right) => right[1] - left[1] || right[0] - left[0])[0]?.[0] ?? 0
}

function toRow(cells: readonly string[], isHeader = false) {
  return { isHeader, cells: cells.map((text) => ({ text, isHeader, columns: 1, rows: 1 })) }
}
