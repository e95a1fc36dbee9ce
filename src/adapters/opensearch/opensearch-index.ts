/** The document index on OpenSearch: two indices per tenant and index definition, behind aliases. Knows no ranking beyond the engine's. */
import type {
  DocumentIndex,
  DocumentIndexEngine,
  IndexFilter,
  IndexHit,
  IndexLevel,
  IndexRecord,
  IndexStats,
  IndexedVersion,
  LexicalQuery,
} from '../../contracts/document-index.ts'
import type { DocumentId, DocumentVersion, ScopeId } from '../../contracts/identity.ts'
import { systemClock, type Clock } from '../../foundation/concurrency/clock.ts'
import { systemIds, type IdSource } from '../../foundation/concurrency/random.ts'
import { TouchstoneError } from '../../foundation/errors/touchstone-error.ts'
import { Cluster } from './cluster.ts'
import { countRows, openIndices, removeIndices, restoreSnapshot, takeSnapshot, type IndexPlace } from './index-life.ts'
import { aliasesOfTenant, definitionOf, IndexNames } from './index-names.ts'
import { HIT_FIELDS, type IndexLayout } from './index-row.ts'
import { deleteRows, moveRows, refresh, upsertRows } from './index-writes.ts'
import { takeInventory } from './inventory.ts'
import { filterClauses, isEmpty, readableHits, search, searchLexical } from './lexical-search.ts'
import { MOST_DIMENSIONS, searchVectors } from './vector-search.ts'

export interface OpenSearchOptions extends IndexLayout {
  /** https://user:password@host:9200 */
  readonly url: string
  /** First part of the name of every index: several installations may share a cluster. */
  readonly prefix: string
  /** Until a search is answered. */
  readonly timeoutMs: number
  readonly clock?: Clock
  readonly ids?: IdSource
}

/** The cluster keeps its own copies, so that a backup holds none; the client is loaded at the first `open`. */
export function createOpenSearchEngine(options: OpenSearchOptions): DocumentIndexEngine {
  const { url, prefix, timeoutMs, shards, replicas, clock = systemClock, ids = systemIds } = options
  const connect = (): Promise<Cluster> => Cluster.connect({ url, timeoutMs, clock })
  return {
    id: 'opensearch',
    vectors: { maxDimensions: MOST_DIMENSIONS },
    open: async (tenant, definition, shape = {}) => {
      const cluster = await connect()
      const names = new IndexNames(prefix, tenant, definition)
      const place = { cluster, names, layout: { shards, replicas }, ids, dimensions: shape.vectors?.dimensions }
      try {
        await openIndices(place)
        return new OpenSearchIndex(place)
      } catch (error) {
        await cluster.close()
        throw error
      }
    },
    definitions: (tenant) => once(connect, (cluster) => definitionsOf(cluster, aliasesOfTenant(prefix, tenant))),
    discard: (tenant, definition) =>
      once(connect, (cluster) => removeIndices(cluster, new IndexNames(prefix, tenant, definition).all)),
  }
}

async function once<Result>(connect: () => Promise<Cluster>, work: (cluster: Cluster) => Promise<Result>): Promise<Result> {
  const cluster = await connect()
  try {
    return await work(cluster)
  } finally {
    await cluster.close()
  }
}

async function definitionsOf(cluster: Cluster, pattern: string): Promise<readonly string[]> {
  const path = `/_alias/${pattern}`
  const found = await cluster.ask<Readonly<Record<string, { aliases: object }>>>({ method: 'GET', path, kind: 'read' })
  const aliases = Object.values(found).flatMap((index) => Object.keys(index.aliases))
  return aliases.map(definitionOf).filter((definition) => definition !== undefined)
}

const CHUNKS_PER_PAGE = 1_000

class OpenSearchIndex implements DocumentIndex {
  readonly #place: IndexPlace
  #closed = false

  constructor(place: IndexPlace) {
    this.#place = place
  }

