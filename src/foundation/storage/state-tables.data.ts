/** Every table of the state with its key, as data: copying goes by it, and the compiler asks for a row when a table is added. */
import type { StateSchema } from './state-schema.ts'

export interface StateTable {
  readonly key: readonly string[]
  /** The key grows by itself: a copy goes on above the last number given away. */
  readonly growing?: true
  /** Belongs to the processes at work, not to the installation: a copy leaves it behind. */
  readonly running?: true
  /** Rows may be large: so many are held at once. */
  readonly rowsAtOnce?: number
}

export const stateTables: Readonly<Record<keyof StateSchema, StateTable>> = {
  users: { key: ['tenant', 'id'] },
  groups: { key: ['tenant', 'id'] },
  memberships: { key: ['tenant', 'member', 'parent'] },
  acls: { key: ['id'], growing: true },
  acl_grants: { key: ['acl', 'clause', 'principal'] },
  acl_denials: { key: ['acl', 'principal'] },
  scopes: { key: ['id'], growing: true },
  generations: { key: ['tenant', 'name'] },
  sources: { key: ['tenant', 'id'] },
  documents: { key: ['tenant', 'id'] },
  document_metadata: { key: ['tenant', 'document', 'key', 'value'] },
  document_versions: { key: ['tenant', 'document', 'version'] },
  document_failures: { key: ['tenant', 'document'] },
  document_layouts: { key: ['tenant', 'document'] },
  document_sketches: { key: ['tenant', 'document'] },
  indexes: { key: ['tenant', 'name'] },
  index_pending: { key: ['tenant', 'definition', 'document'] },
  pushed_documents: { key: ['tenant', 'id'], rowsAtOnce: 20 },
  provisioned: { key: ['tenant', 'id'] },
  blobs: { key: ['tenant', 'hash'], rowsAtOnce: 20 },
  jobs: { key: ['id'], running: true },
  leases: { key: ['name'], running: true },
  conversations: { key: ['tenant', 'id'] },
  turns: { key: ['tenant', 'conversation', 'ordinal'] },
  traces: { key: ['tenant', 'id'], rowsAtOnce: 200 },
  releases: { key: ['tenant', 'id'] },
  release_aliases: { key: ['tenant', 'feature', 'alias'] },
  service_keys: { key: ['id'] },
  restore_marks: { key: ['tenant', 'kind', 'id'] },
  audit: { key: ['id'], growing: true },
}
