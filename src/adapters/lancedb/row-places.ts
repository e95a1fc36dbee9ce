/** Where each row of a list stands in it, by its row id. Knows how LanceDB numbers rows; knows nothing of what they hold. */

const OFFSETS = 2 ** 32

/** Fragments number their rows densely, so that a table for each beats hashing several times. */
export class RowPlaces {
  /** By fragment; by offset the place, plus one. */
  readonly #fragments = new Map<number, Int32Array>()

  /** @param rows row ids, each once */
  constructor(rows: Float64Array) {
    for (const [fragment, end] of endsOf(rows)) this.#fragments.set(fragment, new Int32Array(end))
    let number = -1
    let places: Int32Array = new Int32Array(0)
    for (let place = 0; place < rows.length; place++) {
      const [fragment, offset] = split(rows[place] ?? 0)
      if (fragment !== number) {
        number = fragment
        places = this.#fragments.get(fragment) ?? places
      }
      places[offset] = place + 1
    }
  }

  /** @returns -1 for a row that is not in the list */
  placeOf(row: number): number {
    const [fragment, offset] = split(row)
    return (this.#fragments.get(fragment)?.[offset] ?? 0) - 1
  }
}

/** How many offsets each fragment has. Rows of a fragment mostly follow each other, so that it is looked up once. */
function endsOf(rows: Float64Array): ReadonlyMap<number, number> {
  const ends = new Map<number, number>()
  let [number, end] = [-1, 0]
  for (let place = 0; place < rows.length; place++) {
    const [fragment, offset] = split(rows[place] ?? 0)
    if (fragment !== number) {
      ends.set(number, end)
      ;[number, end] = [fragment, ends.get(fragment) ?? 0]
    }
    if (offset >= end) end = offset + 1
  }
  return ends.set(number, end)
}

/** Subtracted, since the remainder of such large numbers takes many times as long. */
function split(row: number): readonly [fragment: number, offset: number] {
  const fragment = Math.floor(row / OFFSETS)
  return [fragment, row - fragment * OFFSETS]
}
