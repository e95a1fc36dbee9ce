/** The state in one SQLite file through node:sqlite. Knows pragmas and the driver; the queries are foundation's. */
import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite'
import { Kysely, type SqliteDatabase } from 'kysely'
import { systemClock } from '../../foundation/concurrency/clock.ts'
import { migrateState } from '../../foundation/storage/migrate-state.ts'
import type { StateDatabase, StateSchema } from '../../foundation/storage/state-schema.ts'
import { StateSqliteDialect } from './sqlite-dialect.ts'
import { isBusy, isFileError, toStateError } from './state-error.ts'
import { requireWholeFile } from './whole-file.ts'

const MAX_STATEMENTS = 300
/** Together as long as other locks are waited for. */
const WAL_PAUSE_MS = 25
const WAL_ATTEMPTS = 600

/**
 * Opens the file, makes it when it is absent, and brings its schema up to date.
 * @throws TouchstoneError STATE_UNAVAILABLE, STATE_CORRUPT, STATE_NEWER, DISK_FULL
 */
export async function openSqliteState(path: string): Promise<StateDatabase> {
  try {
    mkdirSync(dirname(path), { recursive: true })
    requireWholeFile(path)
    const db = new Kysely<StateSchema>({ dialect: new StateSqliteDialect({ database: await openDriver(path) }) })
    await migrateState(db, path)
    return db
  } catch (error) {
    throw toStateError(error, path)
  }
}

interface Prepared {
  readonly statement: StatementSync
  /** Asking the statement each time would cost as much as a small query. */
  readonly reader: boolean
}

async function openDriver(path: string): Promise<SqliteDatabase> {
  const database = new DatabaseSync(path, { timeout: 15_000 })
  await enterWal(database)
  // FULL: an acknowledged write survives power loss. The mmap and cache sizes keep repeated reads out of the kernel.
  database.exec('pragma synchronous = full; pragma foreign_keys = on; pragma cache_size = -8000')
  const statements = new Map<string, Prepared>()
  // Preparing costs more than most of our queries. Each statement ends within its call, so one per text is enough.
  function prepare(sql: string): Prepared {
    const statement = database.prepare(sql)
    const prepared = { statement, reader: statement.columns().length > 0 }
    if (statements.size >= MAX_STATEMENTS) statements.clear()
    statements.set(sql, prepared)
    return prepared
  }
  function told<Result>(work: () => Result): Result {
    try {
      return work()
    } catch (error) {
      throw isFileError(error) ? toStateError(error, path) : error
    }
  }
  return {
    close: () => database.close(),
    prepare: (written) => {
      // A transaction that reads before it writes could not wait for another process's write: SQLite would refuse it at once.
      const sql = written === 'begin' ? 'begin immediate' : written
      const { statement, reader } = told(() => statements.get(sql) ?? prepare(sql))
      const bind = (parameters: readonly unknown[]): SQLInputValue[] => parameters.map(toSqlValue)
      return {
        reader,
        all: (parameters) => told(() => statement.all(...bind(parameters))),
        run: (parameters) => {
          // On a full disk SQLite has rolled back already; a second time would hide why.
          if (sql === 'rollback' && !database.isTransaction) return { changes: 0, lastInsertRowid: 0 }
          const { changes, lastInsertRowid } = told(() => statement.run(...bind(parameters)))
          return { changes, lastInsertRowid }
        },
        iterate: (parameters) => told(() => statement.iterate(...bind(parameters))),
      }
    },
  }
}

/** The one lock that SQLite does not wait for by itself: another process may be making the same new file. */
async function enterWal(database: DatabaseSync): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      database.exec('pragma journal_mode = wal')
      return
    } catch (error) {
      if (!isBusy(error) || attempt === WAL_ATTEMPTS) throw error
      await systemClock.sleep(WAL_PAUSE_MS)
    }
  }
}

function toSqlValue(value: unknown): SQLInputValue {
  return typeof value === 'boolean' ? Number(value) : (value as SQLInputValue)
}
