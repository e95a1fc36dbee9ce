/** Documents and chunks as they pass from sources to the index. Knows nothing of formats, engines or storage. */
import type { Contribution, MatchedWord } from './explanation.ts'
import type { FirstStageScores } from './first-stage-scores.ts'
import type { ChunkId, DocumentId, DocumentVersion, ScopeId } from './identity.ts'
import type { Place } from './place.ts'

/** Kinds of blocks that a parser tells apart. A table row is rendered readably, as `Header: cell; Header: cell`. */
export type BlockKind = 'heading' | 'paragraph' | 'list-item' | 'table-row' | 'code' | 'quote'

/** A span of the stored text; half-open, in UTF-16 code units. Blocks are disjoint and ascending. */
export interface TextBlock {
  readonly kind: BlockKind
  readonly start: number
  readonly end: number
  /** 1..6 for headings. */
  readonly level?: number
  /** Where the format has pages, slides or cells. */
  readonly place?: Place
}

/** What a parser makes of bytes. `text` is stored as it is, and all offsets refer to it. */
export interface ParsedDocument {
  readonly title?: string
  readonly text: string
  readonly blocks: readonly TextBlock[]
  /** Front matter or document properties: plain data. */
  readonly metadata: Readonly<Record<string, unknown>>
  /** Language that the text is written in, BCP 47 primary subtag; detected in the process that parses. */
  readonly language?: string
}

/** A span of a document with its heading path; the unit that is searched and cited. */
export interface Chunk {
  readonly ordinal: number
  readonly start: number
  readonly end: number
  /** Headings from the outermost to the nearest; without the document's title. */
  readonly headingPath: readonly string[]
  /** The enclosing section's span: the chunk's parent. */
  readonly section: { readonly start: number; readonly end: number }
  /** Of the first block; cells span all blocks. */
  readonly place?: Place
}

/** One document as state keeps it. */
export interface StoredDocument {
  readonly id: DocumentId
  readonly source: string
  readonly path: string
  readonly version: DocumentVersion
  readonly title: string
  /** BCP 47 primary subtag, e.g. `de`. */
  readonly language: string
  readonly mediaType: string
  readonly scope: ScopeId
  readonly metadata: Readonly<Record<string, unknown>>
  /** Milliseconds since the epoch: when the source says that it changed. */
  readonly modifiedAtMs: number
  readonly indexedAtMs: number
}

/** A retrieved chunk whose readability both locks confirmed, with its text. */
export interface Passage {
  readonly chunk: ChunkId
  readonly document: DocumentId
  readonly version: DocumentVersion
  readonly title: string
  readonly path: string
  readonly source: string
  readonly language: string
  readonly headingPath: readonly string[]
  /** Half-open span in the stored text of that version; `text === storedText.slice(start, end)`. */
  readonly start: number
  readonly end: number
  readonly text: string
  readonly place?: Place
  readonly metadata: Readonly<Record<string, unknown>>
  readonly modifiedAtMs: number
  /** Its document says at its beginning that another one has replaced it. */
  readonly replaced?: true
  /** Relative to the best hit, in [0, 1]. */
  readonly score: number
  /** What the score was made of before anything was reordered; absent when the passage was not searched for. */
  readonly firstStage?: FirstStageScores
  /**
   * There only when the question asked for an explanation: a stage that finds it appends what it added, or replaces it when it
   * scores anew, so that the sum stays the score.
   */
  readonly contributions?: readonly Contribution[]
  /** Absolute values that stages measured, by name; administrators' alone. There when `contributions` is. */
  readonly features?: Readonly<Record<string, number>>
  /** Words shared with the question, in its order. There when `contributions` is. */
  readonly matched?: readonly MatchedWord[]
}
