/** Texts as points whose angle says how related they are. Knows nothing of the model behind it. */

import type { ModelCost } from './chat-model.ts'

/** Which side a text stands on: some models place questions otherwise than what answers them. */
export type EmbeddingKind = 'query' | 'passage'

/** Cosines between texts that have nothing to do with each other; a similarity means something only above these. */
export interface SimilarityBackground {
  readonly mean: number
  /** Standard deviation, > 0. */
  readonly deviation: number
}

export interface EmbeddingModel {
  /** `builtin/static-embedding@1`, `NAME/model`; vectors of different ids are not comparable. Changes with whatever changes a vector. */
  readonly id: string
  readonly dimensions: number
  /** ISO 639-1 codes of the languages whose texts it places meaningfully; empty when it does not say. */
  readonly languages: readonly string[]
  /** Too coarse for what it finds alone to be worth showing: it moves what words found, and no more. */
  readonly reordersOnly?: true
  /**
   * Any number of texts, of any length: it makes its own batches, and cuts texts at its own limit.
   * @returns for each text `dimensions` values of unit length; all zeros for a text of which no part is known (also the empty one)
   * @throws TouchstoneError EMBEDDING_INVALID (other dimensions, a value that is no number), ENCODER_*, MODEL_*; what the signal says when it aborts
   */
  embed(texts: readonly string[], options: EmbedOptions, signal: AbortSignal): Promise<readonly Float32Array[]>
  /**
   * Of cosines of queries with passages, over a fixed sample of unrelated texts: `(cosine - mean) / deviation` is how many standard
   * deviations a pair stands above unrelated ones, so that one threshold or weight carries from model to model.
   * Measured at the first call, then remembered. @throws as `embed`
   */
  background(signal: AbortSignal): Promise<SimilarityBackground>
  /** Ends what it holds open; further calls fail. */
  close(): Promise<void>
}

export interface EmbedOptions {
  readonly kind: EmbeddingKind
  /** Told of each request that a provider charges for. */
  readonly onCost?: (cost: ModelCost) => void
}
