/** Writes a sheet: its name, titles, tables as `Header: cell`, notes, each with its cells. Knows no format. */
import type { Place } from '../../../contracts/place.ts'
import { cellRange } from '../../document-place.ts'
import type { BlockWriter } from './block-writer.ts'
import type { CellRange, Sheet, SheetCell, SheetRow } from './sheet.ts'
import { looksLikeHeader } from './sheet-header.ts'
import { SheetMerges } from './sheet-merges.ts'

/** A header that spans more columns is a banner. */
const MAX_HEADER_SPAN = 100

/** Sheets that show nothing are not written. */
export function writeSheet(sheet: Sheet, writer: BlockWriter): void {
  const [first] = sheet.rows
  const [note] = sheet.notes
  if (first === undefined && note === undefined) return
  const walk = new SheetWalk(sheet, writer)
  walk.heading(first?.row ?? note?.row ?? 1, first?.cells[0]?.column ?? note?.column ?? 1)
  for (const index of sheet.rows.keys()) walk.row(index)
  walk.notes()
}

interface Header {
  readonly text: string
  /** The last row that it heads. */
  readonly lastRow: number
}

class SheetWalk {
  readonly #sheet: Sheet
  readonly #writer: BlockWriter
  readonly #merges: SheetMerges
  readonly #tables: ReadonlyMap<number, readonly CellRange[]>
  #headers = new Map<number, Header>()
  /** Rows of one table. */
  #group = {}
  /** The row before headed spanned columns: this one goes on with it. */
  #headerGoesOn = false

  constructor(sheet: Sheet, writer: BlockWriter) {
    this.#sheet = sheet
    this.#writer = writer
    this.#merges = new SheetMerges(sheet.merges)
    this.#tables = Map.groupBy(sheet.tables, (table) => table.top)
  }

  heading(row: number, column: number): void {
    this.#writer.write('heading', this.#sheet.name, { level: 2, place: this.#place(row, column, row, column) })
  }

  row(index: number): void {
    const { rows } = this.#sheet
    const row = rows[index]
    if (row === undefined) return
    const isApart = index === 0 || row.row > (rows[index - 1]?.lastRow ?? 0) + 1
    const cells = this.#merges.carry(row)
    const declared = this.#tables.get(row.row)
    if (declared !== undefined) return this.#declaredHeader(row, cells, declared)
    if (this.#headerGoesOn) return this.#header(row, cells)
    if ((isApart || this.#headers.size === 0) && (looksLikeHeader(rows, index) || this.#isBanner(index))) {
      this.#headers = new Map()
      return this.#header(row, cells)
    }
    if (row.cells.length === 1 && (isApart || this.#headers.size === 0 || this.#merges.spansColumns(row.row)))
      return this.#title(row, isApart)
    this.#body(row, cells)
  }

  /** Texts over several columns, right above the row that names each of them. */
  #isBanner(index: number): boolean {
    const [row, next] = this.#sheet.rows.slice(index, index + 2)
    const [first] = row?.cells ?? []
    if (row === undefined || first === undefined || next?.row !== row.lastRow + 1) return false
    if (!this.#merges.spansColumns(row.row) || !looksLikeHeader(this.#sheet.rows, index + 1)) return false
    return row.cells.length > 1 || first.column > (next.cells[0]?.column ?? 0)
  }

  notes(): void {
    for (const { row, column, text } of this.#sheet.notes)
      this.#writer.write('paragraph', text, { place: this.#place(row, column, row, column) })
  }

  #declaredHeader(row: SheetRow, cells: readonly SheetCell[], tables: readonly CellRange[]): void {
    const inside = (cell: SheetCell): CellRange | undefined =>
      tables.find((table) => cell.column >= table.left && cell.column <= table.right)
    for (const cell of cells) {
      const table = inside(cell)
      if (table !== undefined) this.#headers.set(cell.column, { text: cell.text, lastRow: table.bottom })
    }
    this.#group = {}
    const beside = cells.filter((cell) => inside(cell) === undefined)
    if (beside.length > 0) this.#body(row, beside)
  }

  /** Texts over several columns head each of them, together with what stands below. */
  #header(row: SheetRow, cells: readonly SheetCell[]): void {
    let spans = false
    for (const cell of cells) {
      const right = this.#merges.rightEnd(row.row, cell.column)
      spans ||= right > cell.column
      for (let column = cell.column; column <= Math.min(right, cell.column + MAX_HEADER_SPAN); column++) {
        const above = this.#headers.get(column)?.text ?? ''
        const text = above === '' || above === cell.text ? cell.text : `${above} ${cell.text}`
        this.#headers.set(column, { text, lastRow: Number.POSITIVE_INFINITY })
      }
    }
    this.#headerGoesOn = spans && !this.#headerGoesOn
    this.#group = {}
  }

  #title(row: SheetRow, endsTable: boolean): void {
    if (endsTable) this.#headers = new Map()
    this.#group = {}
    for (const cell of row.cells)
      this.#writer.write('paragraph', cell.text, { place: this.#place(row.row, cell.column, row.lastRow, cell.column) })
  }

  #body(row: SheetRow, cells: readonly SheetCell[]): void {
    const [first, last] = [cells[0], cells.at(-1)]
    if (first === undefined || last === undefined) return
    const place = this.#place(row.row, first.column, row.lastRow, last.column)
    this.#writer.write('table-row', this.#render(row, cells), { group: this.#group, place })
  }

  #render(row: SheetRow, cells: readonly SheetCell[]): string {
    const headed = cells.map((cell) => {
      const header = this.#headers.get(cell.column)
      const text = header === undefined || header.lastRow < row.row ? '' : header.text.replace(/:$/, '')
      return text === '' || text === cell.text ? cell.text : `${text}: ${cell.text}`
    })
    const [name, value] = cells
    // A list of names and values has its headers in the first column.
    if (this.#headers.size === 0 && cells.length === 2 && name?.isText === true)
      return `${name.text.replace(/:$/, '')}: ${value?.text}`
    return headed.join('; ')
  }

  #place(top: number, left: number, bottom: number, right: number): Place {
    return { sheet: this.#sheet.name, cells: cellRange(top, left, bottom, right) }
  }
}
