/** The document index on LanceDB: one folder per tenant and index definition, one table per level in it. Knows no ranking beyond the engine's. */
import { readdir, rm } from 'node:fs/promises'
import type { Connection } from '@lancedb/lancedb'
import { admittedScopes, INDEX_LEVELS, scopeCount } from '../../foundation/storage/index-shape.ts'
import type {
  DocumentIndex,
  DocumentIndexEngine,
  IndexFilter,
  IndexHit,
  IndexLevel,
  IndexRecord,
  IndexShape,
  IndexStats,
  IndexedVersion,
  LexicalQuery,
} from '../../contracts/document-index.ts'
import type { DocumentId, DocumentVersion, ScopeId } from '../../contracts/identity.ts'
import { systemClock, type Clock } from '../../foundation/concurrency/clock.ts'
import { contentHash } from '../../foundation/hashing/content-hash.ts'
import { TouchstoneError } from '../../foundation/errors/touchstone-error.ts'
import { fromPlainName, toPlainName } from '../../foundation/storage/plain-name.ts'
import { MATRIX_DIMENSIONS } from './direction-matrix.ts'
import { indexCorrupt, toIndexError } from './failure.ts'
import { createIndexCopies } from './index-copies.ts'
import { takeInventory } from './inventory.ts'
import { HIT_COLUMNS, toHits } from './index-row.ts'
import { findTable, IndexTable, type TableSetting } from './index-table.ts'
import { searchLexical } from './lexical-search.ts'
import { loadLanceDb } from './native.ts'
import { allOf, contentPredicate, isOneOf } from './predicate.ts'
import { searchVectors } from './vector-search.ts'

export interface LanceDbOptions {
  /** Folder that holds every tenant's indices; made when it does not exist. */
  readonly directory: string
  readonly clock?: Clock
}

/** LanceDB is loaded at the first `open`, so that commands that never search start fast. */
export function createLanceDbEngine({ directory, clock = systemClock }: LanceDbOptions): DocumentIndexEngine {
  const place = (tenant: string, definition: string): string => `${directory}/${toPlainName(tenant)}/${toPlainName(definition)}`
  return {
    id: 'lancedb',
    vectors: { maxDimensions: MATRIX_DIMENSIONS },
    open: (tenant, definition, shape = {}) => openIndex(place(tenant, definition), shape, clock),
    definitions: async (tenant) => {
      const entries = await readdir(`${directory}/${toPlainName(tenant)}`, { withFileTypes: true }).catch(() => [])
      return entries.filter((entry) => entry.isDirectory()).map((entry) => fromPlainName(entry.name))
    },
    discard: (tenant, definition) => rm(place(tenant, definition), { recursive: true, force: true }),
    copies: createIndexCopies(place, clock),
  }
}

async function openIndex(path: string, shape: IndexShape, clock: Clock): Promise<DocumentIndex> {
  try {
    const { module, newSession } = await loadLanceDb()
    // Zero: look for newer versions at every query, also those that another process wrote.
    const connect = (): Promise<Connection> => module.connect(path, { readConsistencyInterval: 0 }, newSession())
    const connection = await connect()
    const setting: TableSetting = { module, connection, connect, path, clock }
    await requirePair(setting)
    const tables = await openTables(setting, shape)
    return new LanceDbIndex(path, tables, () => connection.close())
  } catch (error) {
    throw toIndexError(error, path)
  }
}

type Tables = Readonly<Record<IndexLevel, IndexTable>>

async function openTables(setting: TableSetting, { vectors }: IndexShape): Promise<Tables> {
  const chunks = await IndexTable.open(setting, 'chunks', { dimensions: vectors?.dimensions })
  const documents = await IndexTable.open(setting, 'documents', { dimensions: undefined })
  return { chunks, documents }
}

/** A table that vanished while the other has rows is damage; one that was never made, since its maker was killed, is none. */
async function requirePair(setting: TableSetting): Promise<void> {
  const tables = { chunks: await findTable(setting, 'chunks'), documents: await findTable(setting, 'documents') }
  const [only, ...others] = INDEX_LEVELS.filter((level) => tables[level] !== undefined)
  if (only === undefined || others.length > 0 || (await tables[only]?.countRows()) === 0) return
  // Rows are written when both tables are there: who saw one only while another process made them now sees both.
  const missing = only === 'chunks' ? 'documents' : 'chunks'
  if ((await findTable(setting, missing)) === undefined)
    throw indexCorrupt(setting.path, `of its two tables only ${only} is there`)
}

class LanceDbIndex implements DocumentIndex {
  readonly #path: string
  readonly #tables: Tables
  readonly #disconnect: () => void
  #closed = false

