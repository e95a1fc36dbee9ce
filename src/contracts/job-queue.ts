/** Work that survives a kill: leased, retried, buried when it keeps failing. */
export interface Job {
  readonly id: string
  readonly kind: string
  readonly payload: unknown
  /** 1 for the first try. */
  readonly attempt: number
}

export interface JobQueue {
  /** @param key jobs of one kind with the same key that are not yet done are one job */
  enqueue(
    kind: string,
    payload: unknown,
    options?: { readonly key?: string; readonly delayMs?: number; readonly maxAttempts?: number },
  ): Promise<string>
  /** Takes the oldest due job, hidden from others for the lease; an expired lease returns it to the queue. */
  take(kinds: readonly string[], leaseMs: number): Promise<Job | undefined>
  extend(job: Job, leaseMs: number): Promise<boolean>
  complete(job: Job): Promise<void>
  /** Retries later with growing delay, or moves the job to the dead letters when its attempts are used up. */
  fail(job: Job, message: string): Promise<void>
  deadLetters(): Promise<readonly { readonly job: Job; readonly message: string }[]>
}
