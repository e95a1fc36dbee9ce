/** A state with one folder of many documents beside any number of other scopes, in SQLite: what a permission change is measured on. */
import { openSqliteState } from '../../src/adapters/sqlite/open-sqlite-state.ts'
import type { AclDeclaration } from '../../src/contracts/acl.ts'
import type { DocumentId, ScopeId, TenantId } from '../../src/contracts/identity.ts'
import { EVERYONE, groupPrincipal } from '../../src/foundation/access/principal.ts'
import { putScope } from '../../src/foundation/access/scope-repository.ts'
import { inPieces } from '../../src/foundation/storage/in-pieces.ts'
import type { StateDatabase } from '../../src/foundation/storage/state-schema.ts'

export const TENANT = 'main' as TenantId
export const READER = 'ann'
/** The first scope that a state has. */
export const FOLDER_SCOPE = 1
/** Rows have up to 16 columns. */
const ROWS_AT_ONCE = 1_000

export const READABLE: AclDeclaration = { all: [{ any: [EVERYONE] }] }
export const CLOSED: AclDeclaration = { all: [{ any: [groupPrincipal('board')] }] }

/** @param documents of the folder @param others scopes beside it, which everybody reads */
export async function openFolderState(path: string, documents: readonly DocumentId[], others: number): Promise<StateDatabase> {
  const db = await openSqliteState(path)
  const scope = await declareFolder(db, READABLE)
  await db.transaction().execute(async (transaction) => {
    await transaction
      .insertInto('users')
      .values({ tenant: TENANT, id: READER, name: READER, disabled: 0, origin: 'bench' })
      .execute()
    const { acl } = await transaction.selectFrom('scopes').select('acl').where('id', '=', scope).executeTakeFirstOrThrow()
    const places = Array.from({ length: others }, (_, number) => ({ tenant: TENANT, source: 'scale', place: `${number}`, acl }))
    for (const piece of inPieces(places, ROWS_AT_ONCE)) await transaction.insertInto('scopes').values(piece).execute()
    for (const piece of inPieces(documents, ROWS_AT_ONCE)) await putDocuments(transaction, piece, scope)
  })
  return db
}

/** What an edit of the folder's rule comes to, once its source has told of it. */
export function declareFolder(db: StateDatabase, declaration: AclDeclaration): Promise<ScopeId> {
  return db.transaction().execute(async (transaction) => {
    const { scope } = await putScope(transaction, TENANT, 'scale', [{ place: 'folder', declaration }])
    return scope
  })
}

async function putDocuments(db: StateDatabase, ids: readonly DocumentId[], scope: ScopeId): Promise<void> {
  const facts = { version: 'v1', blob: '', title: '', language: 'en', media_type: 'text/plain', metadata: '{}' }
  const times = { change_mark: '', definition: 'd', chunks: 2, modified_at: 0, indexed_at: 0 }
  const rows = ids.map((id) => ({ tenant: TENANT, id, source: 'scale', path: id, scope, ...facts, ...times }))
  await db.insertInto('documents').values(rows).execute()
  const versions = ids.map((document) => ({ tenant: TENANT, document, version: 'v1', blob: '', stored_at: 0 }))
  await db.insertInto('document_versions').values(versions).execute()
}
