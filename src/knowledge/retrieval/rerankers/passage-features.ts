/** Features of passages as rows of numbers. Knows which are wanted; knows no weights. */
import type { Passage } from '../../../contracts/document.ts'
import type { AnalysedQuery } from '../../../contracts/retrieval.ts'
import { viewCandidates } from './candidate-view.ts'
import type { RankingFeature } from './ranking-features.ts'

/** @returns passages times features, row by row */
export type MeasurePassages = (query: AnalysedQuery, passages: readonly Passage[]) => Float64Array

export function createPassageFeatures(features: readonly RankingFeature[]): MeasurePassages {
  return (query, passages) => {
    const list = viewCandidates(query, passages)
    const rows = new Float64Array(passages.length * features.length)
    for (const [row, candidate] of list.candidates.entries())
      for (const [column, feature] of features.entries()) rows[row * features.length + column] = feature.measure(candidate, list)
    return rows
  }
}
