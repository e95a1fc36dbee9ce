/** The rows of an index table: its columns, and the way from a record to a row and back to a hit. Knows nothing of queries. */
import { createRequire } from 'node:module'
import type * as Arrow from 'apache-arrow'
import type { Schema, Table as ArrowTable, Vector } from 'apache-arrow'
import { INDEX_FIELDS } from '../../foundation/storage/index-shape.ts'
import type { IndexHit, IndexRecord } from '../../contracts/document-index.ts'
import type { ChunkId, DocumentId, DocumentVersion, ScopeId } from '../../contracts/identity.ts'

const STRING_COLUMNS = ['id', 'document', 'version', 'source', 'language', ...INDEX_FIELDS, 'heading_path', 'place']
const INTEGER_COLUMNS = ['scope_id', 'ordinal', 'start', 'end']

/** What a hit needs; the analysed text stays on disk. */
export const HIT_COLUMNS = ['id', 'document', 'version', 'heading_path', 'place', ...INTEGER_COLUMNS]

/** By itself LanceDB hands over a thousand rows at a time, and each handing over costs as much as the rows. */
export const IN_ONE_PIECE = { maxBatchLength: 1_000_000 }

// Required, not imported, and late: LanceDB requires it too, and the two forms of the package are two copies of it in memory.
const require = createRequire(import.meta.url)

/** @param dimensions of the vectors; nothing for a table without them */
export function tableSchema(dimensions: number | undefined): Schema {
  const { Field, FixedSizeList, Int32, Int8, Schema, Utf8 } = require('apache-arrow') as typeof Arrow
  const vector = (size: number): Arrow.Field =>
    new Field('vector', new FixedSizeList(size, new Field('item', new Int8(), true)), false)
  return new Schema([
    ...STRING_COLUMNS.map((name) => new Field(name, new Utf8(), false)),
    ...INTEGER_COLUMNS.map((name) => new Field(name, new Int32(), false)),
    ...(dimensions === undefined ? [] : [vector(dimensions)]),
  ])
}

/** A record without a direction has all zeros in a table with vectors. */
export function toRow(record: IndexRecord, dimensions: number | undefined): Record<string, string | number | number[]> {
  const vector = dimensions === undefined ? {} : { vector: Array.from(record.vector ?? new Int8Array(dimensions)) }
  return {
    ...vector,
    id: record.id,
    document: record.document,
    version: record.version,
    source: record.source,
    language: record.language,
    title: record.terms.title,
    path: record.terms.path,
    headings: record.terms.headings,
    body: record.terms.body,
    heading_path: record.headingPath,
    scope_id: record.scope,
    ordinal: record.ordinal,
    start: record.start,
    end: record.end,
    place: record.place,
  }
}

/** The rows of a result that selected HIT_COLUMNS, with score 0. */
export function toHits(table: ArrowTable): IndexHit[] {
  return Array.from({ length: table.numRows }, (_, row) => row).map(hitReader(table))
}

/** Reads single rows of such a result: columns take a tenth of the memory of hits, and next to no time. */
export function hitReader(table: ArrowTable): (row: number) => IndexHit {
  const text = (name: string): Vector | null => table.getChild(name)
  const [ids, documents, versions, headingPaths, places] = ['id', 'document', 'version', 'heading_path', 'place'].map(text)
  const [scopes, ordinals, starts, ends] = INTEGER_COLUMNS.map((name) => table.getChild(name)?.toArray() as Int32Array)
  return (row) => ({
    id: ids?.get(row) as ChunkId,
    document: documents?.get(row) as DocumentId,
    version: versions?.get(row) as DocumentVersion,
    scope: scopes?.[row] as ScopeId,
    ordinal: ordinals?.[row] ?? 0,
    start: starts?.[row] ?? 0,
    end: ends?.[row] ?? 0,
    place: (places?.get(row) as string | undefined) ?? '',
    headingPath: (headingPaths?.get(row) as string | undefined) ?? '',
    score: 0,
  })
}

/**
 * Row ids of a result as numbers. LanceDB's are 64 bits, fragment above offset; fragments stay far below 2^21,
 * and numbers are compared and hashed several times faster than bigints.
 */
export function rowIds(table: Pick<ArrowTable, 'getChild'>): Float64Array {
  const wide: unknown = table.getChild('_rowid')?.toArray()
  if (!(wide instanceof BigUint64Array)) return new Float64Array(0)
  const halves = new Uint32Array(wide.buffer, wide.byteOffset, wide.length * 2)
  const ids = new Float64Array(wide.length)
  for (let row = 0; row < ids.length; row++) ids[row] = (halves[row * 2 + 1] ?? 0) * 2 ** 32 + (halves[row * 2] ?? 0)
  return ids
}
