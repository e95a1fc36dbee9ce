/** The tables of the state, as Kysely sees them. Every row carries its tenant; times are milliseconds since the epoch. */
import type { Generated, Kysely } from 'kysely'

export interface StateSchema {
  users: { tenant: string; id: string; name: string; disabled: number; origin: string }
  groups: { tenant: string; id: string; name: string; origin: string }
  /** `member` (user:ID or group:ID) is directly in `parent` (group:ID). */
  memberships: { tenant: string; member: string; parent: string; origin: string }
  acls: { id: Generated<number>; tenant: string; hash: string; canonical: string; clause_count: number }
  acl_grants: { acl: number; clause: number; tenant: string; principal: string }
  acl_denials: { acl: number; tenant: string; principal: string }
  /** `acl` null means nobody. */
  scopes: { id: Generated<number>; tenant: string; source: string; place: string; acl: number | null }
  generations: { tenant: string; name: string; value: number }
  sources: { tenant: string; id: string; kind: string; state: string; last_sync_at: number | null; detail: string }
  documents: {
    tenant: string
    id: string
    source: string
    path: string
    version: string
    blob: string
    title: string
    language: string
    media_type: string
    scope: number
    metadata: string
    change_mark: string
    /** Under which chunker and parsers it was read; empty when its stored text cannot be indexed. */
    definition: string
    chunks: number
    modified_at: number
    indexed_at: number
  }
  document_metadata: { tenant: string; document: string; key: string; value: string }
  document_versions: { tenant: string; document: string; version: string; blob: string; stored_at: number }
  /** How the visible version was cut into chunks, as document-layout.ts writes it; enough to index its stored text again. */
  document_layouts: { tenant: string; document: string; layout: string }
  /** What text-sketch.ts makes of the visible version's text. */
  document_sketches: { tenant: string; document: string; sketch: Uint8Array }
  document_failures: {
    tenant: string
    document: string
    source: string
    change_mark: string
    code: string
    message: string
    failed_at: number
  }
  /** The indexes that follow the documents. Of one tenant just one has the role `serving`: live-indexes.ts. */
  indexes: {
    tenant: string
    name: string
    role: string
    /** What its name is the hash of. */
    definition: string
    /** As the configuration names it. */
    embedding: string | null
    dimensions: number | null
    epoch: number
    since: number
    compared: number
    held: number
    created_at: number
    build_ms: number
    build_tokens: number
    build_nano_usd: number
  }
  /**
   * A row says: that index may hold rows of this document that disagree with the state; with `missing` 1, rows of the visible
   * version may not be there. `marks` counts how often it was said, so that who settles it forgets no more than what it settled.
   */
  index_pending: { tenant: string; definition: string; document: string; marks: Generated<number>; missing: Generated<number> }
  /** `pending` 1: the content must be indexed. `found_metadata`: what a parser found in the version that is visible. */
  pushed_documents: {
    tenant: string
    id: string
    source: string
    path: string
    revision: string
    content_mark: string
    read_as: string
    media_type: string
    metadata: string
    title: string | null
    acl: string | null
    found_metadata: string | null
    pending: number
    size_bytes: number
    received_at: number
    bytes: Uint8Array
  }
  /** Users and groups of a directory service. `principal` is spelled with its prefix. */
  provisioned: {
    tenant: string
    id: string
    kind: string
    match_name: string
    principal: string
    content: string
    external_id: string | null
    revision: number
    created_at: number
    modified_at: number
  }
  blobs: { tenant: string; hash: string; bytes: Uint8Array }
  jobs: {
    id: string
    tenant: string
    kind: string
    key: string | null
    payload: string
    state: string
    attempt: number
    max_attempts: number
    due_at: number
    lease: string | null
    message: string | null
  }
  leases: { name: string; owner: string; expires_at: number }
  conversations: { tenant: string; id: string; user: string; feature: string; created_at: number }
  turns: { tenant: string; conversation: string; ordinal: number; content: string; at: number }
  traces: {
    tenant: string
    id: string
    kind: string
    user: string | null
    started_at: number
    status: string
    content: string
  }
  /** `pinned` 1: its index is kept. */
  releases: { tenant: string; id: string; feature: string; manifest: string; created_at: number; pinned: Generated<number> }
  release_aliases: { tenant: string; feature: string; alias: string; release: string; changed_at: number }
  service_keys: {
    tenant: string
    id: string
    name: string
    principal: string
    role: string
    may_act: number
    secret_hash: string
    created_at: number
    revoked_at: number | null
  }
  /** What a restore brought and nobody has confirmed yet: restore-marks.ts. */
  restore_marks: { tenant: string; kind: string; id: string; since: number }
  audit: {
    id: Generated<number>
    tenant: string
    at: number
    actor: string
    on_behalf_of: string | null
    action: string
    target: string
    details: string
  }
}

/** The opened state. The dialect (SQLite, PostgreSQL) is an adapter's; the queries are the same. */
export type StateDatabase = Kysely<StateSchema>
