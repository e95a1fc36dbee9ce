/** Who is in which group, as a directory service says: entries by their ids, memberships by their principals. */
import { inPieces } from '../storage/in-pieces.ts'
import { TouchstoneError } from '../errors/touchstone-error.ts'
import type { StateDatabase } from '../storage/state-schema.ts'
import { PROVISIONED_ORIGIN } from './provisioned-principal.ts'

/** @param members ids of entries @throws TouchstoneError DIRECTORY_VALUE_INVALID for one that does not exist */
export async function addMembers(db: StateDatabase, tenant: string, group: string, members: readonly string[]): Promise<void> {
  const principals = await principalsOfEntries(db, tenant, members)
  const unknown = members.find((id) => !principals.has(id))
  if (unknown !== undefined) {
    const reason = `members: there is no entry "${unknown.slice(0, 200)}"`
    throw new TouchstoneError('DIRECTORY_VALUE_INVALID', { details: { type: 'invalidValue', reason } })
  }
  for (const member of new Set(principals.values()))
    await db
      .insertInto('memberships')
      .values({ tenant, member, parent: group, origin: PROVISIONED_ORIGIN })
      .onConflict((conflict) => conflict.columns(['tenant', 'member', 'parent']).doUpdateSet({ origin: PROVISIONED_ORIGIN }))
      .execute()
}

export async function removeMembers(db: StateDatabase, tenant: string, group: string, members: readonly string[]): Promise<void> {
  for (const member of (await principalsOfEntries(db, tenant, members)).values())
    await db
      .deleteFrom('memberships')
      .where('tenant', '=', tenant)
      .where('member', '=', member)
      .where('parent', '=', group)
      .execute()
}

/** By the group's principal, the ids of the entries directly in it. */
export async function membersByGroup(
  db: StateDatabase,
  tenant: string,
  groups: readonly string[],
): Promise<Map<string, string[]>> {
  const found = new Map<string, string[]>()
  for (const some of inPieces(groups)) {
    const rows = await db
      .selectFrom('memberships')
      .innerJoin('provisioned', (join) =>
        join.onRef('provisioned.principal', '=', 'memberships.member').onRef('provisioned.tenant', '=', 'memberships.tenant'),
      )
      .select(['memberships.parent', 'provisioned.id'])
      .where('memberships.tenant', '=', tenant)
      .where('memberships.origin', '=', PROVISIONED_ORIGIN)
      .where('memberships.parent', 'in', some)
      .orderBy('provisioned.id')
      .execute()
    for (const { parent, id } of rows) found.set(parent, [...(found.get(parent) ?? []), id])
  }
  return found
}

/** By the member's id, the groups it is directly in. */
export async function groupsByMember(
  db: StateDatabase,
  tenant: string,
  members: readonly string[],
): Promise<Map<string, { readonly id: string; readonly name: string }[]>> {
  const found = new Map<string, { readonly id: string; readonly name: string }[]>()
  for (const some of inPieces(members)) {
    const rows = await db
      .selectFrom('provisioned as member')
      .innerJoin('memberships', (join) =>
        join.onRef('memberships.member', '=', 'member.principal').onRef('memberships.tenant', '=', 'member.tenant'),
      )
      .innerJoin('provisioned as parent', (join) =>
        join.onRef('parent.principal', '=', 'memberships.parent').onRef('parent.tenant', '=', 'memberships.tenant'),
      )
      .select(['member.id as of', 'parent.id', 'parent.content'])
      .where('member.tenant', '=', tenant)
      .where('parent.kind', '=', 'group')
      .where('member.id', 'in', some)
      .orderBy('parent.id')
      .execute()
    for (const row of rows) {
      const { name } = JSON.parse(row.content) as { name: string }
      found.set(row.of, [...(found.get(row.of) ?? []), { id: row.id, name }])
    }
  }
  return found
}

async function principalsOfEntries(db: StateDatabase, tenant: string, ids: readonly string[]): Promise<Map<string, string>> {
  const found = new Map<string, string>()
  for (const some of inPieces(ids)) {
    const rows = await db
      .selectFrom('provisioned')
      .select(['id', 'principal'])
      .where('tenant', '=', tenant)
      .where('id', 'in', some)
      .execute()
    for (const { id, principal } of rows) found.set(id, principal)
  }
  return found
}
