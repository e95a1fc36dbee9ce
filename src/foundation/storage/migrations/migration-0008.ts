/** Names for releases: `candidate` today, another release tomorrow. */
import type { Migration } from 'kysely'

export const migration0008: Migration = {
  up: async (db) => {
    await db.schema
      .createTable('release_aliases')
      .addColumn('tenant', 'text', (column) => column.notNull())
      .addColumn('feature', 'text', (column) => column.notNull())
      .addColumn('alias', 'text', (column) => column.notNull())
      .addColumn('release', 'text', (column) => column.notNull())
      .addColumn('changed_at', 'bigint', (column) => column.notNull())
      .addPrimaryKeyConstraint('release_aliases_key', ['tenant', 'feature', 'alias'])
      .execute()
  },
  down: async (db) => {
    await db.schema.dropTable('release_aliases').execute()
  },
}
