/**
 * Makes an index agree with the state, document by document, from the texts that the state keeps: after a loss, damage or a restore.
 * Asks no source. Knows nothing of how the two came to disagree.
 */
import { inPieces } from '../../foundation/storage/in-pieces.ts'
import type { IndexedVersion } from '../../contracts/document-index.ts'
import type { Chunk } from '../../contracts/document.ts'
import type { DocumentId, DocumentVersion, ScopeId } from '../../contracts/identity.ts'
import { parseLayout } from '../../foundation/storage/document-layout.ts'
import { clearPending, markPending } from '../../foundation/storage/document-writer.ts'
import { isChunk } from './document-batches.ts'
import { toEmbeddedRecords } from './embed-chunks.ts'
import type { IngestParts } from './ingest-parts.ts'
import type { IndexableDocument } from './prepare-document.ts'
import { settleIndex } from './settle-index.ts'

export type RepairParts = Pick<IngestParts, 'state' | 'index' | 'analysis' | 'embedding' | 'tenant' | 'definition'>

export interface RepairReport {
  /** Documents whose rows were missing, damaged or half there, and were made again. */
  readonly rebuilt: number
  /** Documents of which the index held something that the state does not confirm. */
  readonly settled: number
  /** Documents that an older version of the program stored: they are read from their sources at the next ingest. */
  readonly unreadable: number
}

/** What must be done, by document. */
export interface IndexDifference {
  readonly missing: readonly DocumentId[]
  readonly disagreeing: readonly DocumentId[]
}

const AT_ONCE = 500
/** As an ingest writes them: large enough that the cost per write vanishes. */
const BATCH_CHUNKS = 3_000

/** The caller holds the ingest lease. Repeating it changes nothing; after a kill it goes on. @throws TouchstoneError INDEX_*, DISK_FULL */
export async function repairIndex(
  parts: RepairParts,
  onProgress: (done: number, total: number) => void,
  signal: AbortSignal,
): Promise<RepairReport> {
  const { missing, disagreeing } = await compareIndex(parts)
  await notePending(parts, [...missing, ...disagreeing])
  let unreadable = 0
  for (let done = 0; done < missing.length; done += AT_ONCE) {
    onProgress(done, missing.length)
    signal.throwIfAborted()
    unreadable += await rebuild(missing.slice(done, done + AT_ONCE), parts, signal)
  }
  await settleIndex(parts)
  if (missing.length > 0) await parts.index.optimise()
  return { rebuilt: missing.length - unreadable, settled: disagreeing.length, unreadable }
}

/** Reads only. Terms are not compared: damage in them moves ranks, and shows nothing that may not be seen. */
export async function compareIndex({
  state,
  index,
  tenant,
  definition,
}: Omit<RepairParts, 'analysis' | 'embedding'>): Promise<IndexDifference> {
  const held = Map.groupBy(await index.inventory(), ({ document }) => document)
  const missing: DocumentId[] = []
  const disagreeing: DocumentId[] = []
  for (let after = ''; ;) {
    const rows = await state
      .selectFrom('documents')
      .leftJoin('document_layouts', (join) =>
        join.onRef('document_layouts.tenant', '=', 'documents.tenant').onRef('document_layouts.document', '=', 'documents.id'),
      )
      .select(['documents.id', 'version', 'scope', 'chunks', 'definition', 'layout'])
      .where('documents.tenant', '=', tenant)
      .where('documents.id', '>', after)
      .orderBy('documents.id')
      .limit(AT_ONCE)
      .execute()
    for (const row of rows) {
      const id = row.id as DocumentId
      const versions = held.get(id) ?? []
      held.delete(id)
      if (row.definition !== definition) continue
      const visible = versions.find(({ version }) => version === row.version)
      if (visible === undefined || !isWhole(visible, row.chunks, row.layout)) missing.push(id)
      else if (versions.length > 1 || visible.scopes.some((scope) => scope !== row.scope)) disagreeing.push(id)
    }
    if (rows.length < AT_ONCE) break
    after = rows.at(-1)?.id ?? ''
  }
  return { missing, disagreeing: [...disagreeing, ...held.keys()] }
}

function isWhole(held: IndexedVersion, count: number, layout: string | null): boolean {
  if (!held.whole || held.chunks.length !== count) return false
  if (layout === null) return true
  const wanted = parseLayout(layout).map(({ ordinal, start, end }) => [ordinal, start, end].join())
  return wanted.join(' ') === held.chunks.map((place) => place.join()).join(' ')
}

async function notePending({ state, tenant, definition }: RepairParts, documents: readonly DocumentId[]): Promise<void> {
  for (const some of inPieces(documents, AT_ONCE))
    await state.transaction().execute((transaction) => markPending(transaction, tenant, definition, some))
}

/** @returns how many of them the state cannot give: without text or layout */
async function rebuild(documents: readonly DocumentId[], parts: RepairParts, signal: AbortSignal): Promise<number> {
  const stored = await readStored(documents, parts)
  let batch: IndexableDocument[] = []
  const write = async (): Promise<void> => {
    if (batch.length === 0) return
    await writeRows(batch, parts, signal)
    await clearPending(
      parts.state,
      parts.tenant,
      parts.definition,
      batch.map(({ id }) => id),
    )
    batch = []
  }
  for (const document of stored) {
    batch.push(document)
    if (batch.reduce((sum, { chunks }) => sum + chunks.length, 0) >= BATCH_CHUNKS) await write()
  }
  await write()
  const readable = new Set(stored.map(({ id }) => id))
  const unreadable = documents.filter((id) => !readable.has(id))
  if (unreadable.length > 0) await forgetIndexed(parts, unreadable)
  return unreadable.length
}

/** Whatever was there goes first: damaged rows need not have the ids that would replace them. */
async function writeRows(batch: readonly IndexableDocument[], parts: RepairParts, signal: AbortSignal): Promise<void> {
  const { index } = parts
  const records = await toEmbeddedRecords(batch, parts, signal)
  await index.deleteDocuments(batch.map(({ id }) => ({ id })))
  await index.upsert('chunks', records.filter(isChunk))
  await index.upsert(
    'documents',
    records.filter((record) => !isChunk(record)),
  )
}

async function readStored(documents: readonly DocumentId[], { state, tenant }: RepairParts): Promise<IndexableDocument[]> {
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

/** From now on they do not count as indexed: each is read at its source's next run. */
async function forgetIndexed({ state, tenant }: RepairParts, documents: readonly DocumentId[]): Promise<void> {
  await state
    .updateTable('documents')
    .set({ definition: '' })
    .where('tenant', '=', tenant)
    .where('id', 'in', [...documents])
    .execute()
}