  constructor(path: string, tables: Tables, disconnect: () => void) {
    this.#path = path
    this.#tables = tables
    this.#disconnect = disconnect
  }

  upsert(level: IndexLevel, records: readonly IndexRecord[]): Promise<void> {
    return this.#guard(() => this.#tables[level].upsert(records))
  }

  deleteDocuments(documents: readonly { readonly id: DocumentId; readonly keep?: DocumentVersion }[]): Promise<void> {
    return this.#guard(() => this.#everyTable((table) => table.deleteDocuments(documents)))
  }

  moveScope(documents: readonly DocumentId[], scope: ScopeId): Promise<void> {
    return this.#guard(() => this.#everyTable((table) => table.moveScope(documents, scope)))
  }

  searchLexical(
    level: IndexLevel,
    query: LexicalQuery,
    filter: IndexFilter,
    limit: number,
    signal?: AbortSignal,
  ): Promise<readonly IndexHit[]> {
    return this.#guard(async () => {
      signal?.throwIfAborted()
      return searchLexical(await this.#tables[level].read(), query, filter, limit, signal)
    })
  }

  searchVectors(query: Float32Array, filter: IndexFilter, limit: number, signal?: AbortSignal): Promise<readonly IndexHit[]> {
    return this.#guard(async () => {
      signal?.throwIfAborted()
      const opened = await this.#tables.chunks.readVectors()
      return opened === undefined ? [] : searchVectors(opened.reader, opened.vectors, query, filter, limit, signal)
    })
  }

  chunksOf(documents: readonly DocumentId[], filter: IndexFilter): Promise<readonly IndexHit[]> {
    return this.#guard(async () => {
      const scopes = admittedScopes(filter)
      if (documents.length === 0 || scopeCount(filter) === 0) return []
      const { table } = await this.#tables.chunks.read()
      // Documents are the narrower of the two, and their scopes are at hand once they are read.
      const where = allOf([isOneOf('document', documents), contentPredicate(filter)]) ?? 'false'
      const hits = toHits(await table.query().where(where).select(HIT_COLUMNS).toArrow())
      return hits.filter(({ scope }) => scopes.has(scope)).sort(byDocumentThenOrdinal)
    })
  }

  optimise(): Promise<void> {
    return this.#guard(() => this.#everyTable((table) => table.optimise()))
  }

  snapshot(name: string): Promise<void> {
    return this.#guard(() => this.#everyTable((table) => table.tag(toTag(name))))
  }

  restore(name: string): Promise<void> {
    return this.#guard(async () => {
      const tag = toTag(name)
      const known = await Promise.all(INDEX_LEVELS.map((level) => this.#tables[level].hasTag(tag)))
      // Both or neither: a snapshot that was cut short between its two tables is none.
      if (!known.every(Boolean)) throw new TouchstoneError('SNAPSHOT_UNKNOWN', { details: { snapshot: name } })
      await this.#everyTable((table) => table.restore(tag))
    })
  }

  inventory(): Promise<readonly IndexedVersion[]> {
    return this.#guard(async () => takeInventory(await this.#tables.chunks.newest(), await this.#tables.documents.newest()))
  }

  stats(): Promise<IndexStats> {
    return this.#guard(async () => {
      const { chunks, documents } = this.#tables
      const [chunkBytes, documentBytes] = await Promise.all([chunks.sizeBytes(), documents.sizeBytes()])
      return {
        records: { chunks: await chunks.count(), documents: await documents.count() },
        sizeBytes: chunkBytes + documentBytes,
      }
    })
  }

  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    for (const level of INDEX_LEVELS) this.#tables[level].close()
    this.#disconnect()
  }

  /** Chunks first: they alone are shown, so that a failure in between never leaves one readable that should not be. */
  async #everyTable(work: (table: IndexTable) => Promise<void>): Promise<void> {
    await work(this.#tables.chunks)
    await work(this.#tables.documents)
  }

  async #guard<Result>(work: () => Promise<Result>): Promise<Result> {
    if (this.#closed) throw new TouchstoneError('INDEX_UNAVAILABLE', { details: { reason: 'it was closed' } })
    try {
      return await work()
    } catch (error) {
      if (error instanceof DOMException && (error.name === 'AbortError' || error.name === 'TimeoutError')) throw error
      throw toIndexError(error, this.#path)
    }
  }
}

/** Tags allow few characters; a hash of the name has only those. */
function toTag(name: string): string {
  return `snapshot-${contentHash(name)}`
}

function byDocumentThenOrdinal(left: IndexHit, right: IndexHit): number {
  if (left.document !== right.document) return left.document < right.document ? -1 : 1
  return left.ordinal - right.ordinal || (left.version < right.version ? -1 : 1)
}
