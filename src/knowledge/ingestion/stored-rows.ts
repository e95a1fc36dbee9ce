/** Rows of an index made again from the texts and layouts that the state keeps. Asks no source; knows nothing of why they are missing. */
import type { Chunk } from '../../contracts/document.ts'
import type { DocumentId, DocumentVersion, ScopeId } from '../../contracts/identity.ts'
import { parseLayout } from '../../foundation/storage/document-layout.ts'
import { toEmbeddedRecords } from './embed-chunks.ts'
import type { IngestParts } from './ingest-parts.ts'
import type { IndexableDocument } from './prepare-document.ts'
import { CHUNKS_PER_WRITE, upsertRecords } from './upsert-records.ts'

export type StoredRowsParts = Pick<IngestParts, 'state' | 'index' | 'analysis' | 'embedding' | 'tenant'>

/**
 * Makes the rows of the visible versions; of a document that the state does not know it removes all.
 * @returns documents that the state cannot give: without text or layout
 * @throws TouchstoneError INDEX_*, DISK_FULL, EMBEDDING_*, ENCODER_*, MODEL_*
 */
export async function makeStoredRows(
  documents: readonly DocumentId[],
  parts: StoredRowsParts,
  signal: AbortSignal,
): Promise<readonly DocumentId[]> {
  const stored = await readStored(documents, parts)
  let batch: IndexableDocument[] = []
  let chunks = 0
  for (const document of stored) {
    batch.push(document)
    chunks += document.chunks.length
    if (chunks < CHUNKS_PER_WRITE) continue
    await writeRows(batch, parts, signal)
    batch = []
    chunks = 0
  }
  await writeRows(batch, parts, signal)
  const readable = new Set(stored.map(({ id }) => id))
  const others = documents.filter((id) => !readable.has(id))
  if (others.length === 0) return []
  const known = await knownDocuments(others, parts)
  const gone = others.filter((id) => !known.has(id))
  if (gone.length > 0) await parts.index.deleteDocuments(gone.map((id) => ({ id })))
  const unreadable = others.filter((id) => known.has(id))
  if (unreadable.length > 0) await forgetIndexed(parts, unreadable)
  return unreadable
}

/** Whatever was there goes first: damaged rows need not have the ids that would replace them. */
async function writeRows(batch: readonly IndexableDocument[], parts: StoredRowsParts, signal: AbortSignal): Promise<void> {
  if (batch.length === 0) return
  const { index } = parts
  const records = await toEmbeddedRecords(batch, parts, signal)
  await index.deleteDocuments(batch.map(({ id }) => ({ id })))
  await upsertRecords(index, records)
}

async function readStored(documents: readonly DocumentId[], { state, tenant }: StoredRowsParts): Promise<IndexableDocument[]> {
  const rows = await state
    .selectFrom('documents')
    .innerJoin('document_layouts', (join) =>
      join.onRef('document_layouts.tenant', '=', 'documents.tenant').onRef('document_layouts.document', '=', 'documents.id'),
    )
    .innerJoin('blobs', (join) => join.onRef('blobs.tenant', '=', 'documents.tenant').onRef('blobs.hash', '=', 'documents.blob'))
    .select(['documents.id', 'version', 'source', 'path', 'title', 'language', 'scope', 'chunks', 'layout', 'bytes'])
    .where('documents.tenant', '=', tenant)
    .where('documents.id', 'in', [...documents])
    .execute()
  const decoder = new TextDecoder()
  return rows.flatMap(({ layout, bytes, chunks: count, ...row }) => {
    const chunks: readonly Chunk[] = parseLayout(layout)
    const identity = { id: row.id as DocumentId, version: row.version as DocumentVersion, scope: row.scope as ScopeId }
    return chunks.length === count ? [{ ...row, ...identity, chunks, text: decoder.decode(bytes) }] : []
  })
}

async function knownDocuments(
  documents: readonly DocumentId[],
  { state, tenant }: StoredRowsParts,
): Promise<ReadonlySet<string>> {
  const query = state
    .selectFrom('documents')
    .select('id')
    .where('tenant', '=', tenant)
    .where('id', 'in', [...documents])
  return new Set((await query.execute()).map(({ id }) => id))
}

/** From now on they do not count as indexed: each is read at its source's next run. */
async function forgetIndexed({ state, tenant }: StoredRowsParts, documents: readonly DocumentId[]): Promise<void> {
  await state
    .updateTable('documents')
    .set({ definition: '' })
    .where('tenant', '=', tenant)
    .where('id', 'in', [...documents])
    .execute()
}
