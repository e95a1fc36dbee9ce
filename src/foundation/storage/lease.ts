/** Mutual exclusion between processes that share a state: what a lease is. Knows nothing of how it is held. */

export interface Lease {
  readonly name: string
  readonly owner: string
  /** Frees the name. Repeating it does nothing. */
  release(): Promise<void>
  /** Aborts when the lease was lost, e.g. after the machine slept or the database restarted: the work must end. */
  readonly lost: AbortSignal
}

/** Who has it instead, and until when at the latest should that process be gone: 0 when it ends with the process. */
export interface LeaseRefusal {
  readonly heldBy: string
  readonly expiresInMs: number
}

export interface Leases {
  /**
   * Takes a name and keeps it until it is released, is lost, or the process ends.
   * @param owner as people should read it: host/process
   */
  acquire(name: string, owner: string): Promise<Lease | LeaseRefusal>
}
