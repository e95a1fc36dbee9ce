/** How far a distribution has moved. Knows counts by bin, or values; knows nothing of what they describe. */
import { requireValues, undefinedStatistic } from './undefined-statistic.ts'

/**
 * Population stability index of counts by bin, each share smoothed by half a count so that an empty bin stays finite. The usual
 * limits .1 and .25 depend on counts and bins: take the threshold from resampled data.
 * @param before counts, as many bins as `after`, both with a sum above 0
 * @returns >= 0
 * @throws TouchstoneError STATISTIC_UNDEFINED outside of these
 * Source: Lewis 1994; the sum of both Kullback-Leibler divergences (Jeffreys 1946).
 */
export function populationStability(before: readonly number[], after: readonly number[]): number {
  const [left, right] = [shares(before, after.length, 0.5), shares(after, before.length, 0.5)]
  return left.reduce((sum, share, bin) => sum + ((right[bin] ?? 0) - share) * Math.log((right[bin] ?? 0) / share), 0)
}

/**
 * Jensen-Shannon divergence of counts by bin, in bits.
 * @returns 0 (the same) .. 1 (nothing in common)
 * @throws TouchstoneError STATISTIC_UNDEFINED as populationStability
 * Source: Lin 1991.
 */
export function jensenShannonDivergence(before: readonly number[], after: readonly number[]): number {
  const [left, right] = [shares(before, after.length, 0), shares(after, before.length, 0)]
  const toMiddle = (own: readonly number[], other: readonly number[]): number =>
    own.reduce((sum, share, bin) => (share === 0 ? sum : sum + share * Math.log2((2 * share) / (share + (other[bin] ?? 0)))), 0)
  return Math.min(1, Math.max(0, (toMiddle(left, right) + toMiddle(right, left)) / 2))
}

/**
 * Two-sample Kolmogorov-Smirnov test: the largest distance of the two empirical distributions.
 * @param before finite, at least one  @param after as before
 * @returns the distance in [0, 1], and p in (0, 1] by the asymptotic series, good from some 20 values on; with ties too large
 * @throws TouchstoneError STATISTIC_UNDEFINED outside of these
 * Source: Smirnov 1948; Stephens 1970 for small samples.
 */
export function kolmogorovSmirnovTest(
  before: readonly number[],
  after: readonly number[],
): { readonly distance: number; readonly p: number } {
  requireValues('The Kolmogorov-Smirnov test', before)
  requireValues('The Kolmogorov-Smirnov test', after)
  const [left, right] = [before.toSorted((a, b) => a - b), after.toSorted((a, b) => a - b)]
  let [i, j, distance] = [0, 0, 0]
  while (i < left.length && j < right.length) {
    const value = Math.min(left[i] ?? Infinity, right[j] ?? Infinity)
    while (left[i] === value) i++
    while (right[j] === value) j++
    distance = Math.max(distance, Math.abs(i / left.length - j / right.length))
  }
  const size = Math.sqrt((left.length * right.length) / (left.length + right.length))
  return { distance, p: kolmogorovTail((size + 0.12 + 0.11 / size) * distance) }
}

/** P that the limit of the scaled distance is larger. */
function kolmogorovTail(x: number): number {
  // Below, the series converges slowly and its sum is 1 to seven digits.
  if (x < 0.27) return 1
  let sum = 0
  for (let term = 1; term <= 100; term++) sum += (term % 2 === 1 ? 2 : -2) * Math.exp(-2 * (term * x) ** 2)
  return Math.min(1, Math.max(Number.MIN_VALUE, sum))
}

function shares(counts: readonly number[], bins: number, smoothing: number): readonly number[] {
  const total = counts.reduce((sum, count) => sum + count, 0)
  if (counts.length !== bins || !(total > 0) || !counts.every((count) => count >= 0 && Number.isFinite(count)))
    throw undefinedStatistic('A distance of distributions', `${counts.length} bins with a sum of ${total}`)
  return counts.map((count) => (count + smoothing) / (total + smoothing * bins))
}
