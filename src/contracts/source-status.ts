/** How a connected source stands. The stable surface. */
import type { SourceHealth } from './source-health.ts'

export interface SourceStatus {
  readonly id: string
  readonly kind: string
  readonly documents: number
  readonly chunks: number
  readonly failures: number
  readonly lastSyncAtMs: number | null
  readonly state: 'never' | 'syncing' | 'ready' | 'failed'
  /** Why nobody reads its documents at the moment: its last sync is older than its bound, or it stands nowhere any more. */
  readonly withheld?: 'lag-exceeded' | 'removed'
  /** Where it was asked for. */
  readonly health?: SourceHealth
}
