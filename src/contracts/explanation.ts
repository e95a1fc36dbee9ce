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

/** A word of the question, as the asker wrote it, and where the passage has it. */
export interface MatchedWord {
  readonly word: string
  readonly fields: readonly IndexField[]
  /** The passage does not have the word itself but what else it is called. */
  readonly related?: readonly string[]
}
