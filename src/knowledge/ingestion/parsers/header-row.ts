/** Judges where a plain grid of cells begins: titles above it, its header row. Knows cells as text; knows no format. */

export interface GridParts {
  /** Rows of a single cell above a wider table: its titles. */
  readonly titles: readonly string[]
  readonly header: readonly string[] | undefined
  readonly body: readonly (readonly string[])[]
}

/** More lonely cells than this are a column, not titles. */
const MAX_TITLES = 5
/** A longer cell is prose, not a header. */
const MAX_HEADER_LENGTH = 120
/** The rows that say of which kind a column is. */
const JUDGED_ROWS = 50
const YEAR = /^(?:19|20)\d\d$/
const NUMBER = /^[-+(]?[\p{Sc}\s]*\d[\d\s.,'’]*(?:[eE][-+]?\d+)?[\p{Sc}\s%)]*$/u

/** @param rows trimmed cells; rows may have different lengths, empty cells are empty strings */
export function splitGrid(rows: readonly (readonly string[])[]): GridParts {
  const titleCount = countTitles(rows)
  const titles = rows.slice(0, titleCount).map((row) => row.find((cell) => cell !== '') ?? '')
  const [first, ...rest] = rows.slice(titleCount)
  if (first === undefined) return { titles, header: undefined, body: [] }
  return isHeader(first, rest) ? { titles, header: first, body: rest } : { titles, header: undefined, body: [first, ...rest] }
}

function countTitles(rows: readonly (readonly string[])[]): number {
  const filled = rows.slice(0, MAX_TITLES + 1).map((row) => row.filter((cell) => cell !== '').length)
  const table = filled.findIndex((count) => count > 1)
  return table === -1 ? 0 : table
}

/** Distinct short labels above at least one row; where they are numbers themselves, no header. A first cell may be empty. */
function isHeader(first: readonly string[], rest: readonly (readonly string[])[]): boolean {
  const width = lastFilled(first) + 1
  if (width < 2 || rest.length === 0) return false
  const labels = first.slice(0, width)
  const named = labels[0] === '' ? labels.slice(1) : labels
  if (named.some((label) => label === '' || label.length > MAX_HEADER_LENGTH)) return false
  if (new Set(named).size < named.length) return false
  if (labels.every((label) => !isNumber(label) || YEAR.test(label)) && !labels.every((label) => YEAR.test(label))) return true
  return labels.some((label, column) => label !== '' && !isNumber(label) && isNumberColumn(rest, column))
}

function isNumberColumn(rows: readonly (readonly string[])[], column: number): boolean {
  const cells = rows.slice(0, JUDGED_ROWS).flatMap((row) => row[column] ?? '')
  const filled = cells.filter((cell) => cell !== '')
  return filled.length > 0 && filled.filter(isNumber).length * 2 > filled.length
}

function isNumber(cell: string): boolean {
  return NUMBER.test(cell)
}

function lastFilled(row: readonly string[]): number {
  return row.findLastIndex((cell) => cell !== '')
}
