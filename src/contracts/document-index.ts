/** The search index: stores analysed chunks, finds candidates. We analyse, engines match: terms arrive and leave as strings. */
import type { FirstStageScores } from './first-stage-scores.ts'
import type { ChunkId, DocumentId, DocumentVersion, ScopeId } from './identity.ts'
import type { IndexCopies } from './index-copies.ts'

/** The two levels that are indexed: spans of documents, and whole documents (their id is the chunk id `document#`). */
export type IndexLevel = 'chunks' | 'documents'

/** The fields of a record that are searched; weights are the retriever's. */
export type IndexField = 'title' | 'path' | 'headings' | 'body'

/** One row of the index. Terms are analysed, space-separated, matched as whole terms. */
export interface IndexRecord {
  readonly id: ChunkId
  readonly document: DocumentId
  readonly version: DocumentVersion
  readonly scope: ScopeId
  readonly source: string
  readonly language: string
  readonly terms: Readonly<Record<IndexField, string>>
  /** Where the chunk lies; needed to show it without another look-up. */
  readonly ordinal: number
  readonly start: number
  readonly end: number
  /** Encoded by who writes; empty when the format has no places. */
  readonly place: string
  /** Headings joined by U+001F. */
  readonly headingPath: string
  /**
   * Where the text lies in the embedding's space: as many values in [-127, 127] as the index was opened with. Only the direction
   * counts. Absent where there is none: such a row is no hit of `searchVectors`. Ignored by an index without vectors.
   */
  readonly vector?: Int8Array
}

/** A lexical query: terms with weights, over weighted fields. */
export interface LexicalQuery {
  readonly terms: readonly string[]
  /** Looked for in the body only, beside the above, with the weight of a match there; a term may stand in several. */
  readonly further?: readonly { readonly terms: readonly string[]; readonly weight: number }[]
  readonly fieldWeights: Readonly<Record<IndexField, number>>
}

/** Restricts candidates; all given parts must hold. An empty `scopes` admits nothing. */
export interface IndexFilter {
  /** An array is never written to after it was given: engines remember what they made of it. */
  readonly scopes: ReadonlySet<number> | Int32Array
  readonly scopesTotal: number
  readonly sources?: readonly string[]
  readonly languages?: readonly string[]
  readonly documents?: readonly DocumentId[]
}

export interface IndexHit {
  readonly id: ChunkId
  readonly document: DocumentId
  readonly version: DocumentVersion
  readonly scope: ScopeId
  readonly ordinal: number
  readonly start: number
  readonly end: number
  readonly place: string
  readonly headingPath: string
  /** Lexical: the engine's score, >= 0, comparable only within one list. Vectors: the cosine, in [-1, 1]. */
  readonly score: number
  /** What the score was fused from, once it was. */
  readonly firstStage?: FirstStageScores
}

/** What the index holds of one version of a document: compared with the state, it tells what is missing and what is left over. */
export interface IndexedVersion {
  readonly document: DocumentId
  readonly version: DocumentVersion
  /** Distinct scopes of its rows. */
  readonly scopes: readonly ScopeId[]
  /** Ordinal, start and end of its chunks, ascending by ordinal. */
  readonly chunks: readonly (readonly [ordinal: number, start: number, end: number])[]
  /** Whether the row of the whole document is there. */
  readonly whole: boolean
}

export interface IndexStats {
  readonly records: Readonly<Record<IndexLevel, number>>
  readonly sizeBytes: number
}

/** Holds one tenant's records under one index definition. Writes are durable when they resolve. */
export interface DocumentIndex {
  /** Adds records, replacing rows with the same id and version. */
  upsert(level: IndexLevel, records: readonly IndexRecord[]): Promise<void>
  /** Removes rows of the documents; with `keep`, those of other versions only. Unknown documents are no error. */
  deleteDocuments(documents: readonly { readonly id: DocumentId; readonly keep?: DocumentVersion }[]): Promise<void>
  /** Rewrites the scope of all rows of the documents; nothing else changes. */
  moveScope(documents: readonly DocumentId[], scope: ScopeId): Promise<void>
  /**
   * By descending score, ties by ascending id. Sees every write that resolved before, also another process's.
   * Never returns a row outside `filter.scopes`. An empty query gives no hits.
   * @param limit 1..1000
   */
  searchLexical(
    level: IndexLevel,
    query: LexicalQuery,
    filter: IndexFilter,
    limit: number,
    signal?: AbortSignal,
  ): Promise<readonly IndexHit[]>
  /**
   * The chunks whose vectors are nearest by cosine: by descending cosine, ties by ascending id. Present when the index was opened
   * with vectors. Sees every write that resolved before, also another process's. Never returns a row outside `filter.scopes`, and
   * never fewer than min(limit, rows with a vector inside the filter).
   * May be approximate on a large readable set: recall@10 against the exact ranking >= 0.98 at every readable share.
   * @param query as many finite values as the index was opened with; all zeros finds nothing
   * @param limit 1..1000
   */
  searchVectors?(query: Float32Array, filter: IndexFilter, limit: number, signal?: AbortSignal): Promise<readonly IndexHit[]>
  /** The chunks of these documents, ascending by ordinal, inside the filter. */
  chunksOf(documents: readonly DocumentId[], filter: IndexFilter): Promise<readonly IndexHit[]>
  /** Folds recent writes into the engine's structures; safe at any time. */
  optimise(): Promise<void>
  /** Remembers the present content under a name; restoring brings content back, never permissions (the caller re-applies scopes). */
  snapshot(name: string): Promise<void>
  /** @throws TouchstoneError SNAPSHOT_UNKNOWN */
  restore(name: string): Promise<void>
  /** Every row, by document version. Reads no terms. */
  inventory(): Promise<readonly IndexedVersion[]>
  stats(): Promise<IndexStats>
  close(): Promise<void>
}

/** What an index holds beside terms. The same at every opening of a definition: the definition names the embedding. */
export interface IndexShape {
  /** Chunks carry vectors of so many dimensions. */
  readonly vectors?: { readonly dimensions: number }
}

/** Opens the index of a tenant under a definition, making it when it does not exist. */
export interface DocumentIndexEngine {
  readonly id: string
  /** What vectors it can hold; absent where it holds none. */
  readonly vectors?: { readonly maxDimensions: number }
  /** @throws TouchstoneError INDEX_UNAVAILABLE, INDEX_CORRUPT */
  open(tenant: string, definition: string, shape?: IndexShape): Promise<DocumentIndex>
  /** Definitions that the tenant has an index of, damaged ones too. */
  definitions(tenant: string): Promise<readonly string[]>
  /** Removes an index that nobody has open; one that is not there is no error. */
  discard(tenant: string, definition: string): Promise<void>
  /** Absent where the engine keeps its own backups: a restore then indexes the stored texts again. */
  readonly copies?: IndexCopies
}
