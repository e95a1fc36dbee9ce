/**
 * Nearest vectors in one index of the cluster, by comparing the query with every row that may be read (the k-NN plugin's exact
 * scoring; no graph). Knows nothing of writing.
 */
import type { IndexFilter, IndexHit } from '../../contracts/document-index.ts'
import type { Cluster } from './cluster.ts'
import { HIT_FIELDS } from './index-row.ts'
import { filterClauses, isEmpty, readableHits, search } from './lexical-search.ts'

/** What a field of vectors takes. */
export const MOST_DIMENSIONS = 16_000

const LARGEST = 127
/** What one step of the coarse part is divided into: half a step to either side fills a byte. */
const FINER = 2 * LARGEST

/** By descending cosine, ties by ascending id. */
export async function searchVectors(
  cluster: Cluster,
  index: string,
  query: Float32Array,
  filter: IndexFilter,
  limit: number,
  signal?: AbortSignal,
): Promise<readonly IndexHit[]> {
  if (isEmpty(filter.scopes) || query.every((value) => value === 0)) return []
  const parts = splitQuery(query)
  const functions = parts.map(({ values, weight }) => ({ script_score: { script: cosineScript(values) }, weight }))
  const readable = { bool: { filter: [...filterClauses(filter), { exists: { field: 'vector' } }] } }
  const body = {
    size: limit,
    query: { function_score: { query: readable, functions, score_mode: 'sum', boost_mode: 'replace' } },
    sort: [{ _score: 'desc' }, { id: 'asc' }, { version: 'asc' }],
    track_total_hits: false,
    _source: HIT_FIELDS,
  }
  const { hits } = await search(cluster, index, body, {}, signal)
  const shift = parts.reduce((sum, { weight }) => sum + weight, 0)
  return readableHits(hits.hits, filter).map((hit) => ({ ...hit, score: Math.max(-1, Math.min(1, hit.score - shift)) }))
}

export interface QueryPart {
  /** Whole numbers in [-127, 127], not all zero. */
  readonly values: readonly number[]
  /** What its cosine with a row counts for the query's. */
  readonly weight: number
}

/**
 * Rows of bytes are compared with bytes only, and eight bits of a query would move cosines by some thousandths. So it goes in two
 * parts, coarse and fine: `q = coarse + fine / 254`, and `cos(q, v) = (|coarse| cos(coarse, v) + |fine| / 254 cos(fine, v)) / |q|`.
 */
export function splitQuery(query: Float32Array): readonly [QueryPart, ...QueryPart[]] {
  const largest = query.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
  const scaled = Array.from(query, (value) => (value / largest) * LARGEST)
  const coarse = scaled.map(Math.round)
  const fine = scaled.map((value, at) => Math.round((value - (coarse[at] ?? 0)) * FINER))
  const length = Math.hypot(...coarse.map((value, at) => value + (fine[at] ?? 0) / FINER))
  const first = { values: coarse, weight: Math.hypot(...coarse) / length }
  const isWhole = fine.every((value) => value === 0)
  return isWhole ? [first] : [first, { values: fine, weight: Math.hypot(...fine) / FINER / length }]
}

/** Scores 1 + cosine: a score may not be below zero. */
function cosineScript(values: readonly number[]): object {
  const params = { field: 'vector', query_value: values, space_type: 'cosinesimil' }
  return { lang: 'knn', source: 'knn_score', params }
}
