/** The state in a PostgreSQL database through `pg`. Knows how it is opened; the queries are foundation's. */
import { Kysely } from 'kysely'
import { migrateState } from '../../foundation/storage/migrate-state.ts'
import type { StateDatabase, StateSchema } from '../../foundation/storage/state-schema.ts'
import { StatePostgresDialect } from './postgres-dialect.ts'
import { toStateFailure } from './postgres-failure.ts'
import { createPool, locationOf, type PostgresOptions } from './postgres-pool.ts'

/**
 * Connects and brings the schema up to date.
 * @throws TouchstoneError STATE_UNREACHABLE, STATE_UNAVAILABLE, STATE_NEWER
 */
export async function openPostgresState(options: PostgresOptions): Promise<StateDatabase> {
  const location = locationOf(options.url)
  const db = new Kysely<StateSchema>({ dialect: new StatePostgresDialect({ pool: createPool(options, location) }) })
  try {
    await migrateState(db, location)
    return db
  } catch (error) {
    await db.destroy()
    throw toStateFailure(error, location)
  }
}
