/** Texts as points whose angle says how related they are. Knows nothing of the model behind it. */

/** Cosines between sentences that have nothing to do with each other; a similarity means something only above these. */
export interface SimilarityBackground {
  readonly mean: number
  /** Standard deviation, > 0. */
  readonly deviation: number
}

export interface TextEmbedder {
  /** `builtin/static-embedding@1`; vectors of different ids are not comparable. */
  readonly id: string
  readonly dimensions: number
  /** ISO 639-1 codes of the languages whose texts it places meaningfully. */
  readonly languages: readonly string[]
  /** `(cosine - mean) / deviation` is how many standard deviations a pair stands above unrelated ones. */
  readonly background: SimilarityBackground
  /** @returns `dimensions` values of unit length; all zeros for a text of which no part is known (also the empty one) */
  embed(text: string): Float32Array
}
