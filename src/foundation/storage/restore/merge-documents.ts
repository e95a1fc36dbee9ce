/** Documents of a backup into the state that it was taken of. Whatever the state still has keeps its present rights; the rest comes back withheld. */
import { inPieces } from '../in-pieces.ts'
import type { Selectable } from 'kysely'
import { addRows, readRows } from '../copy-rows.ts'
import { DOCUMENT_TABLES } from '../document-writer.ts'
import type { StateDatabase, StateSchema } from '../state-schema.ts'
import type { StateRestore } from './state-restore.ts'

export interface DocumentOutcome {
  readonly restored: number
  readonly kept: number
  readonly removed: number
  /** Sources that got something back. */
  readonly sources: readonly string[]
  /** Those of them that were not here any more. */
  readonly returned: readonly string[]
}

/** With their bytes. */
export const PUSHED_AT_ONCE = 50

/**
 * The same version of a document stays as it is: its scope is the newest that is known. What is kept nowhere but in the state
 * stays in whatever version, and when it came since: nobody could bring it again.
 */
export async function mergeDocuments(restore: StateRestore): Promise<DocumentOutcome> {
  const { from, to, tenant } = restore
  const keptNowhereElse = new Set([...(await keptSources(from, restore)), ...(await keptSources(to, restore))])
  const present = await documentsIn(to, tenant)
  const sources = new Set(await bringPushed(restore))
  let [restored, kept] = [0, 0]
  for await (const rows of readRows(from, 'documents', tenant, ['id'])) {
    const coming = rows.filter((row) => {
      const here = present.get(row.id)
      return here === undefined || (here.version !== row.version && !keptNowhereElse.has(row.source))
    })
    kept += rows.length - coming.length
    restored += coming.length
    for (const row of coming) sources.add(row.source)
    await removeDocuments(to, tenant, coming.map(({ id }) => id)) // prettier-ignore
    await bringBack(restore, coming)
    for (const { id } of rows) present.delete(id)
  }
  const gone = [...present].filter(([, { source }]) => !keptNowhereElse.has(source)).map(([id]) => id)
  await removeDocuments(to, tenant, gone)
  const returned = await bringSources(restore, [...sources])
  return { restored, kept, removed: gone.length, sources: [...sources].sort(), returned }
}

async function keptSources(db: StateDatabase, { tenant, keptKinds }: StateRestore): Promise<string[]> {
  const rows = await db.selectFrom('sources').select(['id', 'kind']).where('tenant', '=', tenant).execute()
  return rows.filter(({ kind }) => keptKinds.has(kind)).map(({ id }) => id)
}

async function documentsIn(
  db: StateDatabase,
  tenant: string,
): Promise<Map<string, { readonly version: string; readonly source: string }>> {
  const rows = await db.selectFrom('documents').select(['id', 'version', 'source']).where('tenant', '=', tenant).execute()
  return new Map(rows.map((row) => [row.id, row]))
}

/** Pushed documents that are not here any more. @returns their sources */
async function bringPushed({ from, to, tenant }: StateRestore): Promise<string[]> {
  const rows = await to.selectFrom('pushed_documents').select('id').where('tenant', '=', tenant).execute()
  const here = new Set(rows.map(({ id }) => id))
  const sources = new Set<string>()
  for await (const pushed of readRows(from, 'pushed_documents', tenant, ['id'], PUSHED_AT_ONCE)) {
    const coming = pushed.filter(({ id }) => !here.has(id))
    await addRows(to, 'pushed_documents', coming)
    for (const { source } of coming) sources.add(source)
  }
  return [...sources]
}

export async function removeDocuments(db: StateDatabase, tenant: string, ids: readonly string[]): Promise<void> {
  for (const some of inPieces(ids)) {
    await db.deleteFrom('documents').where('tenant', '=', tenant).where('id', 'in', some).execute()
    for (const table of DOCUMENT_TABLES)
      await db.deleteFrom(table).where('tenant', '=', tenant).where('document', 'in', some).execute()
  }
}

/** The visible version only: earlier ones may have been forgotten since because their readers changed. */
async function bringBack(
  { from, to, tenant }: StateRestore,
  documents: readonly Selectable<StateSchema['documents']>[],
): Promise<void> {
  if (documents.length === 0) return
  const ids = documents.map(({ id }) => id)
  await addRows(to, 'documents', documents)
  const versions = documents.map(({ id, version, blob, indexed_at }) => ({
    tenant,
    document: id,
    version,
    blob,
    stored_at: indexed_at,
  }))
  await addRows(to, 'document_versions', versions)
  for (const table of ['document_metadata', 'document_layouts', 'document_sketches'] as const) {
    const rows = await from.selectFrom(table).selectAll().where('tenant', '=', tenant).where('document', 'in', ids).execute()
    await addRows(to, table, rows)
  }
}

/** A failure that is remembered would keep a document from being read again, and so from having its permissions looked at. */
async function bringSources({ from, to, tenant }: StateRestore, sources: readonly string[]): Promise<string[]> {
  if (sources.length === 0) return []
  await to
    .deleteFrom('document_failures')
    .where('tenant', '=', tenant)
    .where('source', 'in', [...sources])
    .execute()
  const here = await to
    .selectFrom('sources')
    .select('id')
    .where('tenant', '=', tenant)
    .where('id', 'in', [...sources])
    .execute()
  const known = new Set(here.map(({ id }) => id))
  const rows = await from
    .selectFrom('sources')
    .selectAll()
    .where('tenant', '=', tenant)
    .where('id', 'in', [...sources])
    .execute()
  const returned = rows.filter(({ id }) => !known.has(id))
  await addRows(to, 'sources', returned)
  return returned.map(({ id }) => id)
}
