/** Whether one ranker is better than another on the same queries. Knows paired scores; knows nothing of rankings. */
import { bootstrapMeanInterval } from '../../../foundation/statistics/bootstrap.ts'
import { pairedPermutationTest } from '../../../foundation/statistics/permutation-test.ts'
import type { RetrievalEvaluation } from './evaluate-retrieval.ts'
import { rankingMetrics, type RankingMetric } from './ranking-scores.ts'

export interface RetrievalComparison {
  readonly baseline: string
  readonly variant: string
  readonly metric: RankingMetric
  /** Mean of variant - baseline over the queries that both ranked, with a paired bootstrap interval. */
  readonly difference: number
  readonly lower: number
  readonly upper: number
  /** Of the paired permutation test, two-sided; not corrected for the number of comparisons. */
  readonly p: number
  readonly n: number
}

/** A comparison for each metric; none when no query was ranked by both. */
export function compareRetrieval(baseline: RetrievalEvaluation, other: RetrievalEvaluation): readonly RetrievalComparison[] {
  const before = new Map(baseline.results.map(({ query, scores }) => [query, scores]))
  const pairs = other.results.flatMap(({ query, scores }) => {
    const earlier = before.get(query)
    return earlier === undefined || scores === undefined ? [] : [{ earlier, scores }]
  })
  if (pairs.length === 0) return []
  return rankingMetrics.map((metric) => {
    const differences = pairs.map(({ earlier, scores }) => scores[metric] - earlier[metric])
    const { mean: difference, lower, upper } = bootstrapMeanInterval(differences)
    const p = pairedPermutationTest(differences)
    return { baseline: baseline.variant, variant: other.variant, metric, difference, lower, upper, p, n: pairs.length }
  })
}
