/** People, keys and history of a backup into a state that is not the backed-up one. What is known here about somebody is newer and wins. */
import type { StateDatabase } from '../state-schema.ts'
import { addRows, readRows } from '../copy-rows.ts'
import type { StateRestore } from './state-restore.ts'

/** What the configuration says is said again at every start, so that the backup's word on it is old. */
const CONFIGURED = 'config'
/** A tombstone takes away and grants nothing. */
const REMOVED = 'removed'

/** @returns whether somebody came back whom an administrator must confirm */
export async function bringDirectory(restore: StateRestore): Promise<boolean> {
  const groups = await bringPrincipals(restore, 'groups', 'group:')
  const users = await bringPrincipals(restore, 'users', 'user:')
  for await (const rows of readRows(restore.from, 'provisioned', restore.tenant, ['id']))
    await addRows(restore.to, 'provisioned', rows)
  return groups || users
}

async function bringPrincipals({ from, to, tenant }: StateRestore, table: 'users' | 'groups', prefix: string): Promise<boolean> {
  const known = await to.selectFrom(table).select('id').where('tenant', '=', tenant).where('origin', '!=', CONFIGURED).execute()
  const newer = new Set(known.map(({ id }) => id))
  let brought = false
  for await (const rows of readRows(from, table, tenant, ['id'])) {
    const coming = rows.filter((row) => row.origin !== CONFIGURED && !newer.has(row.id))
    for (const { id, origin } of coming) {
      await forgetPrincipal(to, tenant, table, id, `${prefix}${id}`, origin === REMOVED)
      if (origin !== REMOVED) brought = true
    }
    await addRows(to, table, coming)
    await bringMemberships(from, to, tenant, coming.map(({ id }) => `${prefix}${id}`)) // prettier-ignore
  }
  return brought
}

async function forgetPrincipal(
  db: StateDatabase,
  tenant: string,
  table: 'users' | 'groups',
  id: string,
  principal: string,
  isRemoved: boolean,
): Promise<void> {
  await db.deleteFrom(table).where('tenant', '=', tenant).where('id', '=', id).execute()
  await db.deleteFrom('memberships').where('tenant', '=', tenant).where('member', '=', principal).execute()
  if (isRemoved) await db.deleteFrom('memberships').where('tenant', '=', tenant).where('parent', '=', principal).execute()
}

async function bringMemberships(
  from: StateDatabase,
  to: StateDatabase,
  tenant: string,
  members: readonly string[],
): Promise<void> {
  if (members.length === 0) return
  const rows = await from
    .selectFrom('memberships')
    .selectAll()
    .where('tenant', '=', tenant)
    .where('member', 'in', [...members])
    .execute()
  await addRows(to, 'memberships', rows)
}

/** Keys that are known here stay as they are. @returns those that were active in the backup: revoked now, and to be confirmed */
export async function bringKeys({ from, to, tenant, nowMs }: StateRestore): Promise<readonly string[]> {
  const known = new Set((await to.selectFrom('service_keys').select('id').execute()).map(({ id }) => id))
  const rows = await from.selectFrom('service_keys').selectAll().where('tenant', '=', tenant).orderBy('created_at').execute()
  const marked = await from
    .selectFrom('restore_marks')
    .select('id')
    .where('tenant', '=', tenant)
    .where('kind', '=', 'key')
    .execute()
  const suspended = new Set(marked.map(({ id }) => id))
  const coming = rows.filter((row) => !known.has(row.id))
  await addRows(to, 'service_keys', coming.map((row) => ({ ...row, revoked_at: row.revoked_at ?? nowMs }))) // prettier-ignore
  return coming.filter((row) => row.revoked_at === null || suspended.has(row.id)).map(({ id }) => id)
}

/** Conversations, traces, releases with their names and the audit; the audit of the backup comes before what was written here. */
export async function bringHistory({ from, to, tenant }: StateRestore): Promise<void> {
  const tables = [
    ['conversations', ['id']],
    ['turns', ['conversation', 'ordinal']],
    ['traces', ['id']],
    ['releases', ['id']],
    ['release_aliases', ['feature', 'alias']],
  ] as const
  for (const [table, order] of tables)
    for await (const rows of readRows(from, table, tenant, order)) await addRows(to, table, rows)
  const here = await to.selectFrom('audit').selectAll().where('tenant', '=', tenant).orderBy('id').execute()
  await to.deleteFrom('audit').where('tenant', '=', tenant).execute()
  const unnumbered = <Row extends { id: number }>({ id: _id, ...row }: Row): Omit<Row, 'id'> => row
  for await (const rows of readRows(from, 'audit', tenant, ['id'])) await addRows(to, 'audit', rows.map(unnumbered)) // prettier-ignore
  await addRows(to, 'audit', here.map(unnumbered)) // prettier-ignore
}
