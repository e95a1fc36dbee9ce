/** Weighted full-text search in one index of the cluster, and what its filter is there. Knows nothing of writing. */
import { admittedScopes, INDEX_FIELDS } from '../../foundation/storage/index-shape.ts'
import type { IndexField, IndexFilter, IndexHit, LexicalQuery } from '../../contracts/document-index.ts'
import { contentHash } from '../../foundation/hashing/content-hash.ts'
import type { Cluster } from './cluster.ts'
import { HIT_FIELDS, toHit, type StoredRow } from './index-row.ts'
import { encodeScopes } from './scope-bitmap.ts'

/** A cluster takes 1,024 clauses a query unless it is told otherwise; the filter needs a few. */
const MOST_CLAUSES = 1_000

export interface SearchAnswer {
  readonly timed_out: boolean
  readonly hits: { readonly hits: readonly { readonly _source: StoredRow; readonly sort: readonly unknown[] }[] }
}

interface AskedField {
  readonly field: IndexField
  readonly terms: readonly string[]
  readonly weight: number
}

/**
 * The score is the sum over fields of weight times BM25 (k1 1.2, b 0.75, statistics of all shards whatever the filter).
 * One plan serves every share of readable scopes: a bitmap of 100,000 of them costs the engine 4 ms (4,000 rows), where a
 * list of ids cost it 75 ms.
 */
export async function searchLexical(
  cluster: Cluster,
  index: string,
  query: LexicalQuery,
  filter: IndexFilter,
  limit: number,
  signal?: AbortSignal,
): Promise<readonly IndexHit[]> {
  const fields = await withinClauses(cluster, index, askedFields(query), signal)
  if (fields.length === 0 || isEmpty(filter.scopes)) return []
  const should = fields.map(({ field, terms, weight }) => ({ match: { [field]: { query: terms.join(' '), boost: weight } } }))
  const body = {
    size: limit,
    query: { bool: { should, minimum_should_match: 1, filter: filterClauses(filter) } },
    sort: [{ _score: 'desc' }, { id: 'asc' }, { version: 'asc' }],
    track_total_hits: false,
    _source: HIT_FIELDS,
  }
  // Copies of a shard may count removed rows differently: the same question goes to the same copy, others spread over all.
  const options = { search_type: 'dfs_query_then_fetch', preference: contentHash(...query.terms) }
  const { hits } = await search(cluster, index, body, options, signal)
  return readableHits(hits.hits, filter)
}

/** An answer that is not whole is none. */
export function search(
  cluster: Cluster,
  index: string,
  body: object,
  options: Readonly<Record<string, string>>,
  signal?: AbortSignal,
): Promise<SearchAnswer> {
  const query = { ...options, allow_partial_search_results: false }
  return cluster.ask<SearchAnswer>({ method: 'POST', path: `/${index}/_search`, query, body, kind: 'read', signal })
}

/** Checked here as well: this is the promise that the filter is never widened, whatever the cluster makes of it. */
export function readableHits(hits: SearchAnswer['hits']['hits'], filter: IndexFilter): readonly IndexHit[] {
  const readable = admittedScopes(filter)
  return hits
    .filter(({ _source: row }) => readable.has(row.scope))
    .map(({ _source: row, sort }) => toHit(row, typeof sort[0] === 'number' ? sort[0] : 0))
}

export function isEmpty(scopes: IndexFilter['scopes']): boolean {
  return (scopes instanceof Set ? scopes.size : (scopes as Int32Array).length) === 0
}

export function filterClauses({ scopes, sources, languages, documents }: IndexFilter): object[] {
  const narrowing = { source: sources, language: languages, document: documents }
  return [
    { terms: { scope: [encodeScopes(scopes)], value_type: 'bitmap' } },
    ...Object.entries(narrowing).flatMap(([field, values]) => (values === undefined ? [] : [{ terms: { [field]: values } }])),
  ]
}

/** One part for each searched field, and one for each group of further terms. */
function askedFields(query: LexicalQuery): AskedField[] {
  const own = INDEX_FIELDS.map((field) => ({ field, terms: query.terms, weight: query.fieldWeights[field] }))
  const further = (query.further ?? []).map((group) => ({ field: 'body' as const, ...group }))
  return [...own, ...further].filter(({ terms, weight }) => terms.length > 0 && weight > 0)
}

/** Of a question as long as a report, the terms that say most: each is a clause for each field, and there may be so many. */
async function withinClauses(
  cluster: Cluster,
  index: string,
  fields: AskedField[],
  signal: AbortSignal | undefined,
): Promise<AskedField[]> {
  const clauses = fields.reduce((sum, { terms }) => sum + terms.length, 0)
  if (clauses <= MOST_CLAUSES) return fields
  const terms = [...new Set(fields.flatMap((field) => field.terms))]
  const told = new Set(await tellingTerms(cluster, index, terms, Math.floor(MOST_CLAUSES / fields.length), signal))
  const kept = fields.map((field) => ({ ...field, terms: [...new Set(field.terms)].filter((term) => told.has(term)) }))
  return kept.filter((field) => field.terms.length > 0)
}

/** The rarest of those that stand in any row at all. */
async function tellingTerms(
  cluster: Cluster,
  index: string,
  terms: readonly string[],
  most: number,
  signal: AbortSignal | undefined,
): Promise<readonly string[]> {
  const body = {
    doc: { body: terms.join(' ') },
    fields: ['body'],
    term_statistics: true,
    field_statistics: false,
    positions: false,
    offsets: false,
  }
  const path = `/${index}/_termvectors`
  const { term_vectors: vectors } = await cluster.ask<TermVectors>({ method: 'POST', path, body, kind: 'read', signal })
  // The cluster could choose itself, but its choice takes in terms that stand nowhere.
  const rows = (term: string): number => vectors.body?.terms[term]?.doc_freq ?? 0
  const known = terms.filter((term) => rows(term) > 0)
  return known.sort((left, right) => rows(left) - rows(right)).slice(0, most)
}

interface TermVectors {
  readonly term_vectors: { readonly body?: { readonly terms: Readonly<Record<string, { readonly doc_freq?: number }>> } }
}
