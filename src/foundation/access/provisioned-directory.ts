/** Users and groups that a directory service keeps, in the state. Knows how they become principals; knows nothing of SCIM's wire. */
import type {
  ProvisionedDirectory,
  ProvisionedFacts,
  ProvisionedFilter,
  ProvisionedKind,
  ProvisionedResource,
} from '../../contracts/provisioned-directory.ts'
import type { Clock } from '../concurrency/clock.ts'
import type { IdSource } from '../concurrency/random.ts'
import { TouchstoneError } from '../errors/touchstone-error.ts'
import { canonicalJson } from '../hashing/content-hash.ts'
import { raiseGeneration } from '../storage/generations.ts'
import { takeTurn } from '../storage/state-dialect.ts'
import type { StateDatabase, StateSchema } from '../storage/state-schema.ts'
import { claimPrincipal, principalNameOf, removePrincipal, renameUser, showPrincipal } from './provisioned-principal.ts'
import { addMembers, groupsByMember, membersByGroup, removeMembers } from './provisioned-members.ts'

type Row = StateSchema['provisioned']

interface Parts {
  readonly db: StateDatabase
  readonly tenant: string
  readonly clock: Clock
}

/** Names compare without case. */
function matchName(name: string): string {
  return name.normalize('NFC').toLowerCase()
}

export function createProvisionedDirectory(db: StateDatabase, tenant: string, clock: Clock, ids: IdSource): ProvisionedDirectory {
  const within = <Result>(work: (parts: Parts) => Promise<Result>): Promise<Result> =>
    db.transaction().execute(async (transaction) => {
      await takeTurn(transaction, tenant, 'principals')
      return work({ db: transaction, tenant, clock })
    })
  const parts = { db, tenant, clock }
  return {
    list: async (kind, filter, withMembers) => toResources(await readRows(parts, kind, filter), withMembers, parts),
    get: (kind, id) => readOne(parts, kind, id),
    groupsOf: (wanted) => groupsByMember(db, tenant, wanted),
    create: (kind, facts) => within((transaction) => createOne(kind, facts, ids.next(clock.now()), transaction)),
    change: (kind, id, edit) => within((transaction) => changeOne(kind, id, edit, transaction)),
    remove: (kind, id, check) =>
      within(async (transaction) => {
        const present = await readOne(transaction, kind, id)
        check(present)
        await transaction.db.deleteFrom('provisioned').where('tenant', '=', tenant).where('id', '=', id).execute()
        await removePrincipal(transaction.db, tenant, kind, present.principal)
        await raiseGeneration(transaction.db, tenant, 'access')
      }),
  }
}

async function createOne(kind: ProvisionedKind, facts: ProvisionedFacts, id: string, parts: Parts): Promise<ProvisionedResource> {
  const { db, tenant, clock } = parts
  await requireFreeName(kind, facts.name, id, parts)
  const principal = principalNameOf(kind, facts.name)
  await claimPrincipal(db, tenant, kind, principal)
  const now = clock.now()
  const row = { tenant, id, kind, principal, revision: 1, created_at: now, modified_at: now, ...toColumns(facts) }
  await db.insertInto('provisioned').values(row).execute()
  await showPrincipal(db, tenant, kind, principal, facts)
  await addMembers(db, tenant, principal, facts.members)
  await raiseGeneration(db, tenant, 'access')
  return readOne(parts, kind, id)
}

async function changeOne(
  kind: ProvisionedKind,
  id: string,
  edit: (present: ProvisionedResource) => ProvisionedFacts,
  parts: Parts,
): Promise<ProvisionedResource> {
  const { db, tenant, clock } = parts
  const present = await readOne(parts, kind, id)
  const next = edit(present)
  if (factsText(next) === factsText(present)) return present
  await requireFreeName(kind, next.name, id, parts)
  // A person is known by the name that tokens carry; a group keeps what permissions call it, so that no rule loses its meaning.
  const wanted = kind === 'user' ? principalNameOf(kind, next.name) : present.principal
  if (wanted !== present.principal) await renameUser(db, tenant, present.principal, wanted)
  await db
    .updateTable('provisioned')
    .set({ ...toColumns(next), principal: wanted, revision: present.revision + 1, modified_at: clock.now() })
    .where('tenant', '=', tenant)
    .where('id', '=', id)
    .execute()
  await showPrincipal(db, tenant, kind, wanted, next)
  const before = new Set(present.members)
  const after = new Set(next.members)
  await removeMembers(db, tenant, wanted, [...before.difference(after)])
  await addMembers(db, tenant, wanted, [...after.difference(before)])
  await raiseGeneration(db, tenant, 'access')
  return readOne(parts, kind, id)
}

function factsText({ name, shownName, externalId, active, attributes, members }: ProvisionedFacts): string {
  return canonicalJson({ name, shownName, externalId, active, attributes, members: [...new Set(members)].sort() })
}

function toColumns({ name, shownName, externalId, active, attributes }: ProvisionedFacts) {
  const content = JSON.stringify({ name, shownName, active, attributes })
  return { match_name: matchName(name), external_id: externalId ?? null, content }
}

async function requireFreeName(kind: ProvisionedKind, name: string, id: string, { db, tenant }: Parts): Promise<void> {
  const other = await db
    .selectFrom('provisioned')
    .select('id')
    .where('tenant', '=', tenant)
    .where('kind', '=', kind)
    .where('match_name', '=', matchName(name))
    .where('id', '!=', id)
    .executeTakeFirst()
  if (other !== undefined)
    throw new TouchstoneError('PRINCIPAL_TAKEN', { details: { principal: name, holder: `the ${kind} ${other.id}` } })
}

async function readOne(parts: Parts, kind: ProvisionedKind, id: string): Promise<ProvisionedResource> {
  const [found] = await toResources(await readRows(parts, kind, { id }), true, parts)
  if (found === undefined) throw new TouchstoneError('DIRECTORY_ENTRY_UNKNOWN', { details: { kind, id } })
  return found
}

async function readRows({ db, tenant }: Parts, kind: ProvisionedKind, filter: ProvisionedFilter): Promise<Row[]> {
  let query = db.selectFrom('provisioned').selectAll().where('tenant', '=', tenant).where('kind', '=', kind)
  if (filter.id !== undefined) query = query.where('id', '=', filter.id)
  if (filter.name !== undefined) query = query.where('match_name', '=', matchName(filter.name))
  if (filter.externalId !== undefined) query = query.where('external_id', '=', filter.externalId)
  return query.orderBy('created_at').orderBy('id').execute()
}

async function toResources(rows: readonly Row[], withMembers: boolean, { db, tenant }: Parts): Promise<ProvisionedResource[]> {
  const groups = rows.filter((row) => row.kind === 'group').map((row) => row.principal)
  const members = withMembers ? await membersByGroup(db, tenant, groups) : new Map<string, string[]>()
  return rows.map((row) => ({
    ...(JSON.parse(row.content) as Pick<ProvisionedFacts, 'name' | 'shownName' | 'active' | 'attributes'>),
    id: row.id,
    kind: row.kind as ProvisionedKind,
    principal: row.principal,
    members: members.get(row.principal) ?? [],
    revision: row.revision,
    createdAtMs: row.created_at,
    modifiedAtMs: row.modified_at,
    ...(row.external_id === null ? {} : { externalId: row.external_id }),
  }))
}
