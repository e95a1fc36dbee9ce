/** How many cases a paired comparison needs, and what so many cases can tell. Knows normal approximations; runs nothing. */
import { normalQuantile } from './normal-distribution.ts'
import { undefinedStatistic } from './undefined-statistic.ts'

/** Error rates of a planned test. */
export interface TestErrors {
  /** Share of false alarms, in (0, 1). */
  readonly alpha: number
  /** Share of real effects that are found, in (0, 1). */
  readonly power: number
  /** 2 when absent: a difference either way. 1: harm only, or not being inferior. */
  readonly sides?: 1 | 2
}

/** How much the cases differ between the two systems: a share for right or wrong, a standard deviation for scores. */
export type PairSpread =
  | {
      /** Share of the cases on which the systems disagree, in (0, 1]. Measure it by running one system twice. */
      readonly discordance: number
    }
  | {
      /** Standard deviation of the difference per case, > 0. */
      readonly deviation: number
    }

/**
 * Cases for McNemar's test to find a difference of two rates.
 * @param difference of the rates, not 0 and at most the discordance either way
 * @returns whole number of cases
 * @throws TouchstoneError STATISTIC_UNDEFINED outside of these
 * Source: Connor 1987.
 */
export function mcnemarSampleSize(plan: TestErrors & { readonly discordance: number; readonly difference: number }): number {
  const { discordance, difference } = plan
  if (!(discordance > 0 && discordance <= 1 && difference !== 0 && Math.abs(difference) <= discordance))
    throw undefinedStatistic('The sample size', `a difference of ${difference} at a discordance of ${discordance}`)
  const { alarm, found } = quantiles(plan)
  const root = alarm * Math.sqrt(discordance) + found * Math.sqrt(discordance - difference ** 2)
  return Math.ceil((root / difference) ** 2)
}

/**
 * Cases for a paired comparison of mean scores.
 * @param difference of the means, not 0
 * @param variance of the difference per case: `between` cases, and `within` each system's repeats divided by their number
 * @returns whole number of cases
 * @throws TouchstoneError STATISTIC_UNDEFINED outside of these
 * Source: Miller 2024 (arXiv 2411.00640), equation 9.
 */
export function pairedMeanSampleSize(
  plan: TestErrors & {
    readonly difference: number
    /** Variance of the difference of the two systems' expected scores on a case. */
    readonly between: number
    /** Variance of one run's score on a case, and how often it is run; 0 for a system that always scores alike. */
    readonly within?: readonly { readonly variance: number; readonly repeats: number }[]
  },
): number {
  const { difference, between, within = [] } = plan
  const variance = within.reduce((sum, part) => sum + part.variance / part.repeats, between)
  if (!(variance > 0 && Number.isFinite(variance) && difference !== 0 && Number.isFinite(difference)))
    throw undefinedStatistic('The sample size', `a difference of ${difference} at a variance of ${variance}`)
  const { alarm, found } = quantiles(plan)
  return Math.ceil((variance * (alarm + found) ** 2) / difference ** 2)
}

/**
 * Smallest difference that so many cases find with the given power.
 * @param n cases, >= 1
 * @returns > 0, in the unit of the difference. More than the discordance: no difference that the discordance allows is found
 * @throws TouchstoneError STATISTIC_UNDEFINED for other n, spreads or error rates
 * Source: Connor 1987 and Miller 2024, solved for the difference.
 */
export function minimumDetectableEffect(plan: TestErrors & PairSpread & { readonly n: number }): number {
  const { n } = plan
  const deviation = spreadOf(plan)
  requireCases(n)
  const { alarm, found } = quantiles(plan)
  if ('deviation' in plan) return ((alarm + found) * deviation) / Math.sqrt(n)
  const rest = n + found ** 2 - alarm ** 2
  if (rest < 0) return Number.POSITIVE_INFINITY
  return (deviation * (alarm * Math.sqrt(n) + found * Math.sqrt(rest))) / (n + found ** 2)
}

/**
 * Cases for a system that does not differ (or differs by `difference`) to be shown not worse than the margin, one-sided.
 * @param margin > 0, the largest drop that is accepted  @param difference true difference, above -margin; 0 when absent
 * @returns whole number of cases
 * @throws TouchstoneError STATISTIC_UNDEFINED outside of these
 * Source: normal approximation of the paired test of non-inferiority; Liu et al. 2002 for rates.
 */
export function nonInferioritySampleSize(
  plan: Omit<TestErrors, 'sides'> & PairSpread & { readonly margin: number; readonly difference?: number },
): number {
  const { margin, difference = 0 } = plan
  const deviation = spreadOf(plan)
  if (!(margin > 0 && margin + difference > 0 && Number.isFinite(margin + difference)))
    throw undefinedStatistic('The sample size', `a margin of ${margin} at a true difference of ${difference}`)
  const { alarm, found } = quantiles({ ...plan, sides: 1 })
  return Math.ceil(((deviation * (alarm + found)) / (margin + difference)) ** 2)
}

/**
 * Smallest margin within which so many cases show an unchanged system with the given power, one-sided.
 * @param n cases, >= 1
 * @returns > 0, in the unit of the difference
 * @throws TouchstoneError STATISTIC_UNDEFINED for other n, spreads or error rates
 * Source: as nonInferioritySampleSize.
 */
export function nonInferiorityMargin(plan: Omit<TestErrors, 'sides'> & PairSpread & { readonly n: number }): number {
  const deviation = spreadOf(plan)
  requireCases(plan.n)
  const { alarm, found } = quantiles({ ...plan, sides: 1 })
  return (deviation * (alarm + found)) / Math.sqrt(plan.n)
}

function quantiles({ alpha, power, sides = 2 }: TestErrors): { readonly alarm: number; readonly found: number } {
  if (!(alpha > 0 && power > alpha && power < 1))
    throw undefinedStatistic('The power of a test', `alpha = ${alpha} and power = ${power}`)
  return { alarm: normalQuantile(1 - alpha / sides), found: normalQuantile(power) }
}

/** Standard deviation of the difference per case, when the rates are equal. */
function spreadOf(spread: PairSpread): number {
  const isShare = 'discordance' in spread
  const deviation = isShare ? Math.sqrt(spread.discordance) : spread.deviation
  if (deviation > 0 && Number.isFinite(deviation) && (!isShare || deviation <= 1)) return deviation
  throw undefinedStatistic(
    'The power of a test',
    isShare ? `a discordance of ${spread.discordance}` : `a deviation of ${deviation}`,
  )
}

function requireCases(n: number): void {
  if (!(n >= 1 && Number.isFinite(n))) throw undefinedStatistic('The power of a test', `${n} cases`)
}
