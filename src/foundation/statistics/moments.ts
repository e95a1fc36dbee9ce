/** Means, variances and covariances. Knows arithmetic only; empty input gives NaN. */

export function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

/** Of a sample when `lost` is 1 (as absent), of a population when it is 0. Both of one length. */
export function covariance(left: readonly number[], right: readonly number[], lost: 0 | 1 = 1): number {
  const [leftMean, rightMean] = [meanOf(left), meanOf(right)]
  const sum = left.reduce((total, value, place) => total + (value - leftMean) * ((right[place] ?? 0) - rightMean), 0)
  return sum / (left.length - lost)
}
