/** Brings a state to the newest schema, or back. Knows the order of the migrations; the dialect's differences come as traits. */
import { Migrator, sql, type Migration } from 'kysely'
import { TouchstoneError } from '../errors/touchstone-error.ts'
import type { StateDialectTraits } from './migrations/dialect-traits.ts'
import { migration0001 } from './migrations/migration-0001.ts'
import { migration0003 } from './migrations/migration-0003.ts'
import { migration0004 } from './migrations/migration-0004.ts'
import type { StateDatabase } from './state-schema.ts'

export function stateMigrations(traits: StateDialectTraits): Record<string, Migration> {
  return { '0001': migration0001(traits), '0003': migration0003(traits), '0004': migration0004 }
}

/**
 * @param to name of the last migration to keep; absent: the newest, `none`: empty
 * @throws TouchstoneError STATE_NEWER when the state knows migrations that this program does not, STATE_UNAVAILABLE
 */
export async function migrateState(db: StateDatabase, traits: StateDialectTraits, location: string, to?: string): Promise<void> {
  if (to === undefined && (await isNewest(db, traits, location))) return
  await db.connection().execute(async (connection) => {
    // Two processes that open a new state take turns, and a kill leaves the whole of a migration or nothing of it.
    await sql.raw(traits.beginMigration).execute(connection)
    try {
      await migrateAlone(connection, traits, location, to)
      await sql`commit`.execute(connection)
    } catch (error) {
      await sql`rollback`.execute(connection)
      throw error
    }
  })
}

/** @throws TouchstoneError STATE_NEWER */
async function isNewest(db: StateDatabase, traits: StateDialectTraits, location: string): Promise<boolean> {
  const known = Object.keys(stateMigrations(traits))
  const applied = await appliedMigrations(db)
  const unknown = applied.filter((name) => !known.includes(name))
  if (unknown.length > 0) {
    const details = { path: location, found: unknown.at(-1) ?? '', known: known.at(-1) ?? '' }
    throw new TouchstoneError('STATE_NEWER', { details })
  }
  return applied.length === known.length
}

async function migrateAlone(
  db: StateDatabase,
  traits: StateDialectTraits,
  location: string,
  to: string | undefined,
): Promise<void> {
  // Another process may have been quicker.
  if ((await isNewest(db, traits, location)) && to === undefined) return
  const migrations = stateMigrations(traits)
  const known = Object.keys(migrations)
  const migrator = new Migrator({ db, provider: { getMigrations: async () => migrations }, disableTransactions: true })
  const target = to ?? known.at(-1) ?? 'none'
  const { error } = target === 'none' ? await migrator.migrateDown() : await migrator.migrateTo(target)
  if (error !== undefined) {
    const reason = error instanceof Error ? error.message : 'migration failed'
    throw new TouchstoneError('STATE_UNAVAILABLE', { details: { path: location, reason }, cause: error })
  }
}

async function appliedMigrations(db: StateDatabase): Promise<string[]> {
  const tables = await db.introspection.getTables({ withInternalKyselyTables: true })
  if (!tables.some((table) => table.name === 'kysely_migration')) return []
  const rows = await sql<{ name: string }>`select name from kysely_migration order by name`.execute(db)
  return rows.rows.map((row) => row.name)
}
