/** Token buckets by key, in this process. Knows nothing of who the keys stand for. */
import type { Clock } from '../../foundation/concurrency/clock.ts'

export interface RateLimiter {
  /** Takes one token. @returns 0 when there was one, otherwise the seconds until there is (>= 1) */
  take(key: string): number
}

interface Bucket {
  tokens: number
  atMs: number
}

const REMEMBERED_KEYS = 10_000

/** @param perMinute the size of a bucket, and how much flows into it each minute */
export function createRateLimiter(perMinute: number, clock: Clock): RateLimiter {
  const perMs = perMinute / 60_000
  const buckets = new Map<string, Bucket>()
  return {
    take: (key) => {
      const nowMs = clock.elapsed()
      const known = buckets.get(key) ?? { tokens: perMinute, atMs: nowMs }
      const tokens = Math.min(perMinute, known.tokens + (nowMs - known.atMs) * perMs)
      const waitMs = tokens >= 1 ? 0 : (1 - tokens) / perMs
      // Re-inserting keeps the map in order of last use, so that the first key is the one to forget.
      buckets.delete(key)
      buckets.set(key, { tokens: waitMs === 0 ? tokens - 1 : tokens, atMs: nowMs })
      const [oldest] = buckets.keys()
      if (buckets.size > REMEMBERED_KEYS && oldest !== undefined) buckets.delete(oldest)
      return Math.ceil(waitMs / 1000)
    },
  }
}
