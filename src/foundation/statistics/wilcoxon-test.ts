/** Whether paired differences lean to one side, by their ranks. Knows numbers only; assumes that they are symmetric about their median. */
import { midranks } from './midranks.ts'
import { normalProbability } from './normal-distribution.ts'
import { pairedPermutationTest } from './permutation-test.ts'
import { requireValues } from './undefined-statistic.ts'

/**
 * Wilcoxon's signed-rank test, two-sided, beside a test of means: it tests symmetry, not the mean.
 * @param differences finite, at least one
 * @param zeros `pratt` ranks them and then leaves them out, `drop` leaves them out first
 * @returns the smaller sum of ranks; p in (0, 1] by the normal approximation with ties, and by every assignment of signs (for
 * more than 16 differences that are not 0, by a seeded sample of them); 1 when all are 0
 * @throws TouchstoneError STATISTIC_UNDEFINED outside of these
 * Source: Wilcoxon 1945; Pratt 1959; ties, Cureton 1967.
 */
export function wilcoxonTest(
  differences: readonly number[],
  zeros: 'pratt' | 'drop' = 'pratt',
): { readonly statistic: number; readonly p: number; readonly permutationP: number } {
  requireValues("Wilcoxon's test", differences)
  const ranked = zeros === 'pratt' ? differences : differences.filter((difference) => difference !== 0)
  const ranks = midranks(ranked.map(Math.abs))
  const signed = ranked.map((difference, place) => Math.sign(difference) * (ranks[place] ?? 0))
  const left = signed.filter((rank) => rank !== 0)
  if (left.length === 0) return { statistic: 0, p: 1, permutationP: 1 }
  const sums = [1, -1].map((sign) => left.reduce((sum, rank) => sum + Math.max(0, sign * rank), 0))
  const statistic = Math.min(...sums)
  // Given the ranks, the sum of randomly signed ones has the sum of their squares as variance: ties and zeros are in it.
  const spread = Math.sqrt(left.reduce((sum, rank) => sum + rank ** 2, 0)) / 2
  const centre = left.reduce((sum, rank) => sum + Math.abs(rank), 0) / 2
  const p = Math.min(1, Math.max(Number.MIN_VALUE, 2 * normalProbability((statistic - centre) / spread)))
  return { statistic, p, permutationP: pairedPermutationTest(left) }
}
