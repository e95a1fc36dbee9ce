/** Bytes by the hash of their content. Knows nothing of who refers to them. */
import { contentHash } from '../hashing/content-hash.ts'
import { takeTurn } from './state-dialect.ts'
import type { StateDatabase } from './state-schema.ts'

/** Stores bytes once, whoever brings them. @returns their hash */
export async function putBlob(db: StateDatabase, tenant: string, bytes: Uint8Array): Promise<string> {
  const hash = contentHash(bytes)
  await db
    .insertInto('blobs')
    .values({ tenant, hash, bytes })
    .onConflict((conflict) => conflict.columns(['tenant', 'hash']).doNothing())
    .execute()
  return hash
}

/** Removes blobs that no document version refers to any more. */
export async function deleteUnreferencedBlobs(db: StateDatabase, tenant: string): Promise<void> {
  await db.transaction().execute(async (transaction) => {
    // Otherwise a version that is just being published could find its text here, and lose it before it is seen to need it.
    await takeTurn(transaction, tenant, 'documents')
    await transaction
      .deleteFrom('blobs')
      .where('tenant', '=', tenant)
      .where('hash', 'not in', (query) => query.selectFrom('document_versions').select('blob').where('tenant', '=', tenant))
      .execute()
  })
}
