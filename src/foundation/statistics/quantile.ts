/** Quantiles of measured values. Knows arithmetic only. */

/**
 * Nearest rank: the smallest value that at least this share does not exceed, so that it is always one that was measured.
 * @param sorted ascending @param share in [0, 1] @returns NaN of no values
 */
export function quantile(sorted: ArrayLike<number>, share: number): number {
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN
}
