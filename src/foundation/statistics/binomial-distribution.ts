/** The binomial distribution: single and cumulative probabilities. Knows nothing of intervals or tests. */
import { betaProbability } from './beta-distribution.ts'
import { logGamma } from './gamma-function.ts'
import { undefinedStatistic } from './undefined-statistic.ts'

/**
 * P(X = k) for X ~ Bin(n, p).
 * @param k whole; 0 outside of 0..n  @param n whole, >= 0  @param p in [0, 1]
 * @throws TouchstoneError STATISTIC_UNDEFINED outside of these
 */
export function binomialProbability(k: number, n: number, p: number): number {
  requireBinomial(k, n, p)
  if (k < 0 || k > n) return 0
  // At the ends the closed forms are exact, and 0 * log 0 does not arise.
  if (k === 0) return (1 - p) ** n
  if (k === n) return p ** n
  return Math.exp(logGamma(n + 1) - logGamma(k + 1) - logGamma(n - k + 1) + k * Math.log(p) + (n - k) * Math.log1p(-p))
}

/**
 * P(X <= k) for X ~ Bin(n, p), with relative precision below the mean.
 * @param k whole; below 0 gives 0, from n on 1  @param n whole, >= 0  @param p in [0, 1]
 * @throws TouchstoneError STATISTIC_UNDEFINED outside of these
 */
export function binomialAtMost(k: number, n: number, p: number): number {
  requireBinomial(k, n, p)
  if (k < 0) return 0
  if (k >= n) return 1
  return betaProbability(1 - p, n - k, k + 1)
}

function requireBinomial(k: number, n: number, p: number): void {
  if (Number.isSafeInteger(k) && Number.isSafeInteger(n) && n >= 0 && p >= 0 && p <= 1) return
  throw undefinedStatistic('The binomial distribution', `k = ${k}, n = ${n}, p = ${p}`)
}
