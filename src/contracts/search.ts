/** What a search prints and what HTTP returns. The stable surface. */
import type { MatchedWord, SearchedWording } from './explanation.ts'
import type { ChunkId, DocumentId, DocumentVersion } from './identity.ts'
import type { PlaceFields } from './place.ts'
import type { Correction, Notice } from './retrieval.ts'

export interface SearchHit extends PlaceFields {
  readonly document: DocumentId
  readonly version: DocumentVersion
  readonly chunk: ChunkId
  readonly title: string
  readonly path: string
  /** Relative to the best hit, three digits. */
  readonly score: number
  readonly start: number
  readonly end: number
  readonly text: string
  /** Where it was asked for. */
  readonly explanation?: HitExplanation
}

/** Why a hit stands where it stands: of what the searcher may read alone. */
export interface HitExplanation {
  /** They sum to the score, up to rounding. */
  readonly contributions: readonly {
    readonly name: string
    /** In points of the score, three digits. */
    readonly contribution: number
    /** What was measured; administrators only. */
    readonly value?: number
  }[]
  readonly matched: readonly MatchedWord[]
  /** Absolute values, by name; administrators only. */
  readonly features?: Readonly<Record<string, number>>
}

/** What was searched for. */
export interface SearchExplanation {
  readonly wordings: readonly SearchedWording[]
}

export interface SearchResult {
  readonly id: string
  readonly items: readonly SearchHit[]
  /** External indexes that did not answer. Absent when all did. */
  readonly unavailable?: readonly string[]
  /** Where it was asked for. */
  readonly explanation?: SearchExplanation
  /** What was searched for instead of misspelled words. Absent when there was nothing to correct. */
  readonly corrections?: readonly Correction[]
  /** What was not done as it should be. Absent when all was. */
  readonly notices?: readonly Notice[]
}
