/** What a restore brought that nobody has confirmed since. Knows the marks; what each of them closes is said where it is read. */
import { raiseGeneration } from './generations.ts'
import type { StateDatabase } from './state-schema.ts'

/**
 * `source`: its documents are withheld until it was read again, or released. `declared`: its permissions live in the state alone,
 * so only an administrator can release it. `directory`: users and groups are those of the backup; everything is withheld.
 * `key`: was active in the backup, is revoked until confirmed. `index`: rows may be missing and must be compared with the state.
 */
export type RestoreMark = 'source' | 'declared' | 'directory' | 'key' | 'index'

export interface MarkedItem {
  readonly kind: RestoreMark
  readonly id: string
  readonly sinceMs: number
}

/** Run it in the transaction that brings what it marks. */
export async function putRestoreMark(
  db: StateDatabase,
  tenant: string,
  kind: RestoreMark,
  id: string,
  nowMs: number,
): Promise<void> {
  await db
    .insertInto('restore_marks')
    .values({ tenant, kind, id, since: nowMs })
    .onConflict((conflict) => conflict.columns(['tenant', 'kind', 'id']).doUpdateSet({ since: nowMs }))
    .execute()
}

/** @returns whether there was one; then whatever it closed is open from the next query on */
export async function liftRestoreMark(
  db: StateDatabase,
  tenant: string,
  kinds: readonly RestoreMark[],
  id: string,
): Promise<boolean> {
  const lifted = await db
    .deleteFrom('restore_marks')
    .where('tenant', '=', tenant)
    .where('kind', 'in', [...kinds])
    .where('id', '=', id)
    .executeTakeFirst()
  if (lifted.numDeletedRows === 0n) return false
  await raiseGeneration(db, tenant, 'access')
  return true
}

export async function restoreMarks(db: StateDatabase, tenant: string): Promise<readonly MarkedItem[]> {
  const rows = await db
    .selectFrom('restore_marks')
    .selectAll()
    .where('tenant', '=', tenant)
    .orderBy('kind')
    .orderBy('id')
    .execute()
  return rows.map(({ kind, id, since }) => ({ kind: kind as RestoreMark, id, sinceMs: since }))
}
