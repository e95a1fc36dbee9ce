/** What SQLite does in its own way: column types, the beginning of transactions, counters of growing keys. Knows nothing of files. */
import { sql, SqliteDialect, type DialectAdapter } from 'kysely'
import { describeAdapter, type StateDialect } from '../../foundation/storage/state-dialect.ts'

const sqliteState: StateDialect = {
  growingKeyType: 'integer',
  blobType: 'blob',
  beginMigration: ['begin immediate'],
  beginSnapshot: 'begin deferred',
  hasTable: async (db, name) => {
    const found = await sql`select 1 from sqlite_master where type = 'table' and name = ${name}`.execute(db)
    return found.rows.length > 0
  },
  // A transaction that writes has the whole file to itself from its first statement on.
  takeTurn: async () => {},
  lastGrown: async (db, table) => {
    const found = await sql<{ seq: number }>`select seq from sqlite_sequence where name = ${table}`.execute(db)
    return found.rows[0]?.seq ?? 0
  },
  growAfter: async (db, table, id) => {
    await sql`delete from sqlite_sequence where name = ${table}`.execute(db)
    await sql`insert into sqlite_sequence (name, seq) values (${table}, ${id})`.execute(db)
  },
}

export class StateSqliteDialect extends SqliteDialect {
  override createAdapter(): DialectAdapter {
    return describeAdapter(super.createAdapter(), sqliteState)
  }
}
