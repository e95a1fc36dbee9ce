/** Brings a state to the newest schema, or back. Knows the order of the migrations; what differs between databases comes with the database. */
import { Migrator, NO_MIGRATIONS, sql, type Migration } from 'kysely'
import { TouchstoneError } from '../errors/touchstone-error.ts'
import { migration0001 } from './migrations/migration-0001.ts'
import { migration0003 } from './migrations/migration-0003.ts'
import { migration0004 } from './migrations/migration-0004.ts'
import { migration0005 } from './migrations/migration-0005.ts'
import { migration0006 } from './migrations/migration-0006.ts'
import { migration0007 } from './migrations/migration-0007.ts'
import { migration0008 } from './migrations/migration-0008.ts'
import { dialectOf, type StateDialect } from './state-dialect.ts'
import type { StateDatabase } from './state-schema.ts'

export function stateMigrations(dialect: StateDialect): Record<string, Migration> {
  return {
    '0001': migration0001(dialect),
    '0003': migration0003(dialect),
    '0004': migration0004,
    '0005': migration0005,
    '0006': migration0006(dialect),
    '0007': migration0007,
    '0008': migration0008,
  }
}

/**
 * @param to name of the last migration to keep; absent: the newest, `none`: empty
 * @throws TouchstoneError STATE_NEWER when the state knows migrations that this program does not, STATE_UNAVAILABLE
 */
export async function migrateState(db: StateDatabase, location: string, to?: string): Promise<void> {
  if (to === undefined && (await isNewest(db, location))) return
  await db.connection().execute(async (connection) => {
    // Two processes that open a new state take turns, and a kill leaves the whole of a migration or nothing of it.
    for (const statement of dialectOf(db).beginMigration) await sql.raw(statement).execute(connection)
    try {
      await migrateAlone(connection, location, to)
      await sql`commit`.execute(connection)
    } catch (error) {
      await sql`rollback`.execute(connection)
      throw error
    }
  })
}

/** @throws TouchstoneError STATE_NEWER */
async function isNewest(db: StateDatabase, location: string): Promise<boolean> {
  const known = Object.keys(stateMigrations(dialectOf(db)))
  const applied = await appliedMigrations(db)
  const unknown = applied.filter((name) => !known.includes(name))
  if (unknown.length > 0) {
    const details = { path: location, found: unknown.at(-1) ?? '', known: known.at(-1) ?? '' }
    throw new TouchstoneError('STATE_NEWER', { details })
  }
  return applied.length === known.length
}

async function migrateAlone(db: StateDatabase, location: string, to: string | undefined): Promise<void> {
  // Another process may have been quicker.
  if ((await isNewest(db, location)) && to === undefined) return
  const migrations = stateMigrations(dialectOf(db))
  const known = Object.keys(migrations)
  const migrator = new Migrator({ db, provider: { getMigrations: async () => migrations }, disableTransactions: true })
  const target = to ?? known.at(-1) ?? 'none'
  const { error } = await migrator.migrateTo(target === 'none' ? NO_MIGRATIONS : target)
  if (error instanceof TouchstoneError) throw error
  if (error !== undefined) {
    const reason = error instanceof Error ? error.message : 'migration failed'
    throw new TouchstoneError('STATE_UNAVAILABLE', { details: { path: location, reason }, cause: error })
  }
}

async function appliedMigrations(db: StateDatabase): Promise<string[]> {
  if (!(await dialectOf(db).hasTable(db, 'kysely_migration'))) return []
  const rows = await sql<{ name: string }>`select name from kysely_migration order by name`.execute(db)
  return rows.rows.map((row) => row.name)
}
