/** A quota is used up and not overrun: by the injected clock here, against a server that enforces it on the wire below. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CALLS, runAgainst, shareUsed, startLimitedServer, TOKENS_PER_SECOND } from '../../../../test/fixtures/limited-server.ts'
import { createCallQuota } from './call-quota.ts'

const NEVER = new AbortController().signal

/** Time passes when somebody sleeps. */
function sleepingClock() {
  let now = 0
  return {
    now: () => now,
    elapsed: () => now,
    sleep: async (ms: number) => void (now += ms),
    after: () => () => {},
  }
}

test('calls pass at the rate of the quota, after what one second lets through at once [E2]', async () => {
  const clock = sleepingClock()
  const quota = createCallQuota({ callsPerMinute: 600 }, clock)
  for (let call = 0; call < 610; call++) await quota.admit(1, NEVER)
  // The first 10 at once, 600 more in a minute.
  assert.ok(clock.elapsed() >= 59_900 && clock.elapsed() < 61_000, `${clock.elapsed()} ms`)
})

test('what calls really use is what counts: a wrong guess is made good, a refused call uses nothing [E2]', async () => {
  const clock = sleepingClock()
  const quota = createCallQuota({ tokensPerMinute: 60_000 }, clock)
  for (let call = 0; call < 200; call++) (await quota.admit(5, NEVER)).used(300)
  const expectedMs = (200 * 300 - 1_000) / 1
  assert.ok(Math.abs(clock.elapsed() - expectedMs) < 1_000, `${clock.elapsed()} ms`)
  const before = clock.elapsed()
  for (let call = 0; call < 50; call++) (await quota.admit(300, NEVER)).refused()
  assert.ok(clock.elapsed() - before < 1_000, 'refused calls were counted')
})

test('a call larger than a second of the quota is let through, and paid for afterwards [E2]', async () => {
  const clock = sleepingClock()
  const quota = createCallQuota({ tokensPerMinute: 60_000 }, clock)
  for (let call = 0; call < 4; call++) (await quota.admit(10_000, NEVER)).used(10_000)
  assert.ok(clock.elapsed() >= 29_000 && clock.elapsed() <= 31_000, `${clock.elapsed()} ms`)
})

test('whoever waits leaves when the run is cancelled, and a pause holds everybody [E2]', async () => {
  const clock = sleepingClock()
  const quota = createCallQuota({}, clock)
  quota.pause(5_000)
  await quota.admit(1, NEVER)
  assert.equal(clock.elapsed(), 5_000)
  await assert.rejects(quota.admit(1, AbortSignal.abort(new RangeError('cancelled'))), RangeError)
})

test(`of ${CALLS} calls to a server that enforces its quota on the wire none is lost or paid twice [E2]`, async (t) => {
  const server = await startLimitedServer()
  t.after(() => server.server.close())
  const { run, seconds } = await runAgainst(server.url, TOKENS_PER_SECOND * 60)
  t.diagnostic(
    `${seconds.toFixed(2)} s, ${(shareUsed(server.used(), seconds) * 100).toFixed(1)} % of the quota, ${server.refused()} refusals`,
  )
  assert.equal(run.cases.scored, CALLS)
  assert.equal(new Set(server.served).size, CALLS)
  assert.equal(server.served.length, CALLS, 'a call was paid twice')
})

test('without a stated quota calls are refused, waited for as the server asks, and none is lost or paid twice [E2]', async (t) => {
  const server = await startLimitedServer()
  t.after(() => server.server.close())
  const { run } = await runAgainst(server.url, undefined)
  assert.ok(server.refused() > 0, 'the server refused nothing: this proves nothing')
  assert.equal(run.cases.scored, CALLS)
  assert.equal(server.served.length, CALLS)
})
