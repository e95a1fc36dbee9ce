/** What PostgreSQL does in its own way: column types, locks, sequences, the beginning of transactions. Knows nothing of connections. */
import {
  PostgresAdapter,
  PostgresDialect,
  PostgresQueryCompiler,
  sql,
  type ColumnDefinitionNode,
  type DataTypeNode,
  type DialectAdapter,
  type QueryCompiler,
} from 'kysely'
import { describeAdapter, type StateDialect } from '../../foundation/storage/state-dialect.ts'

/** Names of what is locked become the 64-bit numbers that advisory locks take; two names that meet in one number only wait in vain. */
const MIGRATION_LOCK = `hashtextextended('touchstone/migration', 0)`

const postgresState: StateDialect = {
  growingKeyType: 'serial',
  blobType: 'bytea',
  beginMigration: ['begin', `select pg_advisory_xact_lock(${MIGRATION_LOCK})`],
  beginSnapshot: 'begin isolation level repeatable read read only',
  hasTable: async (db, name) => {
    const found = await sql<{ found: boolean }>`select to_regclass(${name}) is not null as found`.execute(db)
    return found.rows[0]?.found === true
  },
  takeTurn: async (transaction, name) => {
    await sql`select pg_advisory_xact_lock(hashtextextended(${`touchstone/turn/${name}`}, 0))`.execute(transaction)
  },
  lastGrown: async (db, table) => {
    const sequence = sql.id(await sequenceOf(db, table))
    const found = await sql<{
      last: number
    }>`select case when is_called then last_value else 0 end as last from ${sequence}`.execute(db)
    return found.rows[0]?.last ?? 0
  },
  growAfter: async (db, table, id) => {
    // A sequence begins at 1; "called" says whether that number was given away.
    await sql`select setval(pg_get_serial_sequence(${table}, 'id'), ${Math.max(id, 1)}, ${id > 0})`.execute(db)
  },
}

async function sequenceOf(db: Parameters<StateDialect['lastGrown']>[0], table: string): Promise<string> {
  const found = await sql<{ name: string }>`
    select relname as name from pg_class where oid = pg_get_serial_sequence(${table}, 'id')::regclass`.execute(db)
  return found.rows[0]?.name ?? ''
}

export class StatePostgresDialect extends PostgresDialect {
  override createAdapter(): DialectAdapter {
    return describeAdapter(new AloneAlready(), postgresState)
  }

  override createQueryCompiler(): QueryCompiler {
    return new BytewiseTextCompiler()
  }
}

/** Migrations run under the lock that their transaction took; a second lock would outlive a failure. */
class AloneAlready extends PostgresAdapter {
  override async acquireMigrationLock(): Promise<void> {}
  override async releaseMigrationLock(): Promise<void> {}
}

/** Text compares byte by byte, as in SQLite and whatever the database's locale: pages and hashes come in one order everywhere. */
class BytewiseTextCompiler extends PostgresQueryCompiler {
  #isColumn = false

  protected override visitColumnDefinition(node: ColumnDefinitionNode): void {
    this.#isColumn = true
    super.visitColumnDefinition(node)
  }

  protected override visitDataType(node: DataTypeNode): void {
    super.visitDataType(node)
    if (this.#isColumn && node.dataType === 'text') this.append(' collate "C"')
    this.#isColumn = false
  }
}
