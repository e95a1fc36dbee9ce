/** The beta distribution: its cumulative probability and its quantiles. Knows nothing of intervals or tests. */
import { TouchstoneError } from '../errors/touchstone-error.ts'
import { logBeta } from './gamma-function.ts'

/**
 * Regularised incomplete beta function: P(X <= x) for X ~ Beta(a, b).
 * @param x in [0, 1]  @param a > 0  @param b > 0
 * @throws TouchstoneError STATISTIC_UNDEFINED outside of these
 * Source: continued fraction of DLMF 8.17.22, evaluated by the modified Lentz method.
 */
export function betaProbability(x: number, a: number, b: number): number {
  requireShape(a, b, x)
  if (x === 0 || x === 1) return x
  // The fraction converges fast only below the mean; above it the symmetric form does.
  if (x > (a + 1) / (a + b + 2)) return 1 - betaProbability(1 - x, b, a)
  const front = Math.exp(a * Math.log(x) + b * Math.log1p(-x) - logBeta(a, b)) / a
  return front / continuedFraction(x, a, b)
}

/**
 * The x with P(X <= x) = p for X ~ Beta(a, b), by bisection: as near as a double can be told apart by betaProbability.
 * @param p in [0, 1]; 0 gives 0 and 1 gives 1 exactly
 * @throws TouchstoneError STATISTIC_UNDEFINED as betaProbability
 */
export function betaQuantile(p: number, a: number, b: number): number {
  requireShape(a, b, p)
  if (p === 0 || p === 1) return p
  let low = 0
  let high = 1
  for (;;) {
    const middle = (low + high) / 2
    // Doubles have run out between the two.
    if (middle <= low || middle >= high) return middle
    if (betaProbability(middle, a, b) < p) low = middle
    else high = middle
  }
}

function continuedFraction(x: number, a: number, b: number): number {
  const tiny = 1e-300
  let fraction = 1
  let numerator = 1
  let denominator = 0
  for (let step = 1; step < 20_000; step++) {
    const term = fractionTerm(step, x, a, b)
    denominator = 1 / avoidZero(1 + term * denominator, tiny)
    numerator = avoidZero(1 + term / numerator, tiny)
    const change = numerator * denominator
    fraction *= change
    if (Math.abs(change - 1) < 1e-15) break
  }
  return fraction
}

function fractionTerm(step: number, x: number, a: number, b: number): number {
  const m = Math.floor(step / 2)
  return step % 2 === 0
    ? (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m))
    : (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1))
}

function avoidZero(value: number, tiny: number): number {
  return Math.abs(value) < tiny ? tiny : value
}

function requireShape(a: number, b: number, share: number): void {
  if (a > 0 && b > 0 && Number.isFinite(a + b) && share >= 0 && share <= 1) return
  throw new TouchstoneError('STATISTIC_UNDEFINED', {
    details: { statistic: 'The beta distribution', reason: `a = ${a}, b = ${b} at ${share}` },
  })
}
