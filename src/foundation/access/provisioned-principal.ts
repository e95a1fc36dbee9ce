/** The principal that stands for what a directory service keeps: claiming it, showing it, renaming and removing it. */
import type { ProvisionedFacts, ProvisionedKind } from '../../contracts/provisioned-directory.ts'
import { TouchstoneError } from '../errors/touchstone-error.ts'
import type { StateDatabase } from '../storage/state-schema.ts'
import { PRINCIPAL_NAME, REMOVED_ORIGIN } from './principal.ts'

export const PROVISIONED_ORIGIN = 'scim'

/** Origins that people chose by name; a directory service never takes over what they declare. */
const DECLARED = new Set(['config', 'api'])
const HOLDERS: Readonly<Record<string, string>> = { config: 'the configuration', api: 'the API' }
const TABLES = { user: 'users', group: 'groups' } as const

/**
 * `user:` and the name; `group:` and the name with a dash for what a principal cannot hold (`Finance Europe` is `group:Finance-Europe`).
 * @throws TouchstoneError DIRECTORY_VALUE_INVALID
 */
export function principalNameOf(kind: ProvisionedKind, name: string): string {
  const spelled = kind === 'user' ? name : name.trim().replace(/[\s,;:]+/gu, '-')
  if (PRINCIPAL_NAME.test(spelled)) return `${kind}:${spelled}`
  const reason = `"${name.slice(0, 200)}" cannot name a principal: 1 to 200 characters without white space, control characters, comma, semicolon or colon`
  throw new TouchstoneError('DIRECTORY_VALUE_INVALID', { details: { type: 'invalidValue', reason } })
}

/**
 * Makes the name free for the directory service. Who was only seen in a token is taken over, and who was removed may come back:
 * the directory says that they exist. Nothing that clung to the name before is inherited.
 * @throws TouchstoneError PRINCIPAL_TAKEN when the configuration, the API or another entry holds it
 */
export async function claimPrincipal(db: StateDatabase, tenant: string, kind: ProvisionedKind, principal: string): Promise<void> {
  const row = await db
    .selectFrom(TABLES[kind])
    .select('origin')
    .where('tenant', '=', tenant)
    .where('id', '=', bare(principal))
    .executeTakeFirst()
  const origin = row?.origin
  if (origin !== undefined && (DECLARED.has(origin) || origin === PROVISIONED_ORIGIN)) {
    throw new TouchstoneError('PRINCIPAL_TAKEN', { details: { principal, holder: HOLDERS[origin] ?? 'another entry' } })
  }
  await refuseDeclaredGroup(db, tenant, principal)
  await db.deleteFrom('memberships').where('tenant', '=', tenant).where('member', '=', principal).execute()
  // Who was called so before gave the name up.
  if (kind === 'user') await db.deleteFrom('memberships').where('tenant', '=', tenant).where('parent', '=', principal).execute()
}

/** A group that the configuration or the API never made but put somebody in is theirs, too: its rules were meant for those. */
async function refuseDeclaredGroup(db: StateDatabase, tenant: string, principal: string): Promise<void> {
  const declared = await db
    .selectFrom('memberships')
    .select('origin')
    .where('tenant', '=', tenant)
    .where('parent', '=', principal)
    .where('origin', 'in', [...DECLARED])
    .limit(1)
    .executeTakeFirst()
  if (declared === undefined) return
  throw new TouchstoneError('PRINCIPAL_TAKEN', { details: { principal, holder: HOLDERS[declared.origin] ?? 'somebody else' } })
}

export async function showPrincipal(
  db: StateDatabase,
  tenant: string,
  kind: ProvisionedKind,
  principal: string,
  { shownName: name, active }: ProvisionedFacts,
): Promise<void> {
  const id = bare(principal)
  const row = { name, origin: PROVISIONED_ORIGIN }
  if (kind === 'group')
    await db
      .insertInto('groups')
      .values({ tenant, id, ...row })
      .onConflict((conflict) => conflict.columns(['tenant', 'id']).doUpdateSet(row))
      .execute()
  else
    await db
      .insertInto('users')
      .values({ tenant, id, ...row, disabled: Number(!active) })
      .onConflict((conflict) => conflict.columns(['tenant', 'id']).doUpdateSet({ ...row, disabled: Number(!active) }))
      .execute()
}

/**
 * Memberships go along, and the new name holds the old one: rules that name the person, denials above all, go on to count.
 * @throws TouchstoneError PRINCIPAL_TAKEN
 */
export async function renameUser(db: StateDatabase, tenant: string, from: string, to: string): Promise<void> {
  await claimPrincipal(db, tenant, 'user', to)
  await db.updateTable('memberships').set({ member: to }).where('tenant', '=', tenant).where('member', '=', from).execute()
  await db.insertInto('memberships').values({ tenant, member: to, parent: from, origin: PROVISIONED_ORIGIN }).execute()
  await bury(db, tenant, 'user', from)
}

/** A tombstone stays: neither the configuration nor an old token brings back whom the directory removed. */
export async function removePrincipal(
  db: StateDatabase,
  tenant: string,
  kind: ProvisionedKind,
  principal: string,
): Promise<void> {
  await db
    .deleteFrom('memberships')
    .where('tenant', '=', tenant)
    .where((row) => row.or([row('member', '=', principal), row('parent', '=', principal)]))
    .execute()
  await bury(db, tenant, kind, principal)
}

async function bury(db: StateDatabase, tenant: string, kind: ProvisionedKind, principal: string): Promise<void> {
  await db
    .updateTable(TABLES[kind])
    .set({ origin: REMOVED_ORIGIN })
    .where('tenant', '=', tenant)
    .where('id', '=', bare(principal))
    .execute()
}

function bare(principal: string): string {
  return principal.slice(principal.indexOf(':') + 1)
}
