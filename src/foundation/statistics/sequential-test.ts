/** Wald's sequential test of one rate against another: after each trial accept, reject or go on. Knows counts only. */
import { requireCounts, requireShare, undefinedStatistic } from './undefined-statistic.ts'

export interface SequentialPlan {
  /** Rate that is acceptable, and one that is not; in (0, 1), not equal. */
  readonly acceptable: number
  readonly unacceptable: number
  /** Share of acceptable systems that are rejected, and of unacceptable ones that are accepted; together below 1. */
  readonly alpha: number
  readonly beta: number
}

/** @returns logarithms of the likelihood ratio (unacceptable over acceptable) at which the test rejects, and accepts */
export function sequentialBoundaries({ alpha, beta }: Pick<SequentialPlan, 'alpha' | 'beta'>): {
  readonly reject: number
  readonly accept: number
} {
  requireShare('A sequential test', 'alpha', alpha)
  requireShare('A sequential test', 'beta', beta)
  if (alpha + beta >= 1) throw undefinedStatistic('A sequential test', `alpha ${alpha} and beta ${beta}`)
  return { reject: Math.log((1 - beta) / alpha), accept: Math.log(beta / (1 - alpha)) }
}

/**
 * Sequential probability ratio test. It ends with certainty but has no largest size: end it at a planned one as undecided.
 * @param successes whole, 0..trials: what the two rates are rates of
 * @throws TouchstoneError STATISTIC_UNDEFINED for other counts, rates or error rates
 * Source: Wald 1945.
 */
export function sequentialTest(
  successes: number,
  trials: number,
  plan: SequentialPlan,
): { readonly decision: 'accept' | 'reject' | 'continue'; readonly logRatio: number } {
  const { acceptable, unacceptable } = plan
  requireCounts('A sequential test', { successes, trials, failures: trials - successes })
  requireShare('A sequential test', 'rate', acceptable)
  requireShare('A sequential test', 'rate', unacceptable)
  if (acceptable === unacceptable) throw undefinedStatistic('A sequential test', `two rates of ${acceptable}`)
  const { reject, accept } = sequentialBoundaries(plan)
  const logRatio =
    successes * Math.log(unacceptable / acceptable) + (trials - successes) * (Math.log1p(-unacceptable) - Math.log1p(-acceptable))
  return { decision: logRatio >= reject ? 'reject' : logRatio <= accept ? 'accept' : 'continue', logRatio }
}
