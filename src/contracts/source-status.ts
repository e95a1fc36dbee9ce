/** How a connected source stands. The stable surface. */
import type { SourceHealth } from './source-health.ts'

export type RestoreWithholding = 'restored' | 'unreleased' | 'unconfirmed'

export interface SourceStatus {
  readonly id: string
  readonly kind: string
  readonly documents: number
  readonly chunks: number
  readonly failures: number
  readonly lastSyncAtMs: number | null
  readonly state: 'never' | 'syncing' | 'ready' | 'failed'
  /**
   * Why nobody reads its documents at the moment: its last sync is older than its bound; it stands nowhere any more;
   * a restore brought it back and it was not read again, not released, or users and groups are not confirmed.
   */
  readonly withheld?: 'lag-exceeded' | 'removed' | RestoreWithholding
  /** Where it was asked for. */
  readonly health?: SourceHealth
}
