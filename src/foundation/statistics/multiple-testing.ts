/** P values of several tests, adjusted so that a family of them keeps its error rate. Knows p values only. */
import { undefinedStatistic } from './undefined-statistic.ts'

/**
 * Holm's adjustment: rejecting what is at most alpha makes any false rejection at all no likelier than alpha, however the
 * tests depend on each other. For metrics that may block a release.
 * @param pValues each in [0, 1]; none gives none
 * @returns in the order of the input, each at least its raw p and at most 1
 * @throws TouchstoneError STATISTIC_UNDEFINED for a p outside
 * Source: Holm 1979.
 */
export function holm(pValues: readonly number[]): readonly number[] {
  const adjusted = pValues.map(() => 1)
  let most = 0
  for (const [rank, { p, place }] of ascending(pValues).entries()) {
    most = Math.max(most, Math.min(1, (pValues.length - rank) * p))
    adjusted[place] = most
  }
  return adjusted
}

/**
 * Benjamini and Hochberg's adjustment: of what is at most q, a share of q is expected to be false, for tests that are
 * independent or positively dependent. For exploring slices.
 * @param pValues each in [0, 1]; none gives none
 * @returns in the order of the input, each at least its raw p and at most 1
 * @throws TouchstoneError STATISTIC_UNDEFINED for a p outside
 * Source: Benjamini and Hochberg 1995.
 */
export function benjaminiHochberg(pValues: readonly number[]): readonly number[] {
  const adjusted = pValues.map(() => 1)
  let least = 1
  for (const [rank, { p, place }] of [...ascending(pValues).entries()].reverse()) {
    least = Math.min(least, (pValues.length / (rank + 1)) * p)
    adjusted[place] = least
  }
  return adjusted
}

function ascending(pValues: readonly number[]): readonly { readonly p: number; readonly place: number }[] {
  const wrong = pValues.find((p) => !(p >= 0 && p <= 1))
  if (wrong !== undefined) throw undefinedStatistic('An adjusted p value', `p = ${wrong}`)
  return pValues.map((p, place) => ({ p, place })).sort((left, right) => left.p - right.p)
}
