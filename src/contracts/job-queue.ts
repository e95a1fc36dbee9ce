/** Work that survives a kill: leased, retried, buried when it keeps failing. */
export interface Job {
  readonly id: string
  readonly kind: string
  readonly payload: unknown
  /** 1 for the first try. */
  readonly attempt: number
}

export interface JobQueue {
  /** A taken job is hidden for so long from the last `take` or `extend`; then its process counts as dead. */
  readonly leaseMs: number
  /** @param key jobs of one kind with the same key that wait are one job */
  enqueue(
    kind: string,
    payload: unknown,
    options?: { readonly key?: string; readonly delayMs?: number; readonly maxAttempts?: number },
  ): Promise<string>
  /** Takes the oldest due job, hidden from others for the lease; an expired lease returns it to the queue. */
  take(kinds: readonly string[]): Promise<Job | undefined>
  /** @returns whether the job is still the caller's */
  extend(job: Job): Promise<boolean>
  /** Forgets the job, if it is still the caller's. */
  complete(job: Job): Promise<void>
  /** Retries later with growing delay, or moves the job to the dead letters when its attempts are used up. */
  fail(job: Job, message: string): Promise<void>
  /** Of these kinds. */
  deadLetters(kinds: readonly string[]): Promise<readonly { readonly job: Job; readonly message: string }[]>
}
