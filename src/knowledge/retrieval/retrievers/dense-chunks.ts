/** Finds chunks by meaning: by the angle between their vector and the question's. Knows how cosines become shares; knows no model and no engine. */
import type { DocumentIndex, IndexFilter, IndexHit } from '../../../contracts/document-index.ts'
import type { SimilarityBackground } from '../../../contracts/embedding-model.ts'
import type { AnalysedQuery, RetrievedHit } from '../../../contracts/retrieval.ts'
import { TouchstoneError } from '../../../foundation/errors/touchstone-error.ts'
import type { QueryEncoder } from '../query-encoder.ts'

export interface DenseList {
  readonly hits: readonly RetrievedHit[]
  /** It only moves what words found: see EmbeddingModel. */
  readonly reordersOnly?: boolean
  /** Why there is no list, where one was wanted. */
  readonly notice?: TouchstoneError
}

export interface DenseRetriever {
  readonly id: string
  /** Scores are shares in [0, 1] as `toShares` says; hits lie in the filter. Nothing where the encoder does not know the language. */
  retrieve(query: AnalysedQuery, filter: IndexFilter, limit: number, signal: AbortSignal): Promise<DenseList>
}

/** What the list counts beside the words where settings do not say, in [0, 1]. Found on several collections, with encoders of several kinds. */
export function defaultDenseWeight(reordersOnly: boolean): number {
  return reordersOnly ? 0.2 : 0.5
}

/** Standard deviations above unrelated texts from which on a best hit counts as whole: below, the whole list counts less. */
const CERTAIN_DEVIATIONS = 3

export function createDenseChunks(index: DocumentIndex, encoder: QueryEncoder): DenseRetriever {
  return {
    id: 'dense-chunks',
    async retrieve(query, filter, limit, signal) {
      const { languages } = encoder
      if (languages.length > 0 && !languages.includes(query.language)) return { hits: [] }
      const encoded = await encoder.encode(query.text, signal)
      if (encoded instanceof TouchstoneError) return { hits: [], notice: encoded }
      const hits = (await index.searchVectors?.(encoded.vector, filter, limit, signal)) ?? []
      return { hits: toShares(hits, encoded.background), reordersOnly: encoder.reordersOnly }
    },
  }
}

/** Standing, in deviations, from which on down a hit counts less and less and never nothing: its place in the list still says something. */
const BARELY_ABOVE = 0.5

/**
 * A cosine's standing above unrelated texts, as a share of the best one's: 0 at the background's mean, 1 for the best.
 * Where even the best stands less than three deviations above it, it is a share of those three. From half a deviation on down shares
 * fade out exponentially: across languages cosines are lower than the background's, and still in order. Nothing where even the best lies at or
 * below the mean.
 * Source: the theoretical minimum and observed maximum of Bruch, Gai, Ingber 2023 (arXiv 2210.11934), the minimum being where this
 * encoder puts what is unrelated: one fusion weight then means the same for encoders whose cosines spread differently.
 */
export function toShares(hits: readonly IndexHit[], { mean, deviation }: SimilarityBackground): readonly RetrievedHit[] {
  const [best] = hits
  if (best === undefined || best.score <= mean) return []
  const standing = (cosine: number): number => fadeOut((cosine - mean) / deviation)
  const bound = Math.max(CERTAIN_DEVIATIONS, standing(best.score))
  return hits.map((hit) => ({ ...hit, score: standing(hit.score) / bound, engineScore: hit.score }))
}

/** Continuous, and so is its slope. */
function fadeOut(deviations: number): number {
  return deviations >= BARELY_ABOVE ? deviations : BARELY_ABOVE * Math.exp(deviations / BARELY_ABOVE - 1)
}
