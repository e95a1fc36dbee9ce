/** First schema. Portable: only `blob` and the growing key differ between SQLite and PostgreSQL. */
import type { ColumnDataType, CreateTableBuilder, Kysely, Migration } from 'kysely'
import type { StateDialect } from '../state-dialect.ts'

type Columns = Readonly<Record<string, string>>
interface TablePlan {
  readonly name: string
  /** Type per column; a trailing `?` admits null. */
  readonly columns: Columns
  readonly key: readonly string[]
  readonly growing?: string
  readonly indexes?: readonly (readonly string[])[]
  readonly unique?: readonly string[]
}

const t = 'text'
const n = 'bigint'
const tables: readonly TablePlan[] = [
  { name: 'users', columns: { tenant: t, id: t, name: t, disabled: 'integer', origin: t }, key: ['tenant', 'id'] },
  { name: 'groups', columns: { tenant: t, id: t, name: t, origin: t }, key: ['tenant', 'id'] },
  {
    name: 'memberships',
    columns: { tenant: t, member: t, parent: t, origin: t },
    key: ['tenant', 'member', 'parent'],
    indexes: [['tenant', 'parent']],
  },
  {
    name: 'acls',
    columns: { tenant: t, hash: t, canonical: t, clause_count: 'integer' },
    key: [],
    growing: 'id',
    unique: ['tenant', 'hash'],
  },
  {
    name: 'acl_grants',
    columns: { acl: 'integer', clause: 'integer', tenant: t, principal: t },
    key: ['acl', 'clause', 'principal'],
    indexes: [['tenant', 'principal']],
  },
  {
    name: 'acl_denials',
    columns: { acl: 'integer', tenant: t, principal: t },
    key: ['acl', 'principal'],
    indexes: [['tenant', 'principal']],
  },
  {
    name: 'scopes',
    columns: { tenant: t, source: t, place: t, acl: 'integer?' },
    key: [],
    growing: 'id',
    unique: ['tenant', 'source', 'place'],
    indexes: [['tenant', 'acl']],
  },
  { name: 'generations', columns: { tenant: t, name: t, value: n }, key: ['tenant', 'name'] },
  { name: 'sources', columns: { tenant: t, id: t, kind: t, state: t, last_sync_at: `${n}?`, detail: t }, key: ['tenant', 'id'] },
  {
    name: 'documents',
    columns: {
      tenant: t,
      id: t,
      source: t,
      path: t,
      version: t,
      blob: t,
      title: t,
      language: t,
      media_type: t,
      scope: 'integer',
      metadata: t,
      change_mark: t,
      definition: t,
      chunks: 'integer',
      modified_at: n,
      indexed_at: n,
    },
    key: ['tenant', 'id'],
    indexes: [
      ['tenant', 'source', 'path'],
      ['tenant', 'scope'],
    ],
  },
  {
    name: 'document_metadata',
    columns: { tenant: t, document: t, key: t, value: t },
    key: ['tenant', 'document', 'key', 'value'],
    indexes: [['tenant', 'key', 'value']],
  },
  {
    name: 'document_versions',
    columns: { tenant: t, document: t, version: t, blob: t, stored_at: n },
    key: ['tenant', 'document', 'version'],
    indexes: [['tenant', 'blob']],
  },
  {
    name: 'document_failures',
    columns: { tenant: t, document: t, source: t, change_mark: t, code: t, message: t, failed_at: n },
    key: ['tenant', 'document'],
  },
  { name: 'index_pending', columns: { tenant: t, definition: t, document: t }, key: ['tenant', 'definition', 'document'] },
  { name: 'blobs', columns: { tenant: t, hash: t, bytes: 'blob' }, key: ['tenant', 'hash'] },
  {
    name: 'jobs',
    columns: {
      id: t,
      tenant: t,
      kind: t,
      key: 'text?',
      payload: t,
      state: t,
      attempt: 'integer',
      max_attempts: 'integer',
      due_at: n,
      lease: 'text?',
      message: 'text?',
    },
    key: ['id'],
    indexes: [['tenant', 'state', 'due_at']],
  },
  { name: 'leases', columns: { name: t, owner: t, expires_at: n }, key: ['name'] },
  { name: 'conversations', columns: { tenant: t, id: t, user: t, feature: t, created_at: n }, key: ['tenant', 'id'] },
  {
    name: 'turns',
    columns: { tenant: t, conversation: t, ordinal: 'integer', content: t, at: n },
    key: ['tenant', 'conversation', 'ordinal'],
  },
  {
    name: 'traces',
    columns: { tenant: t, id: t, kind: t, user: 'text?', started_at: n, status: t, content: t },
    key: ['tenant', 'id'],
    indexes: [
      ['tenant', 'started_at'],
      ['tenant', 'user', 'started_at'],
    ],
  },
  { name: 'releases', columns: { tenant: t, id: t, feature: t, manifest: t, created_at: n }, key: ['tenant', 'id'] },
  {
    name: 'service_keys',
    columns: {
      tenant: t,
      id: t,
      name: t,
      principal: t,
      role: t,
      may_act: 'integer',
      secret_hash: t,
      created_at: n,
      revoked_at: `${n}?`,
    },
    key: ['id'],
  },
  {
    name: 'audit',
    columns: { tenant: t, at: n, actor: t, on_behalf_of: 'text?', action: t, target: t, details: t },
    key: [],
    growing: 'id',
    indexes: [['tenant', 'at']],
  },
]

export function migration0001(dialect: Pick<StateDialect, 'growingKeyType' | 'blobType'>): Migration {
  return {
    up: async (db) => {
      for (const plan of tables) await createTable(db, plan, dialect)
    },
    down: async (db) => {
      for (const plan of tables.toReversed()) await db.schema.dropTable(plan.name).execute()
    },
  }
}

async function createTable(
  db: Kysely<unknown>,
  plan: TablePlan,
  dialect: Pick<StateDialect, 'growingKeyType' | 'blobType'>,
): Promise<void> {
  let table: CreateTableBuilder<string, string> = db.schema.createTable(plan.name)
  if (plan.growing !== undefined) {
    table = table.addColumn(plan.growing, dialect.growingKeyType, (column) =>
      dialect.growingKeyType === 'integer' ? column.primaryKey().autoIncrement() : column.primaryKey(),
    )
  }
  for (const [name, type] of Object.entries(plan.columns)) {
    const plain = type.replace('?', '')
    const columnType = (plain === 'blob' ? dialect.blobType : plain) as ColumnDataType
    table = table.addColumn(name, columnType, (column) => (type.endsWith('?') ? column : column.notNull()))
  }
  if (plan.key.length > 0) table = table.addPrimaryKeyConstraint(`${plan.name}_key`, [...plan.key])
  if (plan.unique !== undefined) table = table.addUniqueConstraint(`${plan.name}_unique`, [...plan.unique])
  await table.execute()
  for (const columns of plan.indexes ?? []) {
    await db.schema
      .createIndex(`${plan.name}_by_${columns.slice(1).join('_')}`)
      .on(plan.name)
      .columns([...columns])
      .execute()
  }
}
