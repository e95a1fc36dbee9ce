/** How a connected source stands. The stable surface. */
export interface SourceStatus {
  readonly id: string
  readonly kind: string
  readonly documents: number
  readonly chunks: number
  readonly failures: number
  readonly lastSyncAtMs: number | null
  readonly state: 'never' | 'syncing' | 'ready' | 'failed'
}
