/** A document as lists show it, without its text. The stable surface. */
import type { DocumentId, DocumentVersion } from './identity.ts'

export interface DocumentSummary {
  readonly document: DocumentId
  readonly version: DocumentVersion
  readonly title: string
  readonly path: string
  readonly language: string
  readonly mediaType: string
  readonly modifiedAtMs: number
}
