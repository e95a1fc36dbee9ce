/** Sorts the values of each feature into few bins, so that the best split is found by counting. Knows numbers only. */

export interface BinnedFeatures {
  /** Per feature: the bin of each row. */
  readonly bins: readonly Uint8Array[]
  /** Per feature: a row lies in bin b or below exactly where its value is at most threshold b. The last bin has none. */
  readonly thresholds: readonly Float64Array[]
}

/**
 * Bins hold about equally many rows; equal values share one. A feature that is the same everywhere has no threshold.
 * @param features rows times `width`, row by row; every value finite
 * @param most bins of a feature, 2..256
 */
export function binFeatures(features: Float64Array, width: number, most: number): BinnedFeatures {
  const rows = features.length / width
  const bins: Uint8Array[] = []
  const thresholds: Float64Array[] = []
  for (let feature = 0; feature < width; feature++) {
    const column = new Float64Array(rows)
    for (let row = 0; row < rows; row++) column[row] = features[row * width + feature] as number
    const edges = edgesOf(column.toSorted(), most)
    thresholds.push(edges)
    bins.push(Uint8Array.from(column, (value) => binOf(value, edges)))
  }
  return { bins, thresholds }
}

/** @param sorted ascending */
function edgesOf(sorted: Float64Array, most: number): Float64Array {
  const edges: number[] = []
  let begin = 0
  for (let at = 1; at < sorted.length; at++) {
    const [before, value] = [sorted[at - 1] as number, sorted[at] as number]
    // What is left is shared among the bins that are left, so that one very frequent value costs one bin.
    const share = (sorted.length - begin) / (most - edges.length)
    if (value === before || at - begin < share || edges.length === most - 1) continue
    edges.push(shortestBetween(before, value))
    begin = at
  }
  return fewValues(sorted, most) ?? Float64Array.from(edges)
}

/** An edge between each two values, when there are few enough. */
function fewValues(sorted: Float64Array, most: number): Float64Array | undefined {
  const edges: number[] = []
  for (let at = 1; at < sorted.length; at++) {
    const [before, value] = [sorted[at - 1] as number, sorted[at] as number]
    if (value !== before) edges.push(shortestBetween(before, value))
    if (edges.length >= most) return undefined
  }
  return Float64Array.from(edges)
}

/** The shortest decimal number in [low, high): models are read by people and kept in files. */
function shortestBetween(low: number, high: number): number {
  const middle = low + (high - low) / 2
  for (let digits = 1; digits < 17; digits++) {
    const rounded = Number(middle.toPrecision(digits))
    if (rounded >= low && rounded < high) return rounded
  }
  return low
}

/** The first bin whose edge is not below the value. */
function binOf(value: number, edges: Float64Array): number {
  let [low, high] = [0, edges.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((edges[middle] as number) < value) low = middle + 1
    else high = middle
  }
  return low
}
