/** Judges which row of a sheet names the columns below it. Knows cells; writes nothing. */
import type { SheetCell, SheetRow } from './sheet.ts'

/** A first row of longer cells is prose, not headers. */
const MAX_HEADER_LENGTH = 60
/** Cells that are looked at: the rest is as they are. */
const MAX_JUDGED = 100
/** Rows below that are looked at. */
const MAX_FOLLOWING = 3
/** Years name columns although they are numbers. */
const YEAR = /^(?:19|20)\d\d$/

/**
 * Short, different texts above values of other kinds, or set in bold unlike what follows, or three and more without a digit.
 * Two columns need two rows of values: a list of names and values looks the same at its first row.
 */
export function looksLikeHeader(rows: readonly SheetRow[], index: number): boolean {
  const cells = rows[index]?.cells.slice(0, MAX_JUDGED) ?? []
  const following = followingRows(rows, index)
  const isLabelled = cells.every((cell) => cell.text.length <= MAX_HEADER_LENGTH && (cell.isText || YEAR.test(cell.text)))
  if (cells.length < 2 || following.length === 0 || !isLabelled || !cells.some((cell) => cell.isText)) return false
  if (new Set(cells.map((cell) => cell.text)).size < cells.length) return false
  if (cells.every((cell) => cell.isBold) && following.some((row) => !row.cells.every((cell) => cell.isBold))) return true
  if (following.length >= (cells.length === 2 ? 2 : 1) && cells.some((cell) => headsValues(cell, following))) return true
  return cells.length >= 3 && cells.every((cell) => !/\p{N}/u.test(cell.text))
}

function followingRows(rows: readonly SheetRow[], index: number): readonly SheetRow[] {
  const found: SheetRow[] = []
  for (let at = index + 1; at < rows.length && found.length < MAX_FOLLOWING; at++) {
    const [before, row] = [rows[at - 1], rows[at]]
    if (before === undefined || row === undefined || row.row > before.lastRow + 1) break
    if (row.cells.length > 1) found.push(row)
  }
  return found
}

function headsValues(header: SheetCell, following: readonly SheetRow[]): boolean {
  return following.every((row) => {
    const below = row.cells.slice(0, MAX_JUDGED).find((cell) => cell.column === header.column)
    return below !== undefined && !below.isText
  })
}
