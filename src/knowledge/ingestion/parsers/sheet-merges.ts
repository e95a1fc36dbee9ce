/** Merged cells while the rows of a sheet go by: what reaches into a row from above, and how far a cell spans. Knows no format. */
import type { CellRange, SheetCell, SheetRow } from './sheet.ts'

/** More at once are layout tricks or attacks. */
const MAX_OPEN = 1000

interface OpenMerge {
  readonly range: CellRange
  /** What the merged cell shows, once its row has gone by. */
  readonly cell: SheetCell | undefined
}

export class SheetMerges {
  readonly #waiting: CellRange[]
  #open: OpenMerge[] = []

  constructor(merges: readonly CellRange[]) {
    this.#waiting = merges.toSorted((left, right) => right.top - left.top)
  }

  /**
   * Rows must come in ascending order.
   * @returns the row's cells, and those that reach into it from above, by ascending column
   */
  carry(row: SheetRow): readonly SheetCell[] {
    this.#open = this.#open.filter(({ range }) => range.bottom >= row.row)
    const own = new Map(row.cells.map((cell) => [cell.column, cell]))
    const carried = this.#open.flatMap(({ cell }) => (cell === undefined || own.has(cell.column) ? [] : [cell]))
    for (let next = this.#waiting.at(-1); next !== undefined && next.top <= row.row; next = this.#waiting.at(-1)) {
      this.#waiting.pop()
      if (next.bottom >= row.row && this.#open.length < MAX_OPEN)
        this.#open.push({ range: next, cell: next.top === row.row ? own.get(next.left) : undefined })
    }
    if (carried.length === 0) return row.cells
    return [...row.cells, ...carried].sort((left, right) => left.column - right.column)
  }

  /** The last column that the cell fills; for the row that was carried last. */
  rightEnd(row: number, column: number): number {
    return this.#open.find(({ range }) => range.top === row && range.left === column)?.range.right ?? column
  }

  /** Whether some cell of the row that was carried last fills several columns. */
  spansColumns(row: number): boolean {
    return this.#open.some(({ range }) => range.top === row && range.right > range.left)
  }
}
