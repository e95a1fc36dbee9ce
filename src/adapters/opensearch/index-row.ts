/** The rows of an index in the cluster: mapping and settings, and the way from a record to a row and back to a hit. Knows nothing of queries. */
import { INDEX_FIELDS } from '../../foundation/storage/index-shape.ts'
import type { IndexHit, IndexRecord } from '../../contracts/document-index.ts'
import { contentHash } from '../../foundation/hashing/content-hash.ts'

/** Raised when rows of an older format could not be read. */
export const ROW_FORMAT = 1

/** Terms are ours and may be long (a whole URL); only a field that is no text at all comes near this. */
const LONGEST_TERM = 1_000
const LONGEST_TOKEN = 1_048_576

export interface IndexLayout {
  readonly shards: number
  readonly replicas: number
}

/** One row as it is stored. */
export interface StoredRow {
  readonly id: string
  readonly document: string
  readonly version: string
  readonly scope: number
  readonly source: string
  readonly language: string
  readonly title: string
  readonly path: string
  readonly headings: string
  readonly body: string
  readonly ordinal: number
  readonly start: number
  readonly end: number
  readonly place: string
  readonly heading_path: string
  readonly vector?: readonly number[]
}

/** What a hit needs; the analysed text stays where it is. */
export const HIT_FIELDS = ['id', 'document', 'version', 'scope', 'ordinal', 'start', 'end', 'place', 'heading_path'] as const

/** @param dimensions of the vectors; nothing for an index without them */
export function indexBody({ shards, replicas }: IndexLayout, dimensions: number | undefined): object {
  const text = { type: 'text', analyzer: 'terms', index_options: 'freqs' }
  const keyword = { type: 'keyword' }
  const integer = { type: 'integer' }
  const shown = { type: 'keyword', index: false, doc_values: false }
  // Kept for comparing, without a graph: every row that may be read is compared.
  const vector = { type: 'knn_vector', dimension: dimensions, data_type: 'byte' }
  return {
    settings: {
      number_of_shards: shards,
      number_of_replicas: replicas,
      // Every write that must be seen asks for it; and only this kind of replica has it when the write resolves.
      refresh_interval: '-1',
      'replication.type': 'DOCUMENT',
      // With the factor k1 + 1, as LanceDB has it: scores of both engines are on one scale.
      similarity: { default: { type: 'LegacyBM25', k1: 1.2, b: 0.75 } },
      analysis: {
        tokenizer: { spaces: { type: 'whitespace', max_token_length: LONGEST_TOKEN } },
        filter: { bounded: { type: 'length', max: LONGEST_TERM } },
        analyzer: { terms: { type: 'custom', tokenizer: 'spaces', filter: ['bounded'] } },
      },
    },
    mappings: {
      dynamic: 'strict',
      _meta: { touchstone: ROW_FORMAT },
      properties: {
        ...Object.fromEntries(['id', 'document', 'version', 'source', 'language'].map((name) => [name, keyword])),
        ...Object.fromEntries(INDEX_FIELDS.map((name) => [name, text])),
        ...Object.fromEntries(['scope', 'ordinal', 'start', 'end'].map((name) => [name, integer])),
        place: shown,
        heading_path: shown,
        ...(dimensions === undefined ? {} : { vector }),
      },
    },
  }
}

/** The same id and version always meet; names in the cluster are shorter than ids may be. */
export function rowKey({ id, version }: Pick<IndexRecord, 'id' | 'version'>): string {
  return contentHash(version, id)
}

/** All zeros are no direction, and none is stored. */
export function toRow(record: IndexRecord, dimensions: number | undefined): StoredRow {
  const { vector } = record
  const hasDirection = dimensions !== undefined && vector?.some((value) => value !== 0) === true
  return {
    id: record.id,
    document: record.document,
    version: record.version,
    scope: record.scope,
    source: record.source,
    language: record.language,
    title: record.terms.title,
    path: record.terms.path,
    headings: record.terms.headings,
    body: record.terms.body,
    ordinal: record.ordinal,
    start: record.start,
    end: record.end,
    place: record.place,
    heading_path: record.headingPath,
    ...(hasDirection ? { vector: Array.from(vector) } : {}),
  }
}

export function toHit(row: Pick<StoredRow, (typeof HIT_FIELDS)[number]>, score: number): IndexHit {
  return {
    id: row.id as IndexHit['id'],
    document: row.document as IndexHit['document'],
    version: row.version as IndexHit['version'],
    scope: row.scope as IndexHit['scope'],
    ordinal: row.ordinal,
    start: row.start,
    end: row.end,
    place: row.place,
    headingPath: row.heading_path,
    score,
  }
}
