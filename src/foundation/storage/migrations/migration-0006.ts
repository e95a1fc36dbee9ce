/** How near-duplicates are found: a sketch of the text of each document. */
import type { Migration } from 'kysely'
import type { StateDialect } from '../state-dialect.ts'

export function migration0006(dialect: Pick<StateDialect, 'blobType'>): Migration {
  return {
    up: async (db) => {
      await db.schema
        .createTable('document_sketches')
        .addColumn('tenant', 'text', (column) => column.notNull())
        .addColumn('document', 'text', (column) => column.notNull())
        .addColumn('sketch', dialect.blobType, (column) => column.notNull())
        .addPrimaryKeyConstraint('document_sketches_key', ['tenant', 'document'])
        .execute()
    },
    down: async (db) => {
      await db.schema.dropTable('document_sketches').execute()
    },
  }
}
