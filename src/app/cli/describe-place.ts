/** A citation's place in words, as it follows the document's name. Knows nothing of terminals. */
import type { PlaceFields } from '../../contracts/place.ts'

/** @returns `, page 3`, `, slide 4`, `, Budget!A2:F9`, each after its `, attachment rates.xlsx`, or nothing where the format has no places */
export function describePlace(place: PlaceFields): string {
  return (place.attachment === undefined ? '' : `, attachment ${place.attachment}`) + describeOwnPlace(place)
}

function describeOwnPlace({ page, slide, sheet, cells }: PlaceFields): string {
  if (page !== undefined) return `, page ${page}`
  if (slide !== undefined) return `, slide ${slide}`
  return sheet === undefined ? '' : `, ${sheet}!${cells ?? ''}`
}
