/** What was done, by whom, on whose behalf. Append-only. */
import type { TenantId } from './identity.ts'

export interface AuditEntry {
  readonly tenant: TenantId
  /** Principal that acted: `user:maria`, `service:portal`. */
  readonly actor: string
  /** User for whom it acted, when it did. */
  readonly onBehalfOf?: string
  /** e.g. `answer`, `search`, `key.create`, `principal.update`, `ingest`. */
  readonly action: string
  readonly target: string
  readonly details?: Readonly<Record<string, string | number | boolean>>
}

export interface AuditLog {
  append(entry: AuditEntry): Promise<void>
  recent(tenant: TenantId, limit: number): Promise<readonly (AuditEntry & { readonly atMs: number })[]>
}
