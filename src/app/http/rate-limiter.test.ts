/** Token buckets over a clock that the test moves. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { systemClock } from '../../foundation/concurrency/clock.ts'
import { createRateLimiter } from './rate-limiter.ts'

test('in any window at most the bucket and what flows in passes; who waits as told passes [C2]', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 120 }),
      fc.array(fc.integer({ min: 0, max: 5_000 }), { maxLength: 200 }),
      (perMinute, pauses) => {
        let nowMs = 1_000
        const limiter = createRateLimiter(perMinute, { ...systemClock, elapsed: () => nowMs })
        let passed = 0
        for (const pauseMs of pauses) {
          nowMs += pauseMs
          if (limiter.take('a') === 0) passed++
        }
        assert.ok(passed <= perMinute + ((nowMs - 1_000) * perMinute) / 60_000 + 1e-6)
        const waitSeconds = limiter.take('a')
        nowMs += waitSeconds * 1_000
        assert.equal(waitSeconds === 0 || limiter.take('a') === 0, true)
        assert.equal(limiter.take('b'), 0, 'others have their own')
      },
    ),
  )
})
