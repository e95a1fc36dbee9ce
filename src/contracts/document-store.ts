/** What retrieval reads of the state: current versions, their text, what a filter admits. Knows nothing of permissions: callers check them. */
import type { StoredDocument } from './document.ts'
import type { DocumentId, DocumentVersion, TenantId } from './identity.ts'
import type { MetadataFilter } from './retrieval.ts'

export interface DocumentWithText {
  readonly document: StoredDocument
  readonly text: string
}

/** What the documents of some scopes are. */
export interface ReadableValues {
  readonly sources: readonly string[]
  readonly languages: readonly string[]
}

export interface DocumentReader {
  /** Current versions only; deleted, withheld and unknown documents are left out. */
  load(tenant: TenantId, documents: readonly DocumentId[]): Promise<ReadonlyMap<DocumentId, DocumentWithText>>
  /** Text of one stored version, also one that a newer has replaced, while it is kept. */
  versionText(tenant: TenantId, document: DocumentId, version: DocumentVersion): Promise<string | undefined>
  /** Documents in these scopes that satisfy every entry of the filter; `path` is a glob of `*`, `**` and `?`. */
  matching(tenant: TenantId, filter: MetadataFilter, scopes: Int32Array): Promise<readonly DocumentId[]>
  /** Languages of the tenant's documents, most frequent first. */
  languages(tenant: TenantId): Promise<readonly string[]>
  /** Sources and languages of the documents in these scopes, sorted. */
  readableValues(tenant: TenantId, scopes: Int32Array): Promise<ReadableValues>
  /** How many documents lie in these scopes, and in which sources. */
  countReadable(
    tenant: TenantId,
    scopes: Int32Array,
  ): Promise<{ readonly documents: number; readonly sources: readonly string[] }>
}
