/** Whether two systems differ on the same yes-or-no cases. Knows the discordant counts only: those on which both agree say nothing of it. */
import { binomialAtMost, binomialProbability } from './binomial-distribution.ts'
import { normalProbability } from './normal-distribution.ts'
import { requireCounts } from './undefined-statistic.ts'

/** Cases on which the two systems disagree. */
export interface DiscordantCounts {
  /** Baseline right, candidate wrong. */
  readonly worse: number
  /** Baseline wrong, candidate right. */
  readonly better: number
}

/** P values in (0, 1]; without a discordant case 1, the one-sided mid-p .5. */
export interface McnemarResult {
  /** Two-sided; never more than the stated share of false alarms, usually far fewer. */
  readonly exact: number
  /** Two-sided mid-p. */
  readonly midP: number
  /** P that so many or more of the discordant cases are worse. */
  readonly oneSidedExact: number
  /** The same with half the probability of exactly so many: the test of harm for a gate. */
  readonly oneSidedMidP: number
}

/**
 * McNemar's test from binomial probabilities. Mid-p keeps the stated share of false alarms in practice (for 5 to 20 % discordance
 * and 50 to 1,000 cases) and finds more than the exact form.
 * @throws TouchstoneError STATISTIC_UNDEFINED for counts that are not whole or below 0
 * Source: McNemar 1947; mid-p, Fagerland, Lydersen, Laake 2013.
 */
export function mcnemarTest({ worse, better }: DiscordantCounts): McnemarResult {
  requireCounts("McNemar's test", { worse, better })
  const discordant = worse + better
  const fewer = Math.min(worse, better)
  const twoSided = 2 * binomialAtMost(fewer, discordant, 0.5)
  // So many worse or more are so many better or fewer: the chance of either is one half.
  const harm = binomialAtMost(better, discordant, 0.5)
  const same = binomialProbability(worse, discordant, 0.5)
  return {
    exact: withinRange(twoSided),
    midP: withinRange(twoSided - same),
    oneSidedExact: withinRange(harm),
    oneSidedMidP: withinRange(harm - same / 2),
  }
}

/**
 * The chi-squared form, to compare with what other programs report. Not valid below some 25 discordant cases.
 * @param continuity whether with Edwards' correction
 * @returns the statistic with one degree of freedom and its two-sided p; 0 and 1 without a discordant case
 * @throws TouchstoneError STATISTIC_UNDEFINED for counts that are not whole or below 0
 * Source: McNemar 1947; Edwards 1948.
 */
export function mcnemarChiSquared(
  { worse, better }: DiscordantCounts,
  continuity = false,
): { readonly statistic: number; readonly p: number } {
  requireCounts("McNemar's test", { worse, better })
  const distance = Math.max(0, Math.abs(worse - better) - (continuity ? 1 : 0))
  const statistic = distance === 0 ? 0 : distance ** 2 / (worse + better)
  return { statistic, p: withinRange(2 * normalProbability(-Math.sqrt(statistic))) }
}

/** No p is 0, however many doubles run out, nor above 1. */
function withinRange(p: number): number {
  return Math.min(1, Math.max(Number.MIN_VALUE, p))
}
