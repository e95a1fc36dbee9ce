/** Renders a table's rows readably: `Header: cell; Header: cell`. Knows nothing of where the table came from. */

export interface TableCell {
  readonly text: string
  readonly isHeader: boolean
  readonly columns: number
  readonly rows: number
  /** All of its text; where the format does not say, no cell is. */
  readonly isBold?: boolean
}

export interface TableRow {
  readonly cells: readonly TableCell[]
  /** The format marks the row as a header row. */
  readonly isHeader: boolean
}

/** A first row of longer cells is prose, not headers. */
const MAX_HEADER_LENGTH = 60
/** Spans beyond this are layout tricks or attacks. */
const MAX_SPAN = 100

/** @returns one line for each body row; header rows are not among them. Cells that span rows are repeated in each. */
export function renderTableRows(rows: readonly TableRow[]): readonly string[] {
  const grid = layOut(rows)
  const headerRows = countHeaderRows(rows)
  const headers = mergeHeaders(grid.slice(0, headerRows))
  const body = grid.slice(headerRows)
  // A table of headers only still has something to say.
  const lines = (body.length > 0 ? body : grid).map((row) => renderRow(row, body.length > 0 ? headers : []))
  return lines.filter((line) => line !== '')
}

/** Where no row and no cell is marked as header, a first row that looks like one becomes one. */
export function markHeader(rows: readonly TableRow[]): readonly TableRow[] {
  const [first, second] = rows
  const isMarked = rows.some((row) => row.isHeader || row.cells.some((cell) => cell.isHeader))
  if (isMarked || first === undefined || second === undefined || !looksLikeHeader(first.cells, second.cells)) return rows
  return [{ ...first, isHeader: true }, ...rows.slice(1)]
}

/** Short, distinct, filled cells that are set in bold unlike the next row, or at least three of them without a digit. */
function looksLikeHeader(first: readonly TableCell[], second: readonly TableCell[]): boolean {
  const isLabelled = first.every((cell) => cell.text !== '' && cell.text.length <= MAX_HEADER_LENGTH && cell.columns === 1)
  if (!isLabelled || new Set(first.map((cell) => cell.text)).size < first.length || first.length < 2) return false
  if (first.every((cell) => cell.isBold === true) && !second.every((cell) => cell.isBold === true)) return true
  return first.length >= 3 && first.every((cell) => !/\p{N}/u.test(cell.text))
}

type GridRow = readonly (TableCell | undefined)[]

function layOut(rows: readonly TableRow[]): readonly GridRow[] {
  const grid: (TableCell | undefined)[][] = rows.map(() => [])
  for (const [rowIndex, row] of rows.entries()) {
    let column = 0
    for (const cell of row.cells) {
      while (grid[rowIndex]?.[column] !== undefined) column++
      const lastRow = Math.min(rows.length, rowIndex + Math.min(cell.rows, MAX_SPAN))
      for (let below = rowIndex; below < lastRow; below++) {
        const target = grid[below]
        if (target !== undefined) target[column] = cell
      }
      column += Math.max(1, Math.min(cell.columns, MAX_SPAN))
    }
  }
  return grid
}

function countHeaderRows(rows: readonly TableRow[]): number {
  let count = 0
  for (const row of rows) {
    if (!row.isHeader && !(count === 0 && row.cells.length > 1 && row.cells.every((cell) => cell.isHeader))) break
    count++
  }
  return count
}

function mergeHeaders(rows: readonly GridRow[]): readonly string[] {
  const width = Math.max(0, ...rows.map((row) => row.length))
  return Array.from({ length: width }, (_, column) => {
    const parts = rows.map((row) => nearestToTheLeft(row, column)).filter((part) => part !== '')
    return [...new Set(parts)].join(' ').replace(/:$/, '')
  })
}

/** A header that spans columns heads each of them. */
function nearestToTheLeft(row: GridRow, column: number): string {
  for (let index = column; index >= 0; index--) {
    const cell = row[index]
    if (cell !== undefined) return index + cell.columns > column ? cell.text : ''
  }
  return ''
}

function renderRow(row: GridRow, headers: readonly string[]): string {
  if (headers.length === 0 && row[0]?.isHeader === true) return renderHeadedRow(row[0], row.slice(1))
  const parts: string[] = []
  for (const [column, cell] of row.entries()) {
    if (cell === undefined || cell.text === '') continue
    const header = headers[column] ?? ''
    parts.push(header === '' || header === cell.text ? cell.text : `${header}: ${cell.text}`)
  }
  return parts.join('; ')
}

/** A table without header row whose rows begin with their own header: `Header: cell; cell`. */
function renderHeadedRow(head: TableCell, rest: GridRow): string {
  const cells = rest.flatMap((cell) => (cell === undefined || cell.text === '' ? [] : [cell.text]))
  if (head.text === '' || cells.length === 0) return [head.text, ...cells].filter((text) => text !== '').join('; ')
  return `${head.text.replace(/:$/, '')}: ${cells.join('; ')}`
}
