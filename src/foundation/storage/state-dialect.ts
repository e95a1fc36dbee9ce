/** What differs between the databases that hold a state. Knows the questions; each adapter answers them for its own. */
import { sql, type DialectAdapter } from 'kysely'
import type { StateDatabase } from './state-schema.ts'

export interface StateDialect {
  readonly growingKeyType: 'integer' | 'serial'
  readonly blobType: 'blob' | 'bytea'
  /** Begin a transaction that nobody else migrates beside. */
  readonly beginMigration: readonly string[]
  /** Begins a transaction whose reads all see one moment, and which holds up no writer. */
  readonly beginSnapshot: string
  hasTable(db: StateDatabase, name: string): Promise<boolean>
  /** Waits for, and keeps until the transaction ends, what only one transaction of the database has at a time. */
  takeTurn(transaction: StateDatabase, name: string): Promise<void>
  /** The last id that a table with a growing key gave away; 0 when none. */
  lastGrown(db: StateDatabase, table: string): Promise<number>
  /** The next row of the table gets a larger id than this. */
  growAfter(db: StateDatabase, table: string, id: number): Promise<void>
}

const known = new WeakMap<DialectAdapter, StateDialect>()

/** Called by the Kysely dialect of an adapter, so that whoever holds the database can ask what it is. @returns the adapter */
export function describeAdapter(adapter: DialectAdapter, dialect: StateDialect): DialectAdapter {
  known.set(adapter, dialect)
  return adapter
}

export function dialectOf(db: StateDatabase): StateDialect {
  const dialect = known.get(db.getExecutor().adapter)
  if (dialect === undefined) throw new TypeError('this database was not opened by an adapter of the state')
  return dialect
}

/**
 * Makes read-then-write transactions that name the same thing come one after the other, in whatever process. Call it before the
 * first read that the transaction decides by: a statement sees what was committed before it began, so later reads see the winner's writes.
 */
export async function takeTurn(transaction: StateDatabase, tenant: string, what: StateTurn): Promise<void> {
  await dialectOf(transaction).takeTurn(transaction, `${what}/${tenant}`)
}

/** `documents`: documents, scopes, texts and the journal of the index. `principals`: users, groups and memberships. */
export type StateTurn = 'documents' | 'principals'

/** Several reads of one moment: what another process commits meanwhile is seen by all of them or by none. */
export async function readSnapshot<Result>(db: StateDatabase, read: (db: StateDatabase) => Promise<Result>): Promise<Result> {
  if (db.isTransaction) return read(db)
  return db.connection().execute(async (connection) => {
    await sql.raw(dialectOf(db).beginSnapshot).execute(connection)
    try {
      return await read(connection)
    } finally {
      // It wrote nothing, so there is nothing to commit.
      await sql`rollback`.execute(connection)
    }
  })
}
