/** Confidence intervals for a single rate. Knows counts; knows nothing of what was counted. */
import { TouchstoneError } from '../errors/touchstone-error.ts'
import { betaQuantile } from './beta-distribution.ts'
import { normalQuantile } from './normal-distribution.ts'

/** Closed, within [0, 1] for rates. */
export interface Interval {
  readonly lower: number
  readonly upper: number
}

/**
 * Wilson score interval: close to its nominal coverage on average, also near 0 and 1, where Wald's collapses.
 * @param successes whole, 0..trials  @param trials whole, >= 1  @param confidence in (0, 1)
 * @returns 0 of n gives lower = 0 exactly, n of n gives upper = 1 exactly
 * @throws TouchstoneError STATISTIC_UNDEFINED for other counts or confidences
 * Source: Wilson 1927; checked against Newcombe 1998, table I.
 */
export function wilsonInterval(successes: number, trials: number, confidence = 0.95): Interval {
  requireCounts('The Wilson interval', successes, trials, confidence)
  const z = normalQuantile(0.5 + confidence / 2)
  const rate = successes / trials
  const shrink = 1 + (z * z) / trials
  const centre = (rate + (z * z) / (2 * trials)) / shrink
  const half = (z * Math.sqrt((rate * (1 - rate)) / trials + (z * z) / (4 * trials * trials))) / shrink
  return {
    lower: successes === 0 ? 0 : Math.max(0, centre - half),
    upper: successes === trials ? 1 : Math.min(1, centre + half),
  }
}

/**
 * Clopper-Pearson interval: covers at least as often as it says, for any true rate and any n. For promises such as a leak rate.
 * @param successes whole, 0..trials  @param trials whole, >= 1  @param confidence in (0, 1), two-sided
 * @returns 0 of n gives [0, 1 - (alpha/2)^(1/n)] exactly, n of n gives [(alpha/2)^(1/n), 1] exactly
 * @throws TouchstoneError STATISTIC_UNDEFINED for other counts or confidences
 * Source: Clopper and Pearson 1934, by beta quantiles; checked against Newcombe 1998 and scipy.
 */
export function clopperPearsonInterval(successes: number, trials: number, confidence = 0.95): Interval {
  requireCounts('The Clopper-Pearson interval', successes, trials, confidence)
  const tail = (1 - confidence) / 2
  // With no successes, or nothing else, the quantile has a closed form.
  const closed = Math.exp(Math.log(tail) / trials)
  if (successes === 0) return { lower: 0, upper: 1 - closed }
  if (successes === trials) return { lower: closed, upper: 1 }
  return {
    lower: betaQuantile(tail, successes, trials - successes + 1),
    upper: 1 - betaQuantile(tail, trials - successes, successes + 1),
  }
}

/**
 * Jeffreys interval: the middle of what a rate can be after the counts, beginning with Beta(1/2, 1/2).
 * @param successes whole, 0..trials  @param trials whole, >= 1  @param confidence in (0, 1)
 * @returns 0 of n gives lower = 0 exactly, n of n gives upper = 1 exactly
 * @throws TouchstoneError STATISTIC_UNDEFINED for other counts or confidences
 * Source: Brown, Cai, DasGupta 2001.
 */
export function jeffreysInterval(successes: number, trials: number, confidence = 0.95): Interval {
  requireCounts('The Jeffreys interval', successes, trials, confidence)
  const tail = (1 - confidence) / 2
  const [right, wrong] = [successes + 0.5, trials - successes + 0.5]
  return {
    lower: successes === 0 ? 0 : betaQuantile(tail, right, wrong),
    upper: successes === trials ? 1 : betaQuantile(1 - tail, right, wrong),
  }
}

/**
 * Upper bound of a rate of which n trials showed no instance: the largest rate at which that still happens with
 * probability 1 - confidence. For cases that must never fail: 300 without a failure bound the rate by .99 % at .95.
 * @param trials whole, >= 1  @param confidence in (0, 1), one-sided
 * @returns 0..1: 1 - (1 - confidence)^(1/n)
 * @throws TouchstoneError STATISTIC_UNDEFINED for other counts or confidences
 * Source: Clopper and Pearson 1934, one-sided; Hanley and Lippman-Hand 1983 ("rule of three").
 */
export function zeroFailureBound(trials: number, confidence = 0.95): number {
  requireCounts('The zero-failure bound', 0, trials, confidence)
  return -Math.expm1(Math.log1p(-confidence) / trials)
}

function requireCounts(statistic: string, successes: number, trials: number, confidence: number): void {
  const isCount = Number.isSafeInteger(successes) && Number.isSafeInteger(trials) && successes >= 0 && successes <= trials
  if (isCount && trials >= 1 && confidence > 0 && confidence < 1) return
  const reason = `${successes} of ${trials} at confidence ${confidence}`
  throw new TouchstoneError('STATISTIC_UNDEFINED', { details: { statistic, reason } })
}
