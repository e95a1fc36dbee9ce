import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { EmbeddingModel } from '../../contracts/embedding-model.ts'
import { systemClock } from '../../foundation/concurrency/clock.ts'
import { TouchstoneError } from '../../foundation/errors/touchstone-error.ts'
import { createQueryEncoder, type QueryEncoder } from './query-encoder.ts'

type Embed = EmbeddingModel['embed']
const unit: Embed = async (texts) => texts.map(() => Float32Array.of(1, 0))
const signal = new AbortController().signal

function encoderOf(embed: Embed, deadlineMs = 200, clock = systemClock): QueryEncoder {
  const background = async () => ({ mean: 0.1, deviation: 0.05 })
  const model = { id: 'small/embedder@2', dimensions: 2, languages: [], embed, background, close: async () => {} }
  return createQueryEncoder({ model, clock, deadlineMs })
}

const failures: readonly (readonly [what: string, embed: Embed, said: RegExp])[] = [
  ['other dimensions', async () => [Float32Array.of(1, 0, 0)], /"small".*EMBEDDING_INVALID/u],
  ['a value that is no number', async () => [Float32Array.of(NaN, 1)], /EMBEDDING_INVALID/u],
  ['no vector at all', async () => [], /EMBEDDING_INVALID/u],
  ['an error of the catalogue', () => Promise.reject(new TouchstoneError('MODEL_RATE_LIMITED')), /MODEL_RATE_LIMITED/u],
  ['any other error, of which nothing is told', () => Promise.reject(new TypeError('password 123')), /INTERNAL/u],
  ['a model that never answers and takes no notice of signals', () => new Promise(() => {}), /no answer within 50 ms/u],
]
for (const [what, embed, said] of failures) {
  test(`${what}: a notice and no error [C3]`, async () => {
    const notice = await encoderOf(embed, 50).encode('leave', signal)
    assert.ok(notice instanceof TouchstoneError)
    assert.equal(notice.code, 'SEARCH_WITHOUT_VECTORS')
    assert.match(notice.message, said)
    assert.doesNotMatch(notice.message, /password|\{\w+\}/u)
  })
}

test('nobody waits longer than the deadline, and for a while after a failure nobody waits at all [C3]', async () => {
  let [calls, now] = [0, 0]
  const clock = { ...systemClock, elapsed: () => now }
  const encoder = encoderOf(
    () => {
      calls++
      return calls === 1 ? new Promise(() => {}) : unit(['x'], { kind: 'query' }, signal)
    },
    60,
    clock,
  )
  const began = performance.now()
  assert.ok((await encoder.encode('leave', signal)) instanceof TouchstoneError)
  assert.ok(performance.now() - began < 2_000)
  assert.ok((await encoder.encode('travel', signal)) instanceof TouchstoneError)
  assert.equal(calls, 1)
  now = 5_001
  assert.ok(!((await encoder.encode('travel', signal)) instanceof TouchstoneError))
})

test('a question that was asked before is not encoded again', async () => {
  let calls = 0
  const encoder = encoderOf((texts, options, within) => {
    calls++
    return unit(texts, options, within)
  })
  for (const text of ['leave', 'travel', 'leave', 'leave']) await encoder.encode(text, signal)
  assert.equal(calls, 2)
})

test('an asker who goes away ends it as their signal says', async () => {
  const gone = new AbortController()
  const encoding = encoderOf(() => new Promise(() => {}), 5_000).encode('leave', gone.signal)
  gone.abort()
  await assert.rejects(encoding, { name: 'AbortError' })
})
