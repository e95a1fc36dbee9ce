/** Places as the index stores them and as chunks span them. Knows how cells are counted; knows no format. */
import type { Place, PlaceFields } from '../contracts/place.ts'

/** @returns the empty text for no place */
export function encodePlace(place: Place | undefined): string {
  return place === undefined ? '' : JSON.stringify(place)
}

/** @param text as encodePlace made it */
export function decodePlace(text: string): Place | undefined {
  return text === '' ? undefined : (JSON.parse(text) as Place)
}

/** Slides, sheets and attachments stand for themselves: what is headed on one says nothing about the next. Pages only break the flow of text. */
export function isSeparatePart(before: Place | undefined, after: Place | undefined): boolean {
  return partOf(before) !== partOf(after)
}

function partOf({ part = '', slide, sheet }: PlaceFields = {}): string {
  return JSON.stringify([part, slide, sheet])
}

/** @returns the first place; cells of one sheet become the smallest range that holds both ends */
export function spanPlaces(first: Place | undefined, last: Place | undefined): Place | undefined {
  if (first === undefined || last === undefined) return first
  const [start, end]: readonly PlaceFields[] = [first, last]
  if (start?.cells === undefined || end?.cells === undefined || isSeparatePart(first, last)) return first
  const corners = `${start.cells}:${end.cells}`.split(':').map(readCell)
  const [columns, rows] = [corners.map((corner) => corner.column), corners.map((corner) => corner.row)]
  const [left, right] = [Math.min(...columns), Math.max(...columns)]
  const cells = cellRange(Math.min(...rows), left, Math.max(...rows), right)
  return { ...first, cells } as Place
}

/** @returns A1 notation of a cell or a range; rows and columns count from 1 */
export function cellRange(top: number, left: number, bottom: number, right: number): string {
  const [first, last] = [columnLetters(left) + top, columnLetters(right) + bottom]
  return first === last ? first : `${first}:${last}`
}

export interface CellPosition {
  readonly row: number
  readonly column: number
}

/** @returns row and column of `B2` (2, 2); zeros for what is no cell */
export function readCell(name: string): CellPosition {
  let column = 0
  let at = 0
  for (; at < name.length; at++) {
    const letter = (name.codePointAt(at) ?? 0) & ~32
    if (letter < 65 || letter > 90) break
    column = column * 26 + letter - 64
  }
  const row = Number(name.slice(at))
  return column > 0 && Number.isInteger(row) && row > 0 ? { row, column } : { row: 0, column: 0 }
}

function columnLetters(column: number): string {
  let letters = ''
  for (let left = column; left > 0; left = Math.floor((left - 1) / 26))
    letters = String.fromCodePoint(65 + ((left - 1) % 26)) + letters
  return letters
}
