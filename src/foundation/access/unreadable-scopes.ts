/** Scopes that no enabled user satisfies. Knows ACLs and users; knows nothing of whether a source is served. */
import type { Acl } from '../../contracts/acl.ts'
import type { StateDatabase } from '../storage/state-schema.ts'
import { principalsOf } from './access-control.ts'
import { mayRead } from './acl-decision.ts'
import { REMOVED_ORIGIN } from './principal.ts'

/** Looks at each user once, until every rule has a reader: a company has few rules beside its documents. */
export async function unreadableScopes(db: StateDatabase, tenant: string): Promise<ReadonlySet<number>> {
  const scopes = await db
    .selectFrom('scopes')
    .leftJoin('acls', 'acls.id', 'scopes.acl')
    .select(['scopes.id', 'scopes.acl', 'acls.canonical'])
    .where('scopes.tenant', '=', tenant)
    .execute()
  const unread = new Map<number, Acl>()
  for (const { acl, canonical } of scopes) if (acl !== null && canonical !== null) unread.set(acl, JSON.parse(canonical) as Acl)
  const readable = new Set<number>()
  for (const user of await enabledUsers(db, tenant)) {
    if (unread.size === 0) break
    const principals = await principalsOf(db, tenant, user)
    for (const [id, acl] of unread) {
      if (!mayRead(acl, principals)) continue
      readable.add(id)
      unread.delete(id)
    }
  }
  return new Set(scopes.filter(({ acl }) => acl === null || !readable.has(acl)).map(({ id }) => id))
}

async function enabledUsers(db: StateDatabase, tenant: string): Promise<string[]> {
  const rows = await db
    .selectFrom('users')
    .select('id')
    .where('tenant', '=', tenant)
    .where('disabled', '=', 0)
    .where('origin', '!=', REMOVED_ORIGIN)
    .execute()
  return rows.map(({ id }) => id)
}
