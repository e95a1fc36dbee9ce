/** Counts gradients by bin and finds the split that gains most. Knows sums; knows nothing of trees. */
import type { BinnedFeatures } from './feature-bins.ts'

export interface TreeOptions {
  /** Leaves of a tree, at most; >= 2. */
  readonly leaves: number
  /** Rows of a leaf, at least. */
  readonly leafRows: number
  /** Added to the curvature of a leaf: the more, the smaller its value. */
  readonly ridge: number
  /** Multiplies what a leaf says, so that later trees can correct it. */
  readonly shrinkage: number
}

export interface GradientSample {
  readonly rows: Int32Array
  readonly gradients: Float64Array
  readonly curvatures: Float64Array
  /** Positions of the features that this tree may look at, ascending. */
  readonly features: readonly number[]
}

/** Sums by feature and bin, three numbers each: gradient, curvature, rows. A feature has room for `BINS`. */
export interface Histogram {
  readonly sums: Float64Array
  readonly gradient: number
  readonly curvature: number
  readonly rows: number
}

export interface Split {
  readonly feature: number
  /** Rows up to this bin go left. */
  readonly bin: number
  readonly gain: number
}

export const BINS = 256
const SLOT = 3

export function histogramOf(data: BinnedFeatures, sample: GradientSample, rows: Int32Array): Histogram {
  const sums = new Float64Array(sample.features.length * BINS * SLOT)
  for (const [at, feature] of sample.features.entries()) {
    countColumn(sums.subarray(at * BINS * SLOT, (at + 1) * BINS * SLOT), data.bins[feature] ?? new Uint8Array(), sample, rows)
  }
  let [gradient, curvature] = [0, 0]
  for (const row of rows) {
    gradient += sample.gradients[row] as number
    curvature += sample.curvatures[row] as number
  }
  return { sums, gradient, curvature, rows: rows.length }
}

function countColumn(sums: Float64Array, column: Uint8Array, { gradients, curvatures }: GradientSample, rows: Int32Array): void {
  for (let at = 0; at < rows.length; at++) {
    const row = rows[at] as number
    const slot = (column[row] as number) * SLOT
    sums[slot] = (sums[slot] as number) + (gradients[row] as number)
    sums[slot + 1] = (sums[slot + 1] as number) + (curvatures[row] as number)
    sums[slot + 2] = (sums[slot + 2] as number) + 1
  }
}

/** What the other child has. */
export function remainderOf(whole: Histogram, part: Histogram): Histogram {
  return {
    sums: whole.sums.map((sum, at) => sum - (part.sums[at] as number)),
    gradient: whole.gradient - part.gradient,
    curvature: whole.curvature - part.curvature,
    rows: whole.rows - part.rows,
  }
}

/** The split with the largest gain above zero; of equal ones the first feature's lowest bin. */
export function bestSplit(
  histogram: Histogram,
  data: BinnedFeatures,
  features: readonly number[],
  options: TreeOptions,
): Split | undefined {
  let best: Split | undefined
  for (const [at, feature] of features.entries()) {
    const sums = histogram.sums.subarray(at * BINS * SLOT, (at + 1) * BINS * SLOT)
    const found = bestBin(sums, data.thresholds[feature]?.length ?? 0, histogram, options)
    if (found.gain > (best?.gain ?? LEAST_GAIN)) best = { feature, ...found }
  }
  return best
}

/** Less is rounding. */
const LEAST_GAIN = 1e-9

function bestBin(sums: Float64Array, edges: number, whole: Histogram, options: TreeOptions): Omit<Split, 'feature'> {
  const worth = (gradient: number, curvature: number): number => (gradient * gradient) / (curvature + options.ridge)
  const unsplit = worth(whole.gradient, whole.curvature)
  let best = { bin: 0, gain: 0 }
  let [gradient, curvature, rows] = [0, 0, 0]
  for (let bin = 0; bin < edges; bin++) {
    gradient += sums[bin * SLOT] as number
    curvature += sums[bin * SLOT + 1] as number
    rows += sums[bin * SLOT + 2] as number
    if (rows < options.leafRows) continue
    if (whole.rows - rows < options.leafRows) break
    // Subtracting leaves rounding errors where nothing is left.
    const rest = Math.max(0, whole.curvature - curvature)
    const gain = worth(gradient, Math.max(0, curvature)) + worth(whole.gradient - gradient, rest) - unsplit
    if (gain > best.gain) best = { bin, gain }
  }
  return best
}
