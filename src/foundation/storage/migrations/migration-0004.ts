/** Users and groups that a directory service keeps, as it sent them. */
import type { CreateTableBuilder, Migration } from 'kysely'

export const migration0004: Migration = {
  up: async (db) => {
    let table: CreateTableBuilder<string, string> = db.schema.createTable('provisioned')
    for (const name of ['tenant', 'id', 'kind', 'match_name', 'principal', 'content'])
      table = table.addColumn(name, 'text', (column) => column.notNull())
    table = table.addColumn('external_id', 'text')
    for (const name of ['revision', 'created_at', 'modified_at'])
      table = table.addColumn(name, 'bigint', (column) => column.notNull())
    await table
      .addPrimaryKeyConstraint('provisioned_key', ['tenant', 'id'])
      .addUniqueConstraint('provisioned_principal', ['tenant', 'principal'])
      .addUniqueConstraint('provisioned_name', ['tenant', 'kind', 'match_name'])
      .execute()
    await db.schema
      .createIndex('provisioned_by_external_id')
      .on('provisioned')
      .columns(['tenant', 'kind', 'external_id'])
      .execute()
  },
  down: async (db) => {
    await db.schema.dropTable('provisioned').execute()
  },
}
