/** A quota is used up and not overrun: by the injected clock here, against a server that enforces it on the wire below. */
import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { systemClock } from '../../../foundation/concurrency/clock.ts'
import type { EvaluationCase } from '../../../contracts/evaluation.ts'
import { runEvaluation } from '../run-evaluation.ts'
import { httpTarget } from '../targets/http-target.ts'
import { callWithRetries } from './call-policy.ts'
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

/** Scaled: 60,000 tokens a minute are 1,000 a second; here a second stands for eighty. */
const TOKENS_PER_SECOND = 80_000
const CALLS = 2_000

/** Admits like providers do: a bucket that holds two seconds, 429 with Retry-After beyond. Calls use 150 to 450 tokens. */
async function startLimitedServer() {
  let [level, filledAt, refused, used] = [TOKENS_PER_SECOND * 2, performance.now(), 0, 0]
  const served: string[] = []
  const server = createServer((request, response) => {
    let body = ''
    request.on('data', (data: Buffer) => (body += data.toString()))
    request.on('end', () => {
      const { case: id } = JSON.parse(body) as { case: string }
      const tokens = 150 + ((Number(id) * 7919) % 301)
      const now = performance.now()
      level = Math.min(TOKENS_PER_SECOND * 2, level + ((now - filledAt) / 1_000) * TOKENS_PER_SECOND)
      filledAt = now
      if (level < tokens) {
        refused++
        response.writeHead(429, { 'retry-after': '0.2' }).end('slow down')
        return
      }
      level -= tokens
      used += tokens
      served.push(id)
      const reply = { text: 'x', usage: { inputTokens: tokens - 20, outputTokens: 20 } }
      setTimeout(() => response.setHeader('content-type', 'application/json').end(JSON.stringify(reply)), 15)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  return { url, server, served, refused: () => refused, used: () => used }
}

const cases: readonly EvaluationCase[] = Array.from({ length: CALLS }, (_, at) => ({
  id: String(at),
  as: 'ann',
  question: 'How many?',
  history: [],
  expect: { facts: [['x']], not: [], abstain: false },
  never: [],
  slice: {},
}))

async function runAgainst(url: string, tokensPerMinute: number | undefined) {
  const quota = createCallQuota(tokensPerMinute === undefined ? {} : { tokensPerMinute }, systemClock)
  const target = await httpTarget.create(httpTarget.parseOptions({ url }), {
    clock: systemClock,
    baseDirectory: '.',
    readSecret: () => undefined,
  })
  const startedAt = performance.now()
  try {
    const run = await runEvaluation(cases, target, [], {
      concurrency: 64,
      calls: callWithRetries({ timeoutMs: 10_000, clock: systemClock, quota, random: () => 0.5 }),
      clock: systemClock,
      newRunId: () => 'run',
    })
    return { run, seconds: (performance.now() - startedAt) / 1_000 }
  } finally {
    await target.close()
  }
}

test(`${CALLS} calls use at least 95 % of the tokens that a server allows on the wire, and none is lost to a 429 [E2]`, async (t) => {
  const server = await startLimitedServer()
  t.after(() => server.server.close())
  const { run, seconds } = await runAgainst(server.url, TOKENS_PER_SECOND * 60)
  // What one second lets through at once at the beginning is left out: it would be a tenth of this short run.
  const share = (server.used() - TOKENS_PER_SECOND) / (seconds * TOKENS_PER_SECOND)
  t.diagnostic(`${seconds.toFixed(2)} s, ${(share * 100).toFixed(1)} % of the quota, ${server.refused()} refusals`)
  assert.equal(run.cases.scored, CALLS)
  assert.equal(new Set(server.served).size, CALLS)
  assert.equal(server.served.length, CALLS, 'a call was paid twice')
  assert.ok(share >= 0.95, `${share}`)
})

test('without a stated quota calls are refused, waited for as the server asks, and none is lost or paid twice [E2]', async (t) => {
  const server = await startLimitedServer()
  t.after(() => server.server.close())
  const { run } = await runAgainst(server.url, undefined)
  assert.ok(server.refused() > 0, 'the server refused nothing: this proves nothing')
  assert.equal(run.cases.scored, CALLS)
  assert.equal(server.served.length, CALLS)
})
