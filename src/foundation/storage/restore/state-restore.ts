/** What a restore of the state is given and what it tells. */
import type { StateDatabase } from '../state-schema.ts'

export interface StateRestore {
  /** The backup's state, brought to the newest schema; only read. */
  readonly from: StateDatabase
  readonly to: StateDatabase
  readonly tenant: string
  readonly nowMs: number
  /** What the state is called from now on, when it does not continue itself. */
  readonly lineage: number
  /** Which folder of the index serves from the commit on. */
  readonly indexEpoch: number
  /** Kinds of sources that are kept nowhere but in the state: reading them again proves nothing, and nobody could bring them again. */
  readonly keptKinds: ReadonlySet<string>
}

export interface RestoredState {
  /**
   * The live state is the one that was backed up, grown older: its permissions are newer and stay. Otherwise they are those
   * of the backup, and what they open stays closed until it is confirmed.
   */
  readonly continued: boolean
  readonly documents: { readonly restored: number; readonly kept: number; readonly removed: number }
  readonly withheld: {
    /** Until they were read again. */
    readonly sources: readonly string[]
    /** Until an administrator releases them. */
    readonly declared: readonly string[]
    /** Whether everything is withheld until an administrator confirms the users and groups. */
    readonly directory: boolean
    /** Keys that were active in the backup and are revoked until they are confirmed. */
    readonly keys: readonly string[]
  }
}
