/** The scope of every row of one version, in memory: reading the column of 200,000 rows takes 3 ms. Knows scopes; decides nothing. */
import type { AdmittedScopes } from '../../foundation/storage/index-shape.ts'
import { RowPlaces } from './row-places.ts'

/** Enough to tell a share of one in a thousand, in a tenth of a millisecond. */
const SAMPLED_ROWS = 20_000

export class RowScopes {
  readonly rows: Float64Array
  /** By the place of the row in `rows`. */
  readonly scopes: Int32Array
  #places: RowPlaces | undefined

  /** @param rows row ids, each once @param scopes as many */
  constructor(rows: Float64Array, scopes: Int32Array) {
    this.rows = rows
    this.scopes = scopes
  }

  /** @returns nothing for a row that the version does not have */
  scopeOf(row: number): number | undefined {
    this.#places ??= new RowPlaces(this.rows)
    return this.scopes[this.#places.placeOf(row)]
  }

  /** About how many of the rows lie in these scopes, in [0, 1]: of all where they are few, else of evenly spread ones. */
  shareOf(admitted: AdmittedScopes): number {
    const step = Math.max(1, Math.floor(this.scopes.length / SAMPLED_ROWS))
    let [looked, found] = [0, 0]
    for (let place = 0; place < this.scopes.length; place += step) {
      looked++
      if (admitted.has(this.scopes[place] ?? 0)) found++
    }
    return looked === 0 ? 0 : found / looked
  }
}
