/** Pushed documents as rows: reading them as items of a source, writing them, and which are still to be indexed. Decides nothing. */
import { inPieces } from './in-pieces.ts'
import type { Acl } from '../../contracts/acl.ts'
import type { DeclaredAccess, PushedContents, SourceItem } from '../../contracts/connector.ts'
import type { DocumentId } from '../../contracts/identity.ts'
import { TouchstoneError } from '../errors/touchstone-error.ts'
import { canonicalJson, contentHash } from '../hashing/content-hash.ts'
import type { StateDatabase, StateSchema } from './state-schema.ts'

/** Everything but the bytes. */
export type PushedRow = Omit<StateSchema['pushed_documents'], 'tenant' | 'bytes'>

const COLUMNS = [
  'id',
  'source',
  'path',
  'revision',
  'content_mark',
  'read_as',
  'media_type',
  'metadata',
  'title',
  'acl',
  'found_metadata',
  'pending',
  'size_bytes',
  'received_at',
] as const

export async function pushedRow(db: StateDatabase, tenant: string, id: DocumentId): Promise<PushedRow | undefined> {
  return db.selectFrom('pushed_documents').select(COLUMNS).where('tenant', '=', tenant).where('id', '=', id).executeTakeFirst()
}

/** Documents of a source by path; all when `only` is absent. */
export async function pushedRows(
  db: StateDatabase,
  tenant: string,
  source: string,
  only?: readonly string[],
): Promise<readonly PushedRow[]> {
  const query = db
    .selectFrom('pushed_documents')
    .select(COLUMNS)
    .where('tenant', '=', tenant)
    .where('source', '=', source)
    .orderBy('path')
  if (only === undefined) return query.execute()
  const rows: PushedRow[] = []
  for (const some of inPieces(only)) rows.push(...(await query.where('path', 'in', some).execute()))
  return rows
}

/** Makes the row; without bytes only what is beside them changes. */
export async function writePushed(db: StateDatabase, tenant: string, row: PushedRow, bytes?: Uint8Array): Promise<void> {
  const { id, ...values } = row
  if (bytes === undefined)
    await db.updateTable('pushed_documents').set(values).where('tenant', '=', tenant).where('id', '=', id).execute()
  else
    await db
      .insertInto('pushed_documents')
      .values({ tenant, id, ...values, bytes })
      .onConflict((conflict) => conflict.columns(['tenant', 'id']).doUpdateSet({ ...values, bytes }))
      .execute()
}

export async function removePushed(db: StateDatabase, tenant: string, id: DocumentId): Promise<void> {
  await db.deleteFrom('pushed_documents').where('tenant', '=', tenant).where('id', '=', id).execute()
}

/** Everything that was pushed into a source. */
export async function removePushedSource(db: StateDatabase, tenant: string, source: string): Promise<void> {
  await db.deleteFrom('pushed_documents').where('tenant', '=', tenant).where('source', '=', source).execute()
}

/** Paths whose content is not indexed yet, the longest waiting first. */
export async function pendingPaths(db: StateDatabase, tenant: string, source: string, limit: number): Promise<readonly string[]> {
  const rows = await db
    .selectFrom('pushed_documents')
    .select('path')
    .where('tenant', '=', tenant)
    .where('pending', '=', 1)
    .where('source', '=', source)
    .orderBy('received_at')
    .limit(limit)
    .execute()
  return rows.map((row) => row.path)
}

/** One that waits, of whatever source. */
export async function pendingDocument(db: StateDatabase, tenant: string): Promise<string | undefined> {
  const query = db.selectFrom('pushed_documents').select('id').where('tenant', '=', tenant).where('pending', '=', 1)
  return (await query.limit(1).executeTakeFirst())?.id
}

/** Of these documents, how many still wait. */
export async function countPending(db: StateDatabase, tenant: string, documents: readonly DocumentId[]): Promise<number> {
  let count = 0
  for (const some of inPieces(documents)) {
    const row = await db
      .selectFrom('pushed_documents')
      .select((pushed) => pushed.fn.countAll<number>().as('count'))
      .where('tenant', '=', tenant)
      .where('pending', '=', 1)
      .where('id', 'in', some)
      .executeTakeFirstOrThrow()
    count += Number(row.count)
  }
  return count
}

/** This content need not be looked at again, read or not; newer content, pushed meanwhile, still waits. @param found by its parser, when it is visible now */
export async function settlePushed(
  db: StateDatabase,
  tenant: string,
  id: DocumentId,
  contentMark: string,
  found?: Readonly<Record<string, unknown>>,
): Promise<void> {
  await db
    .updateTable('pushed_documents')
    .set((row) => ({
      pending: row.case().when('content_mark', '=', contentMark).then(0).else(row.ref('pending')).end(),
      ...(found === undefined ? {} : { found_metadata: JSON.stringify(found) }),
    }))
    .where('tenant', '=', tenant)
    .where('id', '=', id)
    .execute()
}

export function createPushedContents(db: StateDatabase, tenant: string): PushedContents {
  return {
    items: async (source, only) => (await pushedRows(db, tenant, source, only)).map(toSourceItem),
    bytes: async (source, item) => {
      const row = await db
        .selectFrom('pushed_documents')
        .select('bytes')
        .where('tenant', '=', tenant)
        .where('source', '=', source)
        .where('path', '=', item.path)
        .where('content_mark', '=', item.changeMark)
        .executeTakeFirst()
      if (row === undefined) throw new TouchstoneError('SOURCE_ITEM_CHANGED', { details: { path: item.path } })
      return row.bytes
    },
  }
}

export function toSourceItem(row: PushedRow): SourceItem {
  return {
    path: row.path,
    changeMark: row.content_mark,
    sizeBytes: row.size_bytes,
    modifiedAtMs: row.received_at,
    access: pushedAccess(row.acl === null ? undefined : (JSON.parse(row.acl) as Acl)),
    accessIsFinal: true,
    readAs: row.read_as,
    metadata: JSON.parse(row.metadata) as Record<string, unknown>,
    ...(row.title === null ? {} : { title: row.title }),
  }
}

/** Documents with the same ACL share a place, so that a thousand of them cost one scope. */
export function pushedAccess(acl: Acl | undefined): readonly DeclaredAccess[] {
  return [{ place: `pushed:${contentHash(canonicalJson(acl ?? null))}`, declaration: acl ?? { all: [] } }]
}
