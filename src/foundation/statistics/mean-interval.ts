/** Confidence interval for the mean of scores between 0 and 1. Knows independent scores only: no clusters, no pairs. */
import { TouchstoneError } from '../errors/touchstone-error.ts'
import type { Interval } from './proportion-intervals.ts'
import { studentQuantile } from './student-distribution.ts'

/**
 * Student's interval for a mean, cut to [0, 1]. Equal scores, and a single one, say nothing of the spread:
 * the interval is then Hoeffding's, which assumes none.
 * @param scores each in [0, 1], at least one  @param confidence in (0, 1)
 * @throws TouchstoneError STATISTIC_UNDEFINED for no scores, or a score outside
 * Source: Student 1908; Hoeffding 1963, theorem 1.
 */
export function scoreMeanInterval(scores: readonly number[], confidence = 0.95): Interval & { readonly mean: number } {
  const n = scores.length
  const isDefined = n > 0 && scores.every((score) => score >= 0 && score <= 1) && confidence > 0 && confidence < 1
  if (!isDefined) {
    const reason = `${n} scores at confidence ${confidence}, each to be in [0, 1]`
    throw new TouchstoneError('STATISTIC_UNDEFINED', { details: { statistic: 'The interval of a mean', reason } })
  }
  const mean = scores.reduce((sum, score) => sum + score, 0) / n
  const squares = scores.reduce((sum, score) => sum + (score - mean) ** 2, 0)
  const isSpread = scores.some((score) => score !== scores[0])
  const half = isSpread
    ? studentQuantile(0.5 + confidence / 2, n - 1) * Math.sqrt(squares / (n - 1) / n)
    : Math.sqrt(Math.log(2 / (1 - confidence)) / (2 * n))
  return { mean, lower: Math.max(0, mean - half), upper: Math.min(1, mean + half) }
}
