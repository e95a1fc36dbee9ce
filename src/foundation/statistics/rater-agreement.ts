/** How far any number of raters agree beyond chance, with ratings missing here and there. Knows ratings; knows nothing of what was rated. */
import type { Interval } from './proportion-intervals.ts'
import { studentQuantile } from './student-distribution.ts'
import { requireShare, undefinedStatistic } from './undefined-statistic.ts'

/** Of each item the ratings that it got, in any order; missing ones left out. */
export type ItemRatings<Rating> = readonly (readonly Rating[])[]

/** How far two ratings differ: any difference alike, by rank, by distance, or by distance relative to their sum. */
export type RatingScale = 'nominal' | 'ordinal' | 'interval' | 'ratio'

export interface AgreementEstimate extends Interval {
  /** At most 1; 0 is what chance gives. */
  readonly coefficient: number
  readonly standardError: number
  /** Agreement of two ratings of an item, and what chance gives. */
  readonly observed: number
  readonly chance: number
}

/**
 * Gwet's AC1 (steady when one category is rare) or Fleiss' kappa, with Gwet's variance over items and t of items - 1. Items of
 * one rating count for how often categories are used only.
 * @param items nominal ratings  @param categories all that were possible; those that occur when absent
 * @returns interval cut to at most 1
 * @throws TouchstoneError STATISTIC_UNDEFINED for fewer than two items, none rated twice, one category only (no disagreement was
 * possible, which is not perfect agreement)
 * Source: Gwet 2008 and 2014; Fleiss 1971 with Gwet's treatment of missing ratings.
 */
export function raterAgreement(
  items: ItemRatings<string | number>,
  coefficient: 'ac1' | 'fleiss',
  { confidence = 0.95, categories }: { readonly confidence?: number; readonly categories?: readonly (string | number)[] } = {},
): AgreementEstimate {
  requireShare('Agreement', 'confidence', confidence)
  const rated = items.filter((ratings) => ratings.length > 0)
  const names = [...new Set(categories ?? rated.flat())]
  const paired = rated.filter((ratings) => ratings.length > 1).length
  if (paired === 0 || rated.length < 2 || names.length < 2)
    throw undefinedStatistic('Agreement', `${rated.length} items, ${paired} rated twice, ${names.length} categories`)
  const shares = rated.map((ratings) => names.map((name) => ratings.filter((rating) => rating === name).length / ratings.length))
  const use = names.map((_, k) => shares.reduce((sum, share) => sum + (share[k] ?? 0), 0) / rated.length)
  const chanceOf = (share: readonly number[]): number =>
    coefficient === 'ac1'
      ? share.reduce((sum, part, k) => sum + part * (1 - (use[k] ?? 0)), 0) / (names.length - 1)
      : share.reduce((sum, part, k) => sum + part * (use[k] ?? 0), 0)
  const chance = chanceOf(use)
  const agreements = rated.map((ratings, place) => pairAgreement(ratings.length, shares[place] ?? []))
  const observed = agreements.reduce<number>((sum, agreement) => sum + (agreement ?? 0), 0) / paired
  if (chance >= 1) throw undefinedStatistic('Agreement', 'ratings of one category')
  const value = (observed - chance) / (1 - chance)
  const squares = agreements.reduce<number>((sum, agreement, place) => {
    const own = agreement === undefined ? 0 : ((rated.length / paired) * (agreement - chance)) / (1 - chance)
    const linear = own - (2 * (1 - value) * (chanceOf(shares[place] ?? []) - chance)) / (1 - chance)
    return sum + (linear - value) ** 2
  }, 0)
  const standardError = Math.sqrt(squares / rated.length / (rated.length - 1))
  const half = studentQuantile(0.5 + confidence / 2, rated.length - 1) * standardError
  return { coefficient: value, standardError, observed, chance, lower: value - half, upper: Math.min(1, value + half) }
}

/**
 * Krippendorff's alpha: 1 - observed disagreement / disagreement expected by chance. Items with one rating are left out.
 * @param items numbers; for nominal ones any code
 * @returns at most 1
 * @throws TouchstoneError STATISTIC_UNDEFINED when no item is rated twice, or all ratings are the same
 * Source: Krippendorff 2011; checked against his own examples.
 */
export function krippendorffAlpha(items: ItemRatings<number>, scale: RatingScale): number {
  const paired = items.filter((ratings) => ratings.length > 1)
  const totals = new Map<number, number>()
  for (const rating of paired.flat()) totals.set(rating, (totals.get(rating) ?? 0) + 1)
  const distance = distanceOn(scale, totals)
  const ratings = [...totals]
  const n = paired.flat().length
  let expected = 0
  for (const [left, leftCount] of ratings)
    for (const [right, rightCount] of ratings) expected += leftCount * rightCount * distance(left, right)
  if (!(expected > 0) || !Number.isFinite(expected))
    throw undefinedStatistic("Krippendorff's alpha", `${n} paired ratings without a difference`)
  let observed = 0
  for (const item of paired) {
    let sum = 0
    for (const left of item) for (const right of item) sum += distance(left, right)
    observed += sum / (item.length - 1)
  }
  return 1 - ((n - 1) * observed) / expected
}

function distanceOn(scale: RatingScale, totals: ReadonlyMap<number, number>): (left: number, right: number) => number {
  if (scale === 'nominal') return (left, right) => (left === right ? 0 : 1)
  if (scale === 'interval') return (left, right) => (left - right) ** 2
  if (scale === 'ratio') return (left, right) => (left === right ? 0 : ((left - right) / (left + right)) ** 2)
  const middles = new Map<number, number>()
  let below = 0
  for (const [rating, count] of [...totals].sort(([left], [right]) => left - right)) {
    middles.set(rating, below + count / 2)
    below += count
  }
  return (left, right) => ((middles.get(left) ?? 0) - (middles.get(right) ?? 0)) ** 2
}

/** Share of an item's pairs of ratings that are the same; undefined without a pair. */
function pairAgreement(raters: number, shares: readonly number[]): number | undefined {
  if (raters < 2) return undefined
  const same = shares.reduce((sum, share) => sum + share * raters * (share * raters - 1), 0)
  return same / (raters * (raters - 1))
}
