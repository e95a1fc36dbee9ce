/** Users, groups and memberships in the state. Every change raises the access generation in the same transaction. */
import type { DirectoryGroup, DirectoryUser, PrincipalDirectory, PrincipalOrigin } from '../../contracts/principal-directory.ts'
import { TouchstoneError } from '../errors/touchstone-error.ts'
import { canonicalJson } from '../hashing/content-hash.ts'
import { raiseGeneration } from '../storage/generations.ts'
import { takeTurn } from '../storage/state-dialect.ts'
import type { StateDatabase } from '../storage/state-schema.ts'
import { groupPrincipal, REMOVED_ORIGIN, userPrincipal } from './principal.ts'
import { PROVISIONED_ORIGIN } from './provisioned-principal.ts'

export function createPrincipalDirectory(db: StateDatabase): PrincipalDirectory {
  const change = (tenant: string, edit: (transaction: StateDatabase) => Promise<boolean>): Promise<boolean> =>
    db.transaction().execute(async (transaction) => {
      await takeTurn(transaction, tenant, 'principals')
      const changed = await edit(transaction)
      if (changed) await raiseGeneration(transaction, tenant, 'access')
      return changed
    })
  return {
    users: (tenant) => readUsers(db, tenant),
    groups: (tenant) => readGroups(db, tenant),
    isBarred: async (tenant, user) => {
      const query = db.selectFrom('users').select('id').where('tenant', '=', tenant).where('id', '=', user)
      const barred = query.where((row) => row.or([row('disabled', '!=', 0), row('origin', '=', REMOVED_ORIGIN)]))
      return (await barred.executeTakeFirst()) !== undefined
    },
    putUser: async (tenant, user, origin) => {
      await change(tenant, (transaction) => writeUser(transaction, tenant, user, origin))
    },
    putGroup: async (tenant, group, origin) => {
      await change(tenant, (transaction) => writeGroup(transaction, tenant, group, origin))
    },
    deleteUser: (tenant, id) =>
      change(tenant, async (transaction) => {
        await mayWrite(transaction, 'users', tenant, id, 'api')
        return removeUser(transaction, tenant, id)
      }),
    deleteGroup: (tenant, id) =>
      change(tenant, async (transaction) => {
        await mayWrite(transaction, 'groups', tenant, id, 'api')
        return removeGroup(transaction, tenant, id)
      }),
    replaceAll: async (tenant, origin, users, groups) => {
      await change(tenant, (transaction) => replaceOrigin(transaction, tenant, origin, users, groups))
    },
  }
}

async function readUsers(db: StateDatabase, tenant: string, origin?: PrincipalOrigin): Promise<DirectoryUser[]> {
  let query = db.selectFrom('users').selectAll().where('tenant', '=', tenant).where('origin', '!=', REMOVED_ORIGIN).orderBy('id')
  if (origin !== undefined) query = query.where('origin', '=', origin)
  const parents = await parentsByMember(db, tenant)
  const rows = await query.execute()
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    disabled: row.disabled !== 0,
    groups: parents.get(userPrincipal(row.id)) ?? [],
  }))
}

async function readGroups(db: StateDatabase, tenant: string, origin?: PrincipalOrigin): Promise<DirectoryGroup[]> {
  let query = db.selectFrom('groups').selectAll().where('tenant', '=', tenant).where('origin', '!=', REMOVED_ORIGIN).orderBy('id')
  if (origin !== undefined) query = query.where('origin', '=', origin)
  const parents = await parentsByMember(db, tenant)
  const rows = await query.execute()
  return rows.map((row) => ({ id: row.id, name: row.name, parents: parents.get(groupPrincipal(row.id)) ?? [] }))
}

async function parentsByMember(db: StateDatabase, tenant: string): Promise<Map<string, string[]>> {
  const rows = await db
    .selectFrom('memberships')
    .select(['member', 'parent'])
    .where('tenant', '=', tenant)
    // A renamed user holds the former name, which is no group.
    .where('parent', 'like', 'group:%')
    .orderBy('parent')
    .execute()
  const parents = new Map<string, string[]>()
  for (const row of rows) {
    const list = parents.get(row.member) ?? []
    list.push(row.parent.slice('group:'.length))
    parents.set(row.member, list)
  }
  return parents
}

/** @returns false for a token that would change, or bring back, what it has no say in @throws TouchstoneError PRINCIPAL_PROVISIONED */
async function mayWrite(
  db: StateDatabase,
  table: 'users' | 'groups',
  tenant: string,
  id: string,
  origin: PrincipalOrigin,
): Promise<boolean> {
  const row = await db.selectFrom(table).select('origin').where('tenant', '=', tenant).where('id', '=', id).executeTakeFirst()
  if (origin === 'token') return row?.origin !== PROVISIONED_ORIGIN && row?.origin !== REMOVED_ORIGIN
  if (row?.origin !== PROVISIONED_ORIGIN) return true
  throw new TouchstoneError('PRINCIPAL_PROVISIONED', { details: { principal: `${table.slice(0, -1)}:${id}` } })
}

async function writeUser(db: StateDatabase, tenant: string, user: DirectoryUser, origin: PrincipalOrigin): Promise<boolean> {
  if (!(await mayWrite(db, 'users', tenant, user.id, origin))) return false
  const row = { name: user.name, disabled: Number(user.disabled), origin }
  await db
    .insertInto('users')
    .values({ tenant, id: user.id, ...row })
    .onConflict((conflict) => conflict.columns(['tenant', 'id']).doUpdateSet(row))
    .execute()
  await setParents(db, tenant, userPrincipal(user.id), user.groups, origin)
  return true
}

