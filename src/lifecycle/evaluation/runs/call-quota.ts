/** How fast a target may be called: buckets of calls and tokens that fill with time. Knows nothing of what is called. */
import type { Clock } from '../../../foundation/concurrency/clock.ts'

export interface CallRate {
  readonly callsPerMinute?: number
  /** Of input and output together. */
  readonly tokensPerMinute?: number
}

export interface CallQuota {
  /**
   * Waits for its turn, first come first served. What a call uses is known afterwards: until then the mean of earlier ones is
   * taken for it, before any the guess.
   */
  admit(guessTokens: number, signal: AbortSignal): Promise<AdmittedCall>
  /** The target asked for it: nobody begins for so long. */
  pause(ms: number): void
}

export interface AdmittedCall {
  used(tokens: number): void
  /** The target did not let it in, so that it used nothing. */
  refused(): void
}

/** What gathers while nobody calls: a target counts by the second or the minute, so that more would be refused. */
const BURST_MS = 1_000
const MINUTE_MS = 60_000

export function createCallQuota(rate: CallRate, clock: Clock): CallQuota {
  const calls = createBucket(rate.callsPerMinute, clock)
  const tokens = createBucket(rate.tokensPerMinute, clock)
  const used = { calls: 0, tokens: 0 }
  let pausedUntil = 0
  let turn = Promise.resolve()

  async function waitForRoom(estimate: number, signal: AbortSignal): Promise<void> {
    for (;;) {
      signal.throwIfAborted()
      const waitMs = Math.max(pausedUntil - clock.elapsed(), calls.waitMs(1), tokens.waitMs(estimate))
      if (waitMs <= 0) return
      await clock.sleep(waitMs, signal)
    }
  }

  return {
    admit: async (guessTokens, signal) => {
      const before = turn
      const mine = Promise.withResolvers<void>()
      turn = mine.promise
      await before
      try {
        const estimate = used.calls === 0 ? guessTokens : used.tokens / used.calls
        await waitForRoom(estimate, signal)
        calls.take(1)
        tokens.take(estimate)
        return {
          used: (actual) => {
            used.calls++
            used.tokens += actual
            tokens.take(actual - estimate)
          },
          refused: () => {
            calls.take(-1)
            tokens.take(-estimate)
          },
        }
      } finally {
        mine.resolve()
      }
    },
    pause: (ms) => {
      pausedUntil = Math.max(pausedUntil, clock.elapsed() + ms)
    },
  }
}

interface Bucket {
  /** Until so much is there, or the bucket is full. */
  waitMs(amount: number): number
  /** May leave less than nothing: a debt that time pays. Negative amounts are given back. */
  take(amount: number): void
}

function createBucket(perMinute: number | undefined, clock: Pick<Clock, 'elapsed'>): Bucket {
  if (perMinute === undefined) return { waitMs: () => 0, take: () => {} }
  const perMs = perMinute / MINUTE_MS
  const capacity = Math.max(1, perMs * BURST_MS)
  let level = capacity
  let filledAt = clock.elapsed()
  const fill = (): void => {
    const now = clock.elapsed()
    level = Math.min(capacity, level + (now - filledAt) * perMs)
    filledAt = now
  }
  return {
    waitMs: (amount) => {
      fill()
      // Nobody can wait for more than fits: one large call begins with a full bucket, and what it owes is paid after it.
      const missing = Math.min(amount, capacity) - level
      return missing <= 1e-9 ? 0 : Math.max(1, Math.ceil(missing / perMs))
    },
    take: (amount) => {
      fill()
      level -= amount
    },
  }
}
