/** Documents that were pushed, with their bytes: nobody else has them. */
import type { CreateTableBuilder, Migration } from 'kysely'
import type { StateDialect } from '../state-dialect.ts'

export function migration0003(dialect: Pick<StateDialect, 'blobType'>): Migration {
  return {
    up: async (db) => {
      let table: CreateTableBuilder<string, string> = db.schema.createTable('pushed_documents')
      for (const name of ['tenant', 'id', 'source', 'path', 'revision', 'content_mark', 'read_as', 'media_type', 'metadata'])
        table = table.addColumn(name, 'text', (column) => column.notNull())
      for (const name of ['title', 'acl', 'found_metadata']) table = table.addColumn(name, 'text')
      for (const name of ['pending', 'size_bytes']) table = table.addColumn(name, 'integer', (column) => column.notNull())
      // Last, so that reading the other columns does not walk through it.
      await table
        .addColumn('received_at', 'bigint', (column) => column.notNull())
        .addColumn('bytes', dialect.blobType, (column) => column.notNull())
        .addPrimaryKeyConstraint('pushed_documents_key', ['tenant', 'id'])
        .execute()
      for (const columns of [
        ['tenant', 'source', 'path'],
        ['tenant', 'pending', 'received_at'],
      ])
        await db.schema
          .createIndex(`pushed_documents_by_${columns.slice(1).join('_')}`)
          .on('pushed_documents')
          .columns(columns)
          .execute()
    },
    down: async (db) => {
      await db.schema.dropTable('pushed_documents').execute()
    },
  }
}
