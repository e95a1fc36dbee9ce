/** What a search prints and what HTTP returns. The stable surface. */
import type { ChunkId, DocumentId, DocumentVersion } from './identity.ts'
import type { PlaceFields } from './place.ts'
import type { Notice } from './retrieval.ts'

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
}

export interface SearchResult {
  readonly id: string
  readonly items: readonly SearchHit[]
  /** What was not done as it should be. Absent when all was. */
  readonly notices?: readonly Notice[]
}
