/** Why a passage stands where it stands. Filled in only when a question asks for it; knows nothing of how it is shown. */
import type { IndexField } from './document-index.ts'

/** One thing that ranking looked at, and what it was worth. */
export interface Contribution {
  /** kebab-case, parts of one stage behind a slash: `lexical-chunks`, `proximity/coverage`. */
  readonly name: string
  /** What was measured, in the feature's own unit. */
  readonly value: number
  /** What it added to the passage's score; may be negative. A passage's contributions sum to its score. */
  readonly contribution: number
}

/** A word that the passage shares with the question, and where. */
export interface MatchedWord {
  /** As the question writes it; as the passage does when it is a related one. */
  readonly word: string
  readonly fields: readonly IndexField[]
  /** No word of the question, but what one of them may also be called. */
  readonly related?: true
}

/** One wording that was searched. */
export interface SearchedWording {
  readonly text: string
  /** How much it counts beside the question, in (0, 1]. */
  readonly weight: number
}
