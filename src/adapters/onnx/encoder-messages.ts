/** What the encoder and its child process say to each other. Knows nothing of how they run. */

/** What the child loads; given to it at its start. */
export interface EncoderSetting {
  readonly modelPath: string
  readonly tokenizerPath: string
  readonly pooling: 'mean' | 'cls'
  /** Tokens of one text, marks included. */
  readonly maxTokens: number
  /** Processor cores that one batch may use. */
  readonly threads: number
}

/** To the child: one batch at a time. */
export interface EncodeRequest {
  readonly texts: readonly string[]
}

/** From the child: `ready` or `unusable` once, then one answer for each request. */
export type EncoderReply =
  | { readonly type: 'ready' }
  | { readonly type: 'unusable'; readonly missing: boolean; readonly reason: string }
  /** `texts.length` vectors of `dimensions` values each, one after the other, as the model gives them. */
  | { readonly type: 'vectors'; readonly values: Float32Array; readonly dimensions: number }
  | { readonly type: 'failed'; readonly reason: string }
