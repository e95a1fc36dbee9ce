/** Documents, scopes and sources of a backup in place of those of a state that is not the backed-up one. Whose they are is decided by reading the sources again. */
import { sql } from 'kysely'
import { addRows, readRows } from '../copy-rows.ts'
import type { StateDatabase } from '../state-schema.ts'
import { DOCUMENT_TABLES } from '../document-writer.ts'
import { PUSHED_AT_ONCE, type DocumentOutcome } from './merge-documents.ts'
import type { StateRestore } from './state-restore.ts'

export async function replaceDocuments(restore: StateRestore): Promise<DocumentOutcome> {
  const { from, to, tenant } = restore
  const removed = await clear(to, tenant)
  const scopes = await bringScopes(restore, await bringAcls(restore))
  const sources = new Set<string>()
  let restored = 0
  for await (const rows of readRows(from, 'documents', tenant, ['id'])) {
    // No scope has the number 0: nobody reads a document whose scope is unknown.
    await addRows(to, 'documents', rows.map((row) => ({ ...row, scope: scopes.get(row.scope) ?? 0 }))) // prettier-ignore
    restored += rows.length
    for (const row of rows) sources.add(row.source)
  }
  const belonging = [
    ['document_metadata', ['document', 'key', 'value']],
    ['document_versions', ['document', 'version']],
    ['document_layouts', ['document']],
    ['document_sketches', ['document']],
  ] as const
  for (const [table, order] of belonging)
    for await (const rows of readRows(from, table, tenant, order)) await addRows(to, table, rows)
  for await (const rows of readRows(from, 'pushed_documents', tenant, ['id'], PUSHED_AT_ONCE))
    await addRows(to, 'pushed_documents', rows)
  for await (const rows of readRows(from, 'sources', tenant, ['id'])) {
    await addRows(to, 'sources', rows.map((row) => ({ ...row, last_sync_at: null }))) // prettier-ignore
    for (const row of rows) sources.add(row.id)
  }
  return { restored, kept: 0, removed, sources: [...sources].sort(), returned: [...sources] }
}

/** @returns how many documents there were */
async function clear(db: StateDatabase, tenant: string): Promise<number> {
  const { count } = await db
    .selectFrom('documents')
    .select((row) => row.fn.countAll<number>().as('count'))
    .where('tenant', '=', tenant)
    .executeTakeFirstOrThrow()
  const tables = [
    ...DOCUMENT_TABLES,
    'documents',
    'pushed_documents',
    'index_pending',
    'scopes',
    'acl_grants',
    'acl_denials',
    'acls',
    'sources',
  ] as const
  for (const table of tables) await sql`delete from ${sql.table(table)} where tenant = ${tenant}`.execute(db)
  return Number(count)
}

/** Numbers are the state's own: another tenant may have those of the backup. @returns the new by the old */
async function bringAcls({ from, to, tenant }: StateRestore): Promise<ReadonlyMap<number, number>> {
  const numbers = new Map<number, number>()
  for await (const rows of readRows(from, 'acls', tenant, ['id']))
    for (const { id, ...row } of rows) {
      const made = await to.insertInto('acls').values(row).returning('id').executeTakeFirstOrThrow()
      numbers.set(id, made.id)
    }
  for await (const rows of readRows(from, 'acl_grants', tenant, ['acl', 'clause', 'principal']))
    await addRows(to, 'acl_grants', rows.map((row) => ({ ...row, acl: numbers.get(row.acl) ?? 0 }))) // prettier-ignore
  for await (const rows of readRows(from, 'acl_denials', tenant, ['acl', 'principal']))
    await addRows(to, 'acl_denials', rows.map((row) => ({ ...row, acl: numbers.get(row.acl) ?? 0 }))) // prettier-ignore
  return numbers
}

async function bringScopes(
  { from, to, tenant }: StateRestore,
  acls: ReadonlyMap<number, number>,
): Promise<ReadonlyMap<number, number>> {
  const numbers = new Map<number, number>()
  for await (const rows of readRows(from, 'scopes', tenant, ['id']))
    for (const { id, acl, ...row } of rows) {
      const made = await to
        .insertInto('scopes')
        .values({ ...row, acl: acl === null ? null : (acls.get(acl) ?? null) })
        .returning('id')
        .executeTakeFirstOrThrow()
      numbers.set(id, made.id)
    }
  return numbers
}
