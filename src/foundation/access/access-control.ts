/** Decides who reads what, from the state as it is at the call. Knows the two questions of the contract; knows nothing of search. */
import { sql } from 'kysely'
import type { AccessControl, Asker, CallerIdentity, ReadableScopes } from '../../contracts/asker.ts'
import type { DocumentId, PrincipalId } from '../../contracts/identity.ts'
import { TouchstoneError } from '../errors/touchstone-error.ts'
import { contentHash } from '../hashing/content-hash.ts'
import { readGeneration } from '../storage/generations.ts'
import { readSnapshot } from '../storage/state-dialect.ts'
import type { StateDatabase, StateSchema } from '../storage/state-schema.ts'
import { EVERYONE, REMOVED_ORIGIN, userPrincipal } from './principal.ts'
import type { ServedSources } from './served-sources.ts'

interface Standing {
  readonly generation: number
  /** Sources that were served when it was established. */
  readonly served: string
  readonly principals: ReadonlySet<PrincipalId>
  readonly principalsHash: string
  readonly readable: ReadableScopes
  readonly readableIds: ReadonlySet<number>
}

const REMEMBERED_USERS = 1_000

/**
 * Standings are remembered per user and dropped as soon as the access generation in the state has moved, whoever moved it, or a
 * source is served no longer or again. What a decision rests on is always of one moment: a fresh standing is read in one snapshot,
 * a remembered one counts only for documents that were read in the same statement as its generation. Two halves of two moments
 * could admit what neither of them does.
 * @param served absent: documents of every source are
 */
export function createAccessControl(db: StateDatabase, served?: ServedSources): AccessControl {
  const remembered = createStandingMemory()
  // Read before the generation: a sync applies its permissions first and counts as done last.
  const servedNow = (caller: CallerIdentity): Promise<readonly string[] | undefined> =>
    served === undefined ? Promise.resolve(undefined) : served.ids(caller.tenant)
  return {
    authorise: async (caller): Promise<Asker> => {
      const sources = await servedNow(caller)
      const known = remembered.get(caller, await readGeneration(db, caller.tenant, 'access'), sources)
      const standing =
        known ?? remembered.put(caller, await readSnapshot(db, (moment) => establishStanding(moment, caller, sources)))
      const { principals, principalsHash, readable } = standing
      return { ...caller, principals, principalsHash, readable }
    },
    readableNow: async (caller, documents) => {
      if (documents.length === 0) return new Set()
      const sources = await servedNow(caller)
      const { generation, rows } = await documentsAt(db, caller.tenant, documents)
      const known = remembered.get(caller, generation, sources)
      if (known !== undefined) return readableOf(rows, known)
      return readSnapshot(db, async (moment) => {
        const standing = remembered.put(caller, await establishStanding(moment, caller, sources))
        return readableOf((await documentsAt(moment, caller.tenant, documents)).rows, standing)
      })
    },
  }
}

interface StandingMemory {
  get(caller: CallerIdentity, generation: number, sources: readonly string[] | undefined): Standing | undefined
  put(caller: CallerIdentity, standing: Standing): Standing
}

function createStandingMemory(): StandingMemory {
  const standings = new Map<string, Standing>()
  const keyOf = (caller: CallerIdentity): string => `${caller.tenant}/${caller.user}`
  return {
    get: (caller, generation, sources) => {
      const known = standings.get(keyOf(caller))
      return known?.generation === generation && known.served === String(sources) ? known : undefined
    },
    put: (caller, standing) => {
      standings.delete(keyOf(caller))
      standings.set(keyOf(caller), standing)
      for (const oldest of standings.keys()) {
        if (standings.size <= REMEMBERED_USERS) break
        standings.delete(oldest)
      }
      return standing
    },
  }
}

type PlacedDocument = Readonly<Pick<StateSchema['documents'], 'id' | 'scope'>>

