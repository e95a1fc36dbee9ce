/** Several indexes of the same documents: which there are, what each lacks, and which releases must be able to come back to theirs. */
import type { Migration } from 'kysely'

export const migration0007: Migration = {
  up: async (db) => {
    await db.schema
      .createTable('indexes')
      .addColumn('tenant', 'text', (column) => column.notNull())
      .addColumn('name', 'text', (column) => column.notNull())
      .addColumn('role', 'text', (column) => column.notNull())
      .addColumn('definition', 'text', (column) => column.notNull())
      .addColumn('embedding', 'text')
      .addColumn('dimensions', 'integer')
      .addColumn('epoch', 'bigint', (column) => column.notNull())
      .addColumn('since', 'bigint', (column) => column.notNull())
      .addColumn('compared', 'integer', (column) => column.notNull())
      .addColumn('held', 'integer', (column) => column.notNull())
      .addColumn('created_at', 'bigint', (column) => column.notNull())
      .addColumn('build_ms', 'bigint', (column) => column.notNull())
      .addColumn('build_tokens', 'bigint', (column) => column.notNull())
      .addColumn('build_nano_usd', 'bigint', (column) => column.notNull())
      .addPrimaryKeyConstraint('indexes_key', ['tenant', 'name'])
      .execute()
    await addNumber('index_pending', 'marks', 1)
    await addNumber('index_pending', 'missing', 0)
    await addNumber('releases', 'pinned', 0)
    function addNumber(table: string, column: string, value: number): Promise<void> {
      return db.schema
        .alterTable(table)
        .addColumn(column, 'integer', (added) => added.notNull().defaultTo(value))
        .execute()
    }
  },
  down: async (db) => {
    await db.schema.alterTable('releases').dropColumn('pinned').execute()
    await db.schema.alterTable('index_pending').dropColumn('missing').execute()
    await db.schema.alterTable('index_pending').dropColumn('marks').execute()
    await db.schema.dropTable('indexes').execute()
  },
}
