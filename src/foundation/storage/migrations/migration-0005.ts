/** What a restore and a lost index need: what a restore brought that nobody has confirmed yet, and how each document was cut into chunks. */
import type { Migration } from 'kysely'

export const migration0005: Migration = {
  up: async (db) => {
    await db.schema
      .createTable('restore_marks')
      .addColumn('tenant', 'text', (column) => column.notNull())
      .addColumn('kind', 'text', (column) => column.notNull())
      .addColumn('id', 'text', (column) => column.notNull())
      .addColumn('since', 'bigint', (column) => column.notNull())
      .addPrimaryKeyConstraint('restore_marks_key', ['tenant', 'kind', 'id'])
      .execute()
    await db.schema
      .createTable('document_layouts')
      .addColumn('tenant', 'text', (column) => column.notNull())
      .addColumn('document', 'text', (column) => column.notNull())
      .addColumn('layout', 'text', (column) => column.notNull())
      .addPrimaryKeyConstraint('document_layouts_key', ['tenant', 'document'])
      .execute()
  },
  down: async (db) => {
    await db.schema.dropTable('document_layouts').execute()
    await db.schema.dropTable('restore_marks').execute()
  },
}
