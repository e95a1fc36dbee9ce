/** Adds up what several lists say of the same rows, and finds the best. Knows row numbers and scores; knows nothing of queries. */

/** Row ids and their scores, in no order. */
export interface ScoredRows {
  readonly rows: Float64Array
  readonly scores: Float64Array | Float32Array
}

export interface ScoredList {
  readonly weight: number
  readonly rows: Float64Array
  readonly scores: Float32Array
}

const MIXING = 0x9e3779b1
const NO_ROW = -1
const OFFSETS = 2 ** 32

/** The sum over lists of weight times score, in the order of the lists, so that equal rows get equal sums to the last bit. */
export function sumScores(lists: readonly ScoredList[]): ScoredRows {
  const most = lists.reduce((sum, { rows }) => sum + rows.length, 0)
  const slots = new SlotTable(most)
  const sums = new Float64Array(most)
  for (const { weight, rows, scores } of lists) {
    for (let place = 0; place < rows.length; place++) {
      const slot = slots.slotOf(rows[place] ?? NO_ROW)
      sums[slot] = (sums[slot] ?? 0) + weight * (scores[place] ?? 0)
    }
  }
  return { rows: slots.rows.subarray(0, slots.size), scores: sums.subarray(0, slots.size) }
}

/** The `depth` best rows with their scores, and all that tie with the last of them, so that ids decide and not chance. */
export function bestRows({ rows, scores }: ScoredRows, depth: number): Map<number, number> {
  const cut = depth >= scores.length ? -Infinity : cutOf(scores, depth)
  const best = new Map<number, number>()
  for (let place = 0; place < scores.length; place++) {
    const score = scores[place] ?? 0
    if (score >= cut) best.set(rows[place] ?? NO_ROW, score)
  }
  return best
}

/** The `depth`-th best score, by a heap of the best so far: most of many scores are looked at once. @param depth 1..length */
export function cutOf(scores: Float64Array | Float32Array, depth: number): number {
  const heap = scores.slice(0, depth).sort()
  for (let place = depth; place < scores.length; place++) {
    const score = scores[place] ?? 0
    if (score > (heap[0] ?? 0)) sink(heap, score)
  }
  return heap[0] ?? 0
}

/** The `depth` best of rows that come one by one, and all that tie with the last of them; hardly more is held. */
export class BestSoFar {
  readonly #heap: Float64Array
  readonly #rows: number[] = []
  readonly #scores: number[] = []

  constructor(depth: number) {
    this.#heap = new Float64Array(depth).fill(-Infinity)
  }

  offer(row: number, score: number): void {
    const cut = this.#heap[0] ?? Infinity
    if (score < cut) return
    this.#rows.push(row)
    this.#scores.push(score)
    if (score > cut) sink(this.#heap, score)
  }

  /** Some that better ones have driven out are among them. */
  scored(): ScoredRows {
    return { rows: Float64Array.from(this.#rows), scores: Float64Array.from(this.#scores) }
  }
}

/** Replaces the least of the heap. */
function sink(heap: Float64Array | Float32Array, score: number): void {
  let at = 0
  for (;;) {
    let child = 2 * at + 1
    if (child + 1 < heap.length && (heap[child + 1] ?? 0) < (heap[child] ?? 0)) child++
    const below = heap[child]
    if (below === undefined || below >= score) break
    heap[at] = below
    at = child
  }
  heap[at] = score
}

/** Numbers rows from 0 in the order in which they are first met. A Map does the same, but tens of thousands of rows a search take it milliseconds. */
export class SlotTable {
  readonly rows: Float64Array
  size = 0
  readonly #slots: Int32Array
  readonly #shift: number

  constructor(most: number) {
    const bits = Math.max(4, Math.ceil(Math.log2(most * 2 + 1)))
    this.rows = new Float64Array(most)
    this.#slots = new Int32Array(2 ** bits).fill(NO_ROW)
    this.#shift = 32 - bits
  }

  slotOf(row: number): number {
    const mask = this.#slots.length - 1
    // Offset and fragment both take part: rows of two fragments share their offsets.
    const fragment = Math.floor(row / OFFSETS)
    const mixed = Math.imul(row - fragment * OFFSETS + Math.imul(fragment, MIXING), MIXING)
    for (let place = mixed >>> this.#shift; ; place = (place + 1) & mask) {
      const slot = this.#slots[place] ?? NO_ROW
      if (slot !== NO_ROW && this.rows[slot] !== row) continue
      if (slot !== NO_ROW) return slot
      this.rows[this.size] = row
      this.#slots[place] = this.size
      return this.size++
    }
  }
}
