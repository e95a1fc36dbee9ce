/** The measures of a ranking, by name, as they are reported. Knows depths; knows nothing of runs. */
import {
  averagePrecision,
  ndcg,
  recall,
  reciprocalRank,
  type Judgements,
} from '../../../foundation/statistics/ranking-metrics.ts'

/** A ranking is looked at no further down. */
export const RANKING_DEPTH = 1_000

const measures = {
  'ndcg@10': (ranking: readonly string[], judged: Judgements) => ndcg(ranking, judged, 10),
  'recall@10': (ranking: readonly string[], judged: Judgements) => recall(ranking, judged, 10),
  'recall@100': (ranking: readonly string[], judged: Judgements) => recall(ranking, judged, 100),
  'mrr@10': (ranking: readonly string[], judged: Judgements) => reciprocalRank(ranking, judged, 10),
  map: (ranking: readonly string[], judged: Judgements) => averagePrecision(ranking, judged, RANKING_DEPTH),
} as const

export type RankingMetric = keyof typeof measures
export type RankingScores = Readonly<Record<RankingMetric, number>>

export const rankingMetrics = Object.keys(measures) as readonly RankingMetric[]

/** @param ranking document ids, best first; an empty one scores 0 throughout */
export function scoreRanking(ranking: readonly string[], judged: Judgements): RankingScores {
  const scored = rankingMetrics.map((metric) => [metric, measures[metric](ranking, judged)] as const)
  return Object.fromEntries(scored) as RankingScores
}
