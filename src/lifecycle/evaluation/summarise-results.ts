/** From results of cases to rates with intervals, over all and by slice. Knows nothing of how results came about. */
import type { EvaluationReport, MetricEstimate } from '../../contracts/evaluation.ts'
import { TouchstoneError } from '../../foundation/errors/touchstone-error.ts'
import { scoreMeanInterval } from '../../foundation/statistics/mean-interval.ts'
import { clopperPearsonInterval } from '../../foundation/statistics/proportion-intervals.ts'
import type { CaseResult } from './case-result.ts'

const CONFIDENCE = 0.95

/** Metrics by slice key, then by its value: `slices.language.de.correct`. */
export type SliceTable = Readonly<Record<string, Readonly<Record<string, EvaluationReport['metrics']>>>>

/** @throws TouchstoneError INTERNAL when a case is lost: planned = scored + failed + errored + unscored + skipped */
export function countCases(planned: number, results: readonly Pick<CaseResult, 'outcome'>[]): EvaluationReport['cases'] {
  const counts = { scored: 0, failed: 0, errored: 0, unscored: 0, skipped: 0 }
  for (const { outcome } of results) counts[outcome]++
  if (Object.values(counts).reduce((sum, count) => sum + count, 0) !== planned) {
    throw new TouchstoneError('INTERNAL', { details: { planned, ended: results.length } })
  }
  return { planned, ...counts }
}

/** Each metric over the cases it applies to. Errored and skipped cases have no scores, so they are in no denominator. */
export function estimateMetrics(results: readonly CaseResult[]): EvaluationReport['metrics'] {
  const scores = new Map<string, number[]>()
  for (const result of results) {
    for (const [name, score] of Object.entries(result.scores)) {
      const list = scores.get(name)
      if (list) list.push(score)
      else scores.set(name, [score])
    }
  }
  return Object.fromEntries([...scores].map(([name, list]) => [name, estimate(list)]))
}

export function estimateSlices(results: readonly CaseResult[]): SliceTable {
  const groups = new Map<string, Map<string, CaseResult[]>>()
  for (const result of results) {
    for (const [key, value] of Object.entries(result.slice)) {
      const byValue = groups.get(key) ?? new Map<string, CaseResult[]>()
      byValue.set(value, [...(byValue.get(value) ?? []), result])
      groups.set(key, byValue)
    }
  }
  return Object.fromEntries(
    [...groups].map(([key, byValue]) => [
      key,
      Object.fromEntries([...byValue].map(([value, part]) => [value, estimateMetrics(part)])),
    ]),
  )
}

/** Yes-or-no scores have the exact interval, others that of their mean. */
function estimate(scores: readonly number[]): MetricEstimate {
  const n = scores.length
  const sum = scores.reduce((total, score) => total + score, 0)
  const isCount = scores.every((score) => score === 0 || score === 1)
  const { lower, upper } = isCount ? clopperPearsonInterval(sum, n, CONFIDENCE) : scoreMeanInterval(scores, CONFIDENCE)
  return { value: sum / n, lower, upper, n }
}
