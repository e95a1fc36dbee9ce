/** The chance that one rate is above another, after counts of each. Knows unpaired counts only. */
import { logBeta } from './gamma-function.ts'
import { requireCounts, undefinedStatistic } from './undefined-statistic.ts'

export interface RateCounts {
  readonly successes: number
  readonly trials: number
}

/**
 * P(second rate > first rate) with a uniform prior of each: for live traffic in two arms; of the same cases use a paired test.
 * @param first whole counts, successes at most trials  @param second as first; the sum has as many terms as its successes
 * @returns 0..1
 * @throws TouchstoneError STATISTIC_UNDEFINED outside of these
 * Source: Miller 2015 ("Formulas for Bayesian A/B testing"), closed form of the beta-binomial model.
 */
export function probabilityRateHigher(first: RateCounts, second: RateCounts): number {
  for (const { successes, trials } of [first, second]) {
    requireCounts('A comparison of rates', { successes, trials })
    if (successes > trials) throw undefinedStatistic('A comparison of rates', `${successes} of ${trials}`)
  }
  const [a, b] = [first.successes + 1, first.trials - first.successes + 1]
  const otherFailures = second.trials - second.successes + 1
  const whole = logBeta(a, b)
  let sum = 0
  for (let wins = 0; wins <= second.successes; wins++)
    sum += Math.exp(
      logBeta(a + wins, b + otherFailures) - Math.log(otherFailures + wins) - logBeta(1 + wins, otherFailures) - whole,
    )
  return Math.min(1, sum)
}
