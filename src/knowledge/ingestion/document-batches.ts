/**
 * Makes prepared documents visible, many at a time. The order is what survives a kill at any moment:
 * note in the state that the index may disagree, write the index, flip the state, clean the index, forget the note.
 */
import type { StoredDocument } from '../../contracts/document.ts'
import type { DocumentId, ScopeId } from '../../contracts/identity.ts'
import { type DocumentWrite, publishDocuments } from '../../foundation/storage/document-writer.ts'
import { clearNotes, type IndexNote, noteDocuments, notesOf } from '../../foundation/storage/index-journal.ts'
import type { StateDatabase } from '../../foundation/storage/state-schema.ts'
import { settlePushed } from '../../foundation/storage/pushed-repository.ts'
import { createScopeMemo } from './apply-permissions.ts'
import { confirmItems } from './confirm-items.ts'
import { toEmbeddedRecords } from './embed-chunks.ts'
import type { IngestParts, IngestSource } from './ingest-parts.ts'
import { documentMetadata, type IndexableDocument, type PreparedDocument } from './prepare-document.ts'
import { accessChain, ownDeclaration } from './source-plan.ts'
import { CHUNKS_PER_WRITE, upsertRecords } from './upsert-records.ts'

export interface Publisher {
  /** Begins to write when enough has gathered; waits while the batch before is still being written. */
  add(prepared: PreparedDocument): Promise<void>
  /** Resolves when all that was added is visible. */
  finish(): Promise<void>
  /** Resolves when nothing is being written any more, whether that went well or not. */
  settle(): Promise<void>
}

/** One batch is written while the next is read; never more than these two are held. */
export function createPublisher(source: IngestSource, parts: IngestParts, signal: AbortSignal): Publisher {
  let batch: PreparedDocument[] = []
  let chunks = 0
  let writing: Promise<void> = Promise.resolve()
  const write = async (): Promise<void> => {
    await writing
    writing = publishBatch(batch, source, parts, signal)
    // Told of when it is next waited for; until then it must not count as unhandled.
    writing.catch(() => {})
    batch = []
    chunks = 0
  }
  return {
    add: async (prepared) => {
      batch.push(prepared)
      chunks += prepared.chunks.length
      if (chunks >= CHUNKS_PER_WRITE) await write()
    },
    finish: async () => {
      await write()
      await writing
    },
    settle: () => writing.catch(() => {}),
  }
}

async function publishBatch(
  batch: readonly PreparedDocument[],
  source: IngestSource,
  parts: IngestParts,
  signal: AbortSignal,
): Promise<void> {
  if (batch.length === 0) return
  const ids = batch.map((prepared) => prepared.id)
  const scopes = await scopesOf(batch, source, parts)
  const documents = batch.map((prepared, at) => toIndexable(prepared, scopes[at] ?? NO_SCOPE, source.id))
  const records = await toEmbeddedRecords(documents, parts, signal)
  const { state, tenant, definition } = parts
  await state.transaction().execute((transaction) => noteDocuments(transaction, tenant, definition, ids, 'differs'))
  await upsertRecords(parts.index, records)
  const settled = await publishConfirmed(batch, scopes, source, parts)
  await parts.index.deleteDocuments(batch.map((prepared) => ({ id: prepared.id, keep: prepared.version })))
  await clearNotes(state, tenant, definition, settled)
}

/** @returns the notes of documents on which index and state now agree; the others keep theirs */
async function publishConfirmed(
  batch: readonly PreparedDocument[],
  scopes: readonly ScopeId[],
  source: IngestSource,
  parts: IngestParts,
): Promise<readonly IndexNote[]> {
  const { tenant, definition, reading } = parts
  const items = batch.map((prepared) => prepared.item)
  return parts.state.transaction().execute(async (transaction) => {
    const confirmed = await confirmItems(transaction, tenant, source, items)
    const scopeOf = createScopeMemo(transaction, tenant, source.id)
    const settled: DocumentId[] = []
    const writes: DocumentWrite[] = []
    for (const [at, prepared] of batch.entries()) {
      const { id, parsed, chunks, sketch } = prepared
      const item = confirmed.get(prepared.item.path)
      if (item === undefined) continue
      const { scope } = await scopeOf(accessChain(item, ownDeclaration(item.path, parsed.metadata)))
      if (scope === scopes[at]) settled.push(id)
      const document = toStored({ ...prepared, item }, scope, source, parts.clock.now())
      const { changeMark } = item
      writes.push({ document, text: parsed.text, changeMark, definition: reading, chunks: chunks.length, layout: chunks, sketch })
      if (source.isKeptInState === true) await settlePushed(transaction, tenant, id, changeMark, parsed.metadata)
    }
    const incomplete = parts.lacksEmbedding === true ? batch.map(({ id }) => id) : await recutDocuments(batch, transaction, parts)
    await noteDocuments(transaction, tenant, definition, incomplete, 'missing')
    await publishDocuments(transaction, tenant, writes, definition)
    const agreed = settled.filter((id) => !incomplete.includes(id))
    // Whatever is noted from here on is noted again.
    return notesOf(transaction, tenant, definition, agreed)
  })
}

/** The same version cut otherwise, by another chunker: rows of both cuts would stand side by side, so they are made again. */
async function recutDocuments(
  batch: readonly PreparedDocument[],
  state: StateDatabase,
  { tenant, reading }: IngestParts,
): Promise<readonly DocumentId[]> {
  const versions = new Map(batch.map(({ id, version }) => [id as string, version as string]))
  const rows = await state
    .selectFrom('documents')
    .select(['id', 'version'])
    .where('tenant', '=', tenant)
    .where('id', 'in', [...versions.keys()])
    .where('definition', '!=', reading)
    .execute()
  return rows.filter(({ id, version }) => versions.get(id) === version).map(({ id }) => id as DocumentId)
}

/** No scope has this id, so nobody reads what carries it. */
const NO_SCOPE = -1 as ScopeId

async function scopesOf(batch: readonly PreparedDocument[], source: IngestSource, parts: IngestParts): Promise<ScopeId[]> {
  return parts.state.transaction().execute(async (transaction) => {
    const scopeOf = createScopeMemo(transaction, parts.tenant, source.id)
    const scopes: ScopeId[] = []
    for (const { item, parsed } of batch)
      scopes.push((await scopeOf(accessChain(item, ownDeclaration(item.path, parsed.metadata)))).scope)
    return scopes
  })
}

function toIndexable(prepared: PreparedDocument, scope: ScopeId, source: string): IndexableDocument {
  const { id, version, title, language, chunks } = prepared
  return { id, version, title, language, chunks, scope, source, path: prepared.item.path, text: prepared.parsed.text }
}

function toStored(prepared: PreparedDocument, scope: ScopeId, source: IngestSource, nowMs: number): StoredDocument {
  const { id, version, title, language, mediaType, item, parsed } = prepared
  const shared = { id, version, title, language, mediaType, scope }
  const times = { modifiedAtMs: item.modifiedAtMs, indexedAtMs: nowMs }
  return { ...shared, ...times, source: source.id, path: item.path, metadata: documentMetadata(item, parsed) }
}
