/** How far two orders of the same things agree. Knows numbers only. */
import { midranks } from './midranks.ts'
import { covariance } from './moments.ts'
import { requireValues, undefinedStatistic } from './undefined-statistic.ts'

/**
 * Spearman's rho: the correlation of the midranks.
 * @param left finite, at least two, not all equal  @param right as left, as many
 * @returns -1..1
 * @throws TouchstoneError STATISTIC_UNDEFINED outside of these
 * Source: Spearman 1904.
 */
export function spearmanCorrelation(left: readonly number[], right: readonly number[]): number {
  requirePairs("Spearman's correlation", left, right)
  const [leftRanks, rightRanks] = [midranks(left), midranks(right)]
  const spread = Math.sqrt(covariance(leftRanks, leftRanks) * covariance(rightRanks, rightRanks))
  if (spread === 0) throw undefinedStatistic("Spearman's correlation", 'values without a difference')
  return covariance(leftRanks, rightRanks) / spread
}

/**
 * Kendall's tau-b: pairs in the same order less pairs in the opposite one, ties taken out. Counts pairs: some thousand values.
 * @param left finite, at least two, not all equal  @param right as left, as many
 * @returns -1..1
 * @throws TouchstoneError STATISTIC_UNDEFINED outside of these
 * Source: Kendall 1945.
 */
export function kendallCorrelation(left: readonly number[], right: readonly number[]): number {
  requirePairs("Kendall's correlation", left, right)
  let [sum, leftPairs, rightPairs] = [0, 0, 0]
  for (let first = 0; first < left.length; first++)
    for (let second = 0; second < first; second++) {
      const leftSign = Math.sign((left[first] ?? 0) - (left[second] ?? 0))
      const rightSign = Math.sign((right[first] ?? 0) - (right[second] ?? 0))
      sum += leftSign * rightSign
      leftPairs += Math.abs(leftSign)
      rightPairs += Math.abs(rightSign)
    }
  if (leftPairs === 0 || rightPairs === 0) throw undefinedStatistic("Kendall's correlation", 'values without a difference')
  return sum / Math.sqrt(leftPairs * rightPairs)
}

function requirePairs(statistic: string, left: readonly number[], right: readonly number[]): void {
  requireValues(statistic, left, 2)
  requireValues(statistic, right, 2)
  if (left.length !== right.length) throw undefinedStatistic(statistic, `${left.length} and ${right.length} values`)
}
