/**
 * Makes prepared documents visible, many at a time. The order is what survives a kill at any moment:
 * note in the state that the index may disagree, write the index, flip the state, clean the index, forget the note.
 */
import type { StoredDocument } from '../../contracts/document.ts'
import type { IndexRecord } from '../../contracts/document-index.ts'
import type { ScopeId } from '../../contracts/identity.ts'
import { clearPending, markPending, publishDocuments } from '../../foundation/storage/document-writer.ts'
import { createScopeMemo } from './apply-permissions.ts'
import type { IngestParts, IngestSource } from './ingest-parts.ts'
import { toIndexRecords, type PreparedDocument } from './prepare-document.ts'
import { ownDeclaration } from './source-plan.ts'

export async function publishBatch(batch: readonly PreparedDocument[], source: IngestSource, parts: IngestParts): Promise<void> {
  if (batch.length === 0) return
  const ids = batch.map((prepared) => prepared.id)
  const scopes = await scopesOf(batch, source, parts)
  await parts.state.transaction().execute((transaction) => markPending(transaction, parts.tenant, parts.definition, ids))
  const records = batch.flatMap((prepared, at) => toIndexRecords(prepared, scopes[at] ?? NO_SCOPE, source.id, parts))
  await parts.index.upsert('chunks', records.filter(isChunk))
  await parts.index.upsert(
    'documents',
    records.filter((record) => !isChunk(record)),
  )
  const writes = batch.map((prepared, at) => ({
    document: toStored(prepared, scopes[at] ?? NO_SCOPE, source, parts.clock.now()),
    text: prepared.parsed.text,
    changeMark: prepared.item.changeMark,
    definition: parts.definition,
    chunks: prepared.chunks.length,
  }))
  await publishDocuments(parts.state, parts.tenant, writes)
  await parts.index.deleteDocuments(batch.map((prepared) => ({ id: prepared.id, keep: prepared.version })))
  await clearPending(parts.state, parts.tenant, parts.definition, ids)
}

/** No scope has this id, so nobody reads what carries it. */
const NO_SCOPE = -1 as ScopeId

async function scopesOf(batch: readonly PreparedDocument[], source: IngestSource, parts: IngestParts): Promise<ScopeId[]> {
  return parts.state.transaction().execute(async (transaction) => {
    const scopeOf = createScopeMemo(transaction, parts.tenant, source.id)
    const scopes: ScopeId[] = []
    for (const { item, parsed } of batch)
      scopes.push((await scopeOf([...item.access, ...ownDeclaration(item.path, parsed.metadata)])).scope)
    return scopes
  })
}

function isChunk(record: IndexRecord): boolean {
  return record.ordinal >= 0
}

function toStored(prepared: PreparedDocument, scope: ScopeId, source: IngestSource, nowMs: number): StoredDocument {
  const { id, version, title, language, mediaType, item, parsed } = prepared
  const shared = { id, version, title, language, mediaType, scope }
  const times = { modifiedAtMs: item.modifiedAtMs, indexedAtMs: nowMs }
  return { ...shared, ...times, source: source.id, path: item.path, metadata: parsed.metadata }
}
