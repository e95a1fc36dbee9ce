/** Rows of cells that stand in columns on a page, as text. Knows no geometry: how many cells a row has is all that is left of it. */
import { splitGrid } from './header-row.ts'
import { renderTableRows } from './table-rows.ts'

/** The first row heads the others where all have as many cells; a hole would move values under the wrong header. */
export function renderPdfTable(rows: readonly (readonly string[])[]): readonly string[] {
  const isRegular = rows.every((row) => row.length === rows[0]?.length)
  const header = isRegular ? splitGrid(rows).header : undefined
  return renderTableRows(
    rows.map((row, index) => ({
      isHeader: index === 0 && header !== undefined,
      cells: row.map((text) => ({ text, isHeader: false, columns: 1, rows: 1 })),
    })),
  )
}
