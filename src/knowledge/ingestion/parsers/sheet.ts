/** A sheet as any spreadsheet format yields it: only cells that hold something, so that size follows content. Knows no format. */
import type { ParserInput } from '../../../contracts/parser.ts'
import { TouchstoneError } from '../../../foundation/errors/touchstone-error.ts'
import { readCell } from '../../document-place.ts'
import { settleToOneLine } from './inline-text.ts'

export interface SheetCell {
  /** From 1. */
  readonly column: number
  /** As people see it, on one line; never empty. */
  readonly text: string
  /** Not a number, date or truth value. */
  readonly isText: boolean
  readonly isBold: boolean
}

export interface SheetRow {
  /** From 1. */
  readonly row: number
  /** Beyond `row` when equal rows follow. */
  readonly lastRow: number
  /** By ascending column; at least one. */
  readonly cells: readonly SheetCell[]
}

/** All ends count. */
export interface CellRange {
  readonly top: number
  readonly left: number
  readonly bottom: number
  readonly right: number
}

/** A note or a text box: what stands beside the cells. */
export interface CellNote {
  readonly row: number
  readonly column: number
  readonly text: string
}

export interface Sheet {
  readonly name: string
  /** By ascending row. */
  readonly rows: readonly SheetRow[]
  readonly merges: readonly CellRange[]
  /** Tables that the file declares: their top row names their columns. */
  readonly tables: readonly CellRange[]
  readonly notes: readonly CellNote[]
}

/** The last cell of a sheet is XFD1048576. */
const MAX_ROWS = 1_048_576
const MAX_COLUMNS = 16_384

/** Files name cells that no sheet has. @param cell counted from 1 */
export function liesOnSheet({ row, column }: { readonly row: number; readonly column: number }): boolean {
  return row >= 1 && row <= MAX_ROWS && column >= 1 && column <= MAX_COLUMNS
}

/** Most cells are settled as they are, and there are many. */
const UNSETTLED = /[\t\n\r\f\u0000]|  |^\s|\s$/ // oxlint-disable-line no-control-regex

/** Collects the cells of one row, and the rows of a sheet, whatever order and holes the file has. */
export class SheetRows {
  readonly #rows = new Map<number, { lastRow: number; cells: SheetCell[] }>()
  readonly #onText: (length: number) => void

  /** @param onText hears the length of each cell's text, and may refuse more by throwing */
  constructor(onText: (length: number) => void) {
    this.#onText = onText
  }

  /** What shows nothing or lies beyond a sheet's end is left out. */
  add(row: number, cell: SheetCell, lastRow = row): void {
    const text = UNSETTLED.test(cell.text) ? settleToOneLine(cell.text) : cell.text
    if (text === '' || !liesOnSheet({ row, column: cell.column })) return
    this.#onText(text.length)
    const kept = text === cell.text ? cell : { ...cell, text }
    const known = this.#rows.get(row)
    if (known === undefined) this.#rows.set(row, { lastRow: Math.min(lastRow, MAX_ROWS), cells: [kept] })
    else known.cells.push(kept)
  }

  inOrder(): readonly SheetRow[] {
    const rows = [...this.#rows].map(([row, { lastRow, cells }]) => ({
      row,
      lastRow,
      cells: cells.sort((left, right) => left.column - right.column),
    }))
    return rows.sort((left, right) => left.row - right.row)
  }
}

/** @returns nothing for what is no range, as `A1:B` */
export function readRange(ref: string): CellRange | undefined {
  const [first = '', last = first] = ref.split(':')
  const [start, end] = [readCell(first), readCell(last)]
  if (start.row === 0 || end.row === 0) return undefined
  return { top: start.row, left: start.column, bottom: end.row, right: end.column }
}

/** @returns what hears the length of each cell's text and refuses more than allowed: rows are written only when all are read */
export function limitText({ path, limits }: ParserInput): (length: number) => void {
  let length = 0
  return (added) => {
    length += added
    if (length > limits.maxTextLength)
      throw new TouchstoneError('DOCUMENT_TOO_LARGE', { details: { path, limit: limits.maxTextLength, unit: 'characters' } })
  }
}
