/** Directions held in memory one after the other, and how near each of them is to another. Knows slots; knows nothing of rows or permissions. */
import { createDotKernel, createWasmMemory, type DotKernel } from './dot-kernel.ts'

/** WebAssembly's unit of memory. */
const PAGE = 65_536
const LANES = 16
/** Slots given to the kernel at once. */
const BLOCK = 4_096
const MOST_DIMENSIONS = 4_096
const QUERY_AT = 0
const SLOTS_AT = QUERY_AT + MOST_DIMENSIONS * 2
const RESULTS_AT = SLOTS_AT + BLOCK * 4
const ROWS_AT = PAGE
const LARGEST_VALUE = 127
const LARGEST_INT16 = 32_767
const GROWTH = 1.25

/** The product of two vectors must fit into 32 bits: beyond so many dimensions too little would be left of the query. */
export const MATRIX_DIMENSIONS = MOST_DIMENSIONS

export class DirectionMatrix {
  readonly #dimensions: number
  /** Bytes of a row: dimensions filled up with zeros to whole vectors of the processor. */
  readonly #stride: number
  readonly #memory = createWasmMemory(1)
  readonly #dots: DotKernel
  #lengths = new Float32Array(1_024)
  #count = 0

  constructor(dimensions: number) {
    this.#dimensions = dimensions
    this.#stride = Math.ceil(dimensions / LANES) * LANES
    this.#dots = createDotKernel(this.#memory)
  }

  get count(): number {
    return this.#count
  }

  /** @param rows any number of directions one after the other @returns the slot of the first; the others follow */
  append(rows: Int8Array): number {
    const first = this.#count
    const added = rows.length / this.#dimensions
    this.#reserve(first + added)
    const bytes = new Int8Array(this.#memory.buffer)
    for (let row = 0; row < added; row++) {
      const values = rows.subarray(row * this.#dimensions, (row + 1) * this.#dimensions)
      bytes.set(values, ROWS_AT + (first + row) * this.#stride)
      let squares = 0
      for (const value of values) squares += value * value
      this.#lengths[first + row] = Math.sqrt(squares)
    }
    this.#count += added
    return first
  }

  /** Whether the slot holds a direction: all zeros are none. */
  hasDirection(slot: number): boolean {
    return (this.#lengths[slot] ?? 0) > 0
  }

  /**
   * Calls `visit` with the cosine of each kept slot's direction with the query, to some 0.0001, in the order of the slots; not at all when
   * the query has no direction. Nothing as long as `slots` is made: of a million rows, that would take as long as comparing them.
   * @param keeps of the place in `slots`; none of those kept may be without direction
   */
  compare(
    query: Float32Array,
    slots: Int32Array,
    keeps: (place: number) => boolean,
    visit: (place: number, cosine: number) => void,
  ): void {
    const scale = this.#writeQuery(query)
    if (scale === 0) return
    const block = new Int32Array(this.#memory.buffer, SLOTS_AT, BLOCK)
    const results = new Int32Array(this.#memory.buffer, RESULTS_AT, BLOCK)
    const places = new Int32Array(BLOCK)
    const lengths = this.#lengths
    for (let place = 0; place < slots.length;) {
      let count = 0
      for (; count < BLOCK && place < slots.length; place++) {
        if (!keeps(place)) continue
        block[count] = slots[place] ?? 0
        places[count++] = place
      }
      if (count === 0) return
      this.#dots(SLOTS_AT, count, this.#stride, QUERY_AT, ROWS_AT, RESULTS_AT)
      for (let at = 0; at < count; at++) {
        const cosine = (scale * (results[at] ?? 0)) / (lengths[block[at] ?? 0] ?? 1)
        visit(places[at] ?? 0, Math.fround(Math.max(-1, Math.min(1, cosine))))
      }
    }
  }

  /** @returns what a dot product is multiplied with to be one with the query's direction; 0 when it has none */
  #writeQuery(query: Float32Array): number {
    const values = new Int16Array(this.#memory.buffer, QUERY_AT, this.#stride).fill(0)
    const largest = query.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
    if (largest === 0) return 0
    const finest = Math.min(LARGEST_INT16, Math.floor(2 ** 31 / (LARGEST_VALUE * this.#dimensions)) - 1)
    let squares = 0
    for (const [at, value] of query.entries()) {
      const rounded = Math.round((value / largest) * finest)
      values[at] = rounded
      squares += rounded * rounded
    }
    return 1 / Math.sqrt(squares)
  }

  #reserve(count: number): void {
    const [held, needed] = [this.#memory.buffer.byteLength, ROWS_AT + count * this.#stride]
    if (needed > held) this.#memory.grow(Math.ceil((Math.max(needed, held * GROWTH) - held) / PAGE))
    if (count <= this.#lengths.length) return
    const lengths = new Float32Array(Math.max(count, Math.ceil(this.#lengths.length * GROWTH)))
    lengths.set(this.#lengths)
    this.#lengths = lengths
  }
}