async function writeGroup(db: StateDatabase, tenant: string, group: DirectoryGroup, origin: PrincipalOrigin): Promise<boolean> {
  if (!(await mayWrite(db, 'groups', tenant, group.id, origin))) return false
  const row = { name: group.name, origin }
  await db
    .insertInto('groups')
    .values({ tenant, id: group.id, ...row })
    .onConflict((conflict) => conflict.columns(['tenant', 'id']).doUpdateSet(row))
    .execute()
  await setParents(db, tenant, groupPrincipal(group.id), group.parents, origin)
  return true
}

async function setParents(
  db: StateDatabase,
  tenant: string,
  member: string,
  parents: readonly string[],
  origin: PrincipalOrigin,
): Promise<void> {
  await db.deleteFrom('memberships').where('tenant', '=', tenant).where('member', '=', member).execute()
  const rows = [...new Set(parents)].map((parent) => ({ tenant, member, parent: groupPrincipal(parent), origin }))
  if (rows.length > 0) await db.insertInto('memberships').values(rows).execute()
}

/** What the configuration names stays as a tombstone: the next start must not bring back whom somebody removed. */
async function removeUser(db: StateDatabase, tenant: string, id: string): Promise<boolean> {
  const query = db.deleteFrom('memberships').where('tenant', '=', tenant).where('member', '=', userPrincipal(id))
  const { numDeletedRows } = await query.executeTakeFirstOrThrow()
  return (await bury(db, 'users', tenant, id)) || numDeletedRows > 0n
}

async function removeGroup(db: StateDatabase, tenant: string, id: string): Promise<boolean> {
  // Also its own members lose it: a group made later under the same name must not inherit them.
  const principal = groupPrincipal(id)
  const { numDeletedRows } = await db
    .deleteFrom('memberships')
    .where('tenant', '=', tenant)
    .where((row) => row.or([row('member', '=', principal), row('parent', '=', principal)]))
    .executeTakeFirstOrThrow()
  // Memberships may name a group that was never made: whoever held it loses it as well.
  return (await bury(db, 'groups', tenant, id)) || numDeletedRows > 0n
}

async function bury(db: StateDatabase, table: 'users' | 'groups', tenant: string, id: string): Promise<boolean> {
  const buried = await db
    .updateTable(table)
    .set({ origin: REMOVED_ORIGIN })
    .where('tenant', '=', tenant)
    .where('id', '=', id)
    .where('origin', '!=', REMOVED_ORIGIN)
    .executeTakeFirst()
  return buried.numUpdatedRows > 0n
}

/** What came from elsewhere since (API, tokens), removals too, wins over the origin that is replaced. */
async function replaceOrigin(
  db: StateDatabase,
  tenant: string,
  origin: PrincipalOrigin,
  users: readonly DirectoryUser[],
  groups: readonly DirectoryGroup[],
): Promise<boolean> {
  const foreign = {
    users: await idsOfOthers(db, 'users', tenant, origin),
    groups: await idsOfOthers(db, 'groups', tenant, origin),
  }
  const removed = await idsOfOthers(db, 'groups', tenant, origin, REMOVED_ORIGIN)
  const known = (ids: readonly string[]): string[] => ids.filter((id) => !removed.has(id))
  const wanted = {
    users: users.filter(({ id }) => !foreign.users.has(id)).map((user) => ({ ...user, groups: known(user.groups) })),
    groups: groups.filter(({ id }) => !foreign.groups.has(id)).map((group) => ({ ...group, parents: known(group.parents) })),
  }
  const present = { users: await readUsers(db, tenant, origin), groups: await readGroups(db, tenant, origin) }
  if (inOneOrder(present.users, present.groups) === inOneOrder(wanted.users, wanted.groups)) return false
  const kept = new Set(wanted.users.map((user) => user.id))
  for (const user of present.users) if (!kept.has(user.id)) await forget(db, 'users', tenant, user.id)
  const keptGroups = new Set(wanted.groups.map((group) => group.id))
  for (const group of present.groups) if (!keptGroups.has(group.id)) await forget(db, 'groups', tenant, group.id)
  for (const group of wanted.groups) await writeGroup(db, tenant, group, origin)
  for (const user of wanted.users) await writeUser(db, tenant, user, origin)
  return true
}

async function idsOfOthers(
  db: StateDatabase,
  table: 'users' | 'groups',
  tenant: string,
  origin: PrincipalOrigin,
  only?: string,
): Promise<Set<string>> {
  let query = db.selectFrom(table).select('id').where('tenant', '=', tenant).where('origin', '!=', origin)
  if (only !== undefined) query = query.where('origin', '=', only)
  return new Set((await query.execute()).map((row) => row.id))
}

/** Without a tombstone: the origin that named it no longer does. */
async function forget(db: StateDatabase, table: 'users' | 'groups', tenant: string, id: string): Promise<void> {
  await (table === 'users' ? removeUser(db, tenant, id) : removeGroup(db, tenant, id))
  await db.deleteFrom(table).where('tenant', '=', tenant).where('id', '=', id).execute()
}

function inOneOrder(users: readonly DirectoryUser[], groups: readonly DirectoryGroup[]): string {
  const byId = (left: { id: string }, right: { id: string }): number => (left.id < right.id ? -1 : 1)
  return canonicalJson({
    users: users.map((user) => ({ ...user, groups: [...new Set(user.groups)].sort() })).sort(byId),
    groups: groups.map((group) => ({ ...group, parents: [...new Set(group.parents)].sort() })).sort(byId),
  })
}
