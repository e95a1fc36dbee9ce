/** Where each row of a list stands in it, by its row id. Knows how LanceDB numbers rows; knows nothing of what they hold. */

const OFFSETS = 2 ** 32

/** Fragments number their rows densely, so that a table for each beats hashing several times. */
export class RowPlaces {
  /** By fragment; by offset the place, plus one. */
  readonly #fragments = new Map<number, Int32Array>()

  /** @param rows row ids, each once */
  constructor(rows: Float64Array) {
    const lengths = new Map<number, number>()
    for (const row of rows) {
      const fragment = Math.floor(row / OFFSETS)
      lengths.set(fragment, Math.max(lengths.get(fragment) ?? 0, (row % OFFSETS) + 1))
    }
    for (const [fragment, length] of lengths) this.#fragments.set(fragment, new Int32Array(length))
    for (let place = 0; place < rows.length; place++) {
      const row = rows[place] ?? 0
      const places = this.#fragments.get(Math.floor(row / OFFSETS))
      if (places !== undefined) places[row % OFFSETS] = place + 1
    }
  }

  /** @returns -1 for a row that is not in the list */
  placeOf(row: number): number {
    return (this.#fragments.get(Math.floor(row / OFFSETS))?.[row % OFFSETS] ?? 0) - 1
  }
}
