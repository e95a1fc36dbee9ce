/** A stretch of a text. Knows offsets only. */

/** Half-open, in UTF-16 code units: `text.slice(start, end)`. */
export interface Span {
  readonly start: number
  readonly end: number
}

export interface WordSpan extends Span {
  /** Exactly `text.slice(start, end)`. */
  readonly text: string
}
