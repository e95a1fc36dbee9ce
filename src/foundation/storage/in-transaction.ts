/** Work inside the transaction at hand, or in one of its own. */
import type { StateDatabase } from './state-schema.ts'

export function inTransaction<Result>(db: StateDatabase, work: (transaction: StateDatabase) => Promise<Result>): Promise<Result> {
  return db.isTransaction ? work(db) : db.transaction().execute(work)
}
