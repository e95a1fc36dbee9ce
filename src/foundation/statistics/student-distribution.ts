/** Student's t distribution: probabilities and quantiles, also for degrees of freedom that are not whole. Knows nothing of tests. */
import { betaProbability, betaQuantile } from './beta-distribution.ts'
import { requireShare, undefinedStatistic } from './undefined-statistic.ts'

/**
 * The t with P(T <= t) = p.
 * @param p in (0, 1)  @param degrees > 0, finite
 * @throws TouchstoneError STATISTIC_UNDEFINED outside of these
 * Source: Student 1908, by the beta distribution: degrees / (degrees + T^2) ~ Beta(degrees / 2, 1/2).
 */
export function studentQuantile(p: number, degrees: number): number {
  requireShare("A quantile of Student's t", 'p =', p)
  requireDegrees(degrees)
  if (p < 0.5) return -studentQuantile(1 - p, degrees)
  // Of the two equal forms this one keeps its digits when t is large.
  const rest = betaQuantile(2 * (1 - p), degrees / 2, 0.5)
  return Math.sqrt((degrees * (1 - rest)) / rest)
}

/**
 * P(T <= t); in the lower tail with relative precision.
 * @param t finite  @param degrees > 0, finite
 * @throws TouchstoneError STATISTIC_UNDEFINED outside of these
 */
export function studentProbability(t: number, degrees: number): number {
  requireDegrees(degrees)
  if (!Number.isFinite(t)) throw undefinedStatistic("A probability of Student's t", `t = ${t}`)
  const tail = betaProbability(degrees / (degrees + t * t), degrees / 2, 0.5) / 2
  return t < 0 ? tail : 1 - tail
}

function requireDegrees(degrees: number): void {
  if (!(degrees > 0 && Number.isFinite(degrees))) throw undefinedStatistic("Student's t", `${degrees} degrees of freedom`)
}
