/** What a reranker was given for judged questions, and how good an order of it is. Knows gains and features; knows no texts. */
import { inTrecOrder, ndcg, type Judgements } from '../../foundation/statistics/ranking-metrics.ts'
import type { RankedQuery } from '../../foundation/ranking/stacked-queries.ts'

/** One question with the candidates that the first stage gave. */
export interface JudgedCandidates extends RankedQuery {
  /** Of each candidate its document; one document may have several. */
  readonly documents: readonly string[]
  readonly judged: Judgements
  /** Scores of each candidate by rerankers that are there already, and by `none`. */
  readonly baselines: Readonly<Record<string, Float64Array>>
}

export interface CandidateCollection {
  readonly name: string
  readonly queries: readonly JudgedCandidates[]
}

/** nDCG at 10 of documents: each counts as its best candidate does. */
export function ndcgOfScores({ documents, judged }: JudgedCandidates, scores: Float64Array): number {
  const scored = documents.map((document, at) => ({ document, score: scores[at] ?? 0 }))
  return ndcg(inTrecOrder(scored), judged, 10)
}