  async upsert(level: IndexLevel, records: readonly IndexRecord[]): Promise<void> {
    const { cluster, names, dimensions } = this.#opened()
    await upsertRows(cluster, names.live(level), records, level === 'chunks' ? dimensions : undefined)
  }

  async deleteDocuments(documents: readonly { readonly id: DocumentId; readonly keep?: DocumentVersion }[]): Promise<void> {
    const { cluster, names } = this.#opened()
    await deleteRows(cluster, names.both, documents)
  }

  async moveScope(documents: readonly DocumentId[], scope: ScopeId): Promise<void> {
    const { cluster, names } = this.#opened()
    await moveRows(cluster, names.both, documents, scope)
  }

  async searchLexical(
    level: IndexLevel,
    query: LexicalQuery,
    filter: IndexFilter,
    limit: number,
    signal?: AbortSignal,
  ): Promise<readonly IndexHit[]> {
    const { cluster, names } = this.#opened()
    signal?.throwIfAborted()
    return searchLexical(cluster, names.live(level), query, filter, limit, signal)
  }

  async searchVectors(
    query: Float32Array,
    filter: IndexFilter,
    limit: number,
    signal?: AbortSignal,
  ): Promise<readonly IndexHit[]> {
    const { cluster, names, dimensions } = this.#opened()
    signal?.throwIfAborted()
    return dimensions === undefined ? [] : searchVectors(cluster, names.live('chunks'), query, filter, limit, signal)
  }

  async chunksOf(documents: readonly DocumentId[], filter: IndexFilter): Promise<readonly IndexHit[]> {
    const { cluster, names } = this.#opened()
    if (documents.length === 0 || isEmpty(filter.scopes)) return []
    const wanted = [...filterClauses(filter), { terms: { document: documents } }]
    const sort = ['document', 'ordinal', 'version']
    const body = { size: CHUNKS_PER_PAGE, query: { bool: { filter: wanted } }, sort, _source: HIT_FIELDS }
    const found: IndexHit[] = []
    for (let after: object = {}; ;) {
      const { hits } = await search(cluster, names.live('chunks'), { ...body, ...after }, {})
      found.push(...readableHits(hits.hits, filter).map((hit) => ({ ...hit, score: 0 })))
      if (hits.hits.length < CHUNKS_PER_PAGE) return found
      after = { search_after: hits.hits.at(-1)?.sort }
    }
  }

  /** The cluster folds by itself; asked for, it lets go of removed rows sooner, which its statistics count until then. */
  async optimise(): Promise<void> {
    const { cluster, names } = this.#opened()
    const query = { only_expunge_deletes: true, wait_for_completion: false }
    await cluster.ask({ method: 'POST', path: `/${names.both}/_forcemerge`, query, kind: 'write' })
  }

  async snapshot(name: string): Promise<void> {
    await takeSnapshot(this.#opened(), name)
  }

  async restore(name: string): Promise<void> {
    await restoreSnapshot(this.#opened(), name)
  }

  async inventory(): Promise<readonly IndexedVersion[]> {
    const { cluster, names } = this.#opened()
    await refresh(cluster, names.both)
    return takeInventory(cluster, names.live('chunks'), names.live('documents'))
  }

  async stats(): Promise<IndexStats> {
    const { cluster, names } = this.#opened()
    const path = `/${names.both}/_stats/store`
    const [sizes, chunks, documents] = await Promise.all([
      cluster.ask<StoreStats>({ method: 'GET', path, kind: 'read' }),
      countRows(cluster, names.live('chunks')),
      countRows(cluster, names.live('documents')),
    ])
    return { records: { chunks, documents }, sizeBytes: sizes._all.primaries.store?.size_in_bytes ?? 0 }
  }

  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    await this.#place.cluster.close()
  }

  #opened(): IndexPlace {
    if (this.#closed) throw new TouchstoneError('INDEX_UNAVAILABLE', { details: { reason: 'it was closed' } })
    return this.#place
  }
}

interface StoreStats {
  readonly _all: { readonly primaries: { readonly store?: { readonly size_in_bytes: number } } }
}
