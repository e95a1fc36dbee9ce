/** What is wrong with a connected source and with the documents that it brought. The stable surface. */

/**
 * `lag-exceeded`, `removed`, `restored`, `unreleased`, `unconfirmed`: its documents are withheld. `empty`: read, but without text. `duplicates`: the same text under
 * several ids. `near-duplicates`: nearly the same. `conflicting-versions`: several editions of one document, of which more than one counts as
 * current. `expired`: past the day until which its metadata says that it holds. `stale`: long not looked after.
 * `unreadable`: no enabled user satisfies the permissions.
 */
export type HealthProblem =
  | 'lag-exceeded'
  | 'removed'
  | 'restored'
  | 'unreleased'
  | 'unconfirmed'
  | 'sync-failed'
  | 'never-read'
  | 'failures'
  | 'empty'
  | 'duplicates'
  | 'near-duplicates'
  | 'conflicting-versions'
  | 'expired'
  | 'stale'
  | 'unreadable'

export interface HealthExample {
  /** One document; those that belong together for duplicates and editions, at most 20. */
  readonly documents: readonly string[]
  readonly message?: string
}

export interface HealthFinding {
  readonly problem: HealthProblem
  /** `failed`: documents are missing from answers, or soon will be. `warning`: look at it when there is time. */
  readonly severity: 'failed' | 'warning'
  /** Of the catalogue, for failures. */
  readonly code?: string
  /** Documents concerned; 0 when it concerns the source itself. */
  readonly documents: number
  readonly message: string
  readonly cure: string
  /** At most 20. */
  readonly examples: readonly HealthExample[]
}

export interface SourceHealth {
  /** Since the last complete sync began; null before the first, or when it lies in the future. */
  readonly lagMs: number | null
  /** Null: without bound. */
  readonly maxLagMinutes: number | null
  readonly isLagExceeded: boolean
  /** Failed before warnings. */
  readonly findings: readonly HealthFinding[]
}
