/** Places where permissions are declared, and what they say now. An edit changes one row, whoever shares it. */
import type { Acl } from '../../contracts/acl.ts'
import type { DeclaredAccess } from '../../contracts/connector.ts'
import type { ScopeId } from '../../contracts/identity.ts'
import { canonicalJson, contentHash } from '../hashing/content-hash.ts'
import { boundedText } from '../storage/bounded-text.ts'
import { forgetSupersededVersions } from '../storage/document-writer.ts'
import { raiseGeneration } from '../storage/generations.ts'
import { inPieces } from '../storage/in-pieces.ts'
import { takeTurn } from '../storage/state-dialect.ts'
import type { StateDatabase } from '../storage/state-schema.ts'
import { combineDeclarations } from './acl-decision.ts'

/** Long enough for nearly every chain to be read by people who look into the state. */
const PLACE_LENGTH = 800

/**
 * The scope for a chain of declarations (outermost first), made or updated so that it means what the chain says.
 * Raises the access generation only when something changed. Run it as the first step of the transaction that uses the scope:
 * from here on no other transaction writes documents or scopes of the tenant.
 * @returns the scope, and whether its meaning changed
 */
export async function putScope(
  db: StateDatabase,
  tenant: string,
  source: string,
  chain: readonly DeclaredAccess[],
): Promise<{ scope: ScopeId; changed: boolean }> {
  await takeTurn(db, tenant, 'documents')
  // Places hold names that people choose, so no separator could keep two chains apart.
  const place = boundedText(JSON.stringify(chain.map((declared) => declared.place)), PLACE_LENGTH)
  const acl = await internAcl(db, tenant, combineDeclarations(chain.map((declared) => declared.declaration)))
  const existing = await db
    .selectFrom('scopes')
    .select(['id', 'acl'])
    .where('tenant', '=', tenant)
    .where('source', '=', source)
    .where('place', '=', place)
    .executeTakeFirst()
  if (existing !== undefined && existing.acl === acl) return { scope: existing.id as ScopeId, changed: false }
  const row = await db
    .insertInto('scopes')
    .values({ tenant, source, place, acl })
    .onConflict((conflict) => conflict.columns(['tenant', 'source', 'place']).doUpdateSet({ acl }))
    .returning('id')
    .executeTakeFirstOrThrow()
  if (existing !== undefined) await forgetSupersededVersions(db, tenant, { scope: existing.id })
  await raiseGeneration(db, tenant, 'access')
  return { scope: row.id as ScopeId, changed: existing !== undefined }
}

/** The ACL that a scope has now; nothing means nobody. */
export async function aclOfScope(db: StateDatabase, tenant: string, scope: number): Promise<Acl | undefined> {
  const row = await db
    .selectFrom('scopes')
    .innerJoin('acls', 'acls.id', 'scopes.acl')
    .select('acls.canonical')
    .where('scopes.tenant', '=', tenant)
    .where('scopes.id', '=', scope)
    .executeTakeFirst()
  return row === undefined ? undefined : (JSON.parse(row.canonical) as Acl)
}

/** One row per distinct meaning. @returns its id, or null for nobody */
async function internAcl(db: StateDatabase, tenant: string, acl: Acl | undefined): Promise<number | null> {
  if (acl === undefined) return null
  const canonical = canonicalJson(acl)
  const hash = contentHash(canonical)
  const existing = await db
    .selectFrom('acls')
    .select('id')
    .where('tenant', '=', tenant)
    .where('hash', '=', hash)
    .executeTakeFirst()
  if (existing !== undefined) return existing.id
  const row = await db
    .insertInto('acls')
    .values({ tenant, hash, canonical, clause_count: acl.all.length })
    .returning('id')
    .executeTakeFirstOrThrow()
  const grants = acl.all.flatMap((clause, index) =>
    clause.any.map((principal) => ({ acl: row.id, clause: index, tenant, principal })),
  )
  for (const piece of inPieces(grants)) await db.insertInto('acl_grants').values(piece).execute()
  const denials = acl.deny.map((principal) => ({ acl: row.id, tenant, principal }))
  for (const piece of inPieces(denials)) await db.insertInto('acl_denials').values(piece).execute()
  return row.id
}