/** Where documents lie, and the access generation at that moment: one statement sees one moment. */
async function documentsAt(
  db: StateDatabase,
  tenant: string,
  documents: readonly DocumentId[],
): Promise<{ readonly generation: number; readonly rows: readonly PlacedDocument[] }> {
  const rows = await db
    .selectFrom('documents')
    .select([
      'id',
      'scope',
      (row) =>
        row.selectFrom('generations').select('value').where('tenant', '=', tenant).where('name', '=', 'access').as('generation'),
    ])
    .where('tenant', '=', tenant)
    .where('id', 'in', [...documents])
    .execute()
  return { generation: rows[0]?.generation ?? 0, rows }
}

function readableOf(rows: readonly PlacedDocument[], { readableIds }: Standing): Set<DocumentId> {
  return new Set(rows.filter((row) => readableIds.has(row.scope)).map((row) => row.id as DocumentId))
}

/** @throws TouchstoneError USER_UNKNOWN, USER_DISABLED */
async function establishStanding(
  db: StateDatabase,
  caller: CallerIdentity,
  sources: readonly string[] | undefined,
): Promise<Standing> {
  const generation = await readGeneration(db, caller.tenant, 'access')
  const user = await db
    .selectFrom('users')
    .select('disabled')
    .where('origin', '!=', REMOVED_ORIGIN)
    .where('tenant', '=', caller.tenant)
    .where('id', '=', caller.user)
    .executeTakeFirst()
  if (user === undefined) throw new TouchstoneError('USER_UNKNOWN', { details: { user: caller.user } })
  if (user.disabled !== 0) throw new TouchstoneError('USER_DISABLED', { details: { user: caller.user } })
  const principals = await principalsOf(db, caller.tenant, caller.user)
  const readable = await readableScopes(db, caller.tenant, principals, generation, sources)
  const principalsHash = contentHash(...[...principals].sort())
  return { generation, served: String(sources), principals, principalsHash, readable, readableIds: new Set(readable.ids) }
}

/** The user, everyone, and every group reached through memberships; `union` makes cycles end. */
export async function principalsOf(db: StateDatabase, tenant: string, user: string): Promise<ReadonlySet<PrincipalId>> {
  const rows = await sql<{ parent: string }>`
    with recursive reached(parent) as (
      select parent from memberships where tenant = ${tenant} and member = ${userPrincipal(user)}
      union
      select memberships.parent from memberships join reached on memberships.member = reached.parent where memberships.tenant = ${tenant}
    ) select parent from reached`.execute(db)
  return new Set([userPrincipal(user), EVERYONE, ...rows.rows.map((row) => row.parent as PrincipalId)])
}

/** Scopes of these sources whose ACL has every clause satisfied and no denial, for holders of these principals. */
async function readableScopes(
  db: StateDatabase,
  tenant: string,
  principals: ReadonlySet<PrincipalId>,
  generation: number,
  sources: readonly string[] | undefined,
): Promise<ReadableScopes> {
  const held = sql`(${sql.join([...principals])})`
  // A row for each source: 100,000 scopes take 60 ms of processor time so, and 130 as a row each.
  const rows = await sql<{ ids: string; source: string }>`
    select scopes.source, string_agg(cast(scopes.id as text), ',') as ids from scopes where scopes.tenant = ${tenant} and scopes.acl in (
      select acls.id from acl_grants join acls on acls.id = acl_grants.acl
      where acl_grants.tenant = ${tenant} and acl_grants.principal in ${held}
      group by acls.id, acls.clause_count having count(distinct acl_grants.clause) = acls.clause_count and acls.clause_count > 0
    ) and scopes.acl not in (select acl from acl_denials where tenant = ${tenant} and principal in ${held})
    group by scopes.source`.execute(db)
  const total = await db
    .selectFrom('scopes')
    .select((row) => row.fn.countAll<number>().as('count'))
    .where('tenant', '=', tenant)
    .executeTakeFirstOrThrow()
  const isServed = (source: string): boolean => sources === undefined || sources.includes(source)
  const readable = rows.rows.filter((row) => isServed(row.source)).flatMap((row) => row.ids.split(','))
  return { ids: Int32Array.from(readable, Number).sort(), total: Number(total.count), generation }
}
