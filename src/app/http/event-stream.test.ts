/** Streams of answers: frames, heartbeats, slow readers, readers who leave. */
import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import { test } from 'node:test'
import { answerTo, memoryApplication, sentence, startServer } from '../../../test/fixtures/http-server.ts'
import type { AnswerEvent } from '../../contracts/answer.ts'
import { systemClock } from '../../foundation/concurrency/clock.ts'
import type { TouchstoneError } from '../../foundation/errors/touchstone-error.ts'
import { openEventStream } from './event-stream.ts'
import type { ServerEvent } from './route.ts'

const ASK = '/v1/features/answers/answer'
const forever = new AbortController().signal
const toErrorEvent = (error: unknown): ServerEvent => ({ name: 'error', data: { message: String(error) } })

test('a streamed answer is framed as server-sent events [B1]', async (context) => {
  const { call } = await startServer(context, memoryApplication())
  const byField = await call('POST', ASK, { question: 'x', stream: true })
  assert.match(byField.headers.get('content-type')!, /^text\/event-stream/)
  assert.equal(byField.headers.get('cache-control'), 'no-store')
  assert.equal(byField.headers.get('x-content-type-options'), 'nosniff')
  const frames = (await byField.text()).split('\n\n').filter((frame) => frame !== '')
  assert.deepEqual(
    frames.map((frame) => frame.split('\n', 1)[0]),
    ['event: sentence', 'event: sentence', 'event: confirm', 'event: retract', 'event: done'],
  )
  assert.equal(frames[3], 'event: retract\ndata: {"index":1}')
  assert.deepEqual(JSON.parse(frames[4]!.split('data: ')[1]!), answerTo('answers', 'maria'))
  const accept = { 'touchstone-user': 'maria', accept: 'text/event-stream' }
  assert.match((await call('POST', ASK, { question: 'x' }, accept)).headers.get('content-type')!, /event-stream/)
  assert.match((await call('POST', ASK, { question: 'x', stream: false }, accept)).headers.get('content-type')!, /json/)
})

test('each event is sent when it happens, not when the answer ends [B1]', async (context) => {
  const gate = Promise.withResolvers<void>()
  const application = memoryApplication({
    answer: async function* () {
      yield { type: 'sentence', index: 0, provisional: false, ...sentence }
      await gate.promise
      yield { type: 'done', ...answerTo('answers', 'maria') }
    },
  })
  const { call } = await startServer(context, application)
  const reader = (await call('POST', ASK, { question: 'x', stream: true })).body!.getReader()
  const first = await reader.read()
  assert.match(new TextDecoder().decode(first.value), /^event: sentence/)
  gate.resolve()
  assert.match(new TextDecoder().decode((await reader.read()).value), /^event: done/)
})

test('a client that leaves cancels the answer, streamed or not [B1]', async (context) => {
  for (const stream of [true, false]) {
    const cancelled = Promise.withResolvers<unknown>()
    const application = memoryApplication({
      answer: async function* ({ signal }): AsyncGenerator<AnswerEvent> {
        yield { type: 'sentence', index: 0, provisional: false, ...sentence }
        await new Promise((_, reject) =>
          signal.addEventListener('abort', () => {
            cancelled.resolve(signal.reason)
            reject(signal.reason)
          }),
        )
      },
    })
    const { url, failures } = await startServer(context, application)
    const leaving = new AbortController()
    const request = fetch(url + ASK, {
      method: 'POST',
      headers: { 'touchstone-user': 'maria', 'content-type': 'application/json' },
      body: JSON.stringify({ question: 'x', stream }),
      signal: leaving.signal,
    })
    if (stream) await request
    else await sleep(50)
    leaving.abort()
    await request.then((response) => response.text()).catch(() => {})
    assert.equal(((await cancelled.promise) as TouchstoneError).code, 'REQUEST_CANCELLED')
    assert.deepEqual(failures, [], 'leaving is nobody’s fault')
  }
})

test('a stream that takes too long ends with an error event, whether its source listens or not [B1]', async (context) => {
  const application = memoryApplication({
    answer: async function* ({ signal, question }): AsyncGenerator<AnswerEvent> {
      yield { type: 'sentence', index: 0, provisional: false, ...sentence }
      await new Promise((_, reject) => {
        if (question === 'listens') signal.addEventListener('abort', () => reject(signal.reason))
      })
    },
  })
  const { call } = await startServer(context, application, { requestTimeoutMs: 100 })
  for (const question of ['listens', 'deaf']) {
    const text = await (await call('POST', ASK, { question, stream: true })).text()
    assert.match(text, /event: error\ndata: .*"code":"REQUEST_TIMEOUT"/)
  }
})

test('a closing server lets running answers end [B1]', async (context) => {
  const started = Promise.withResolvers<void>()
  const application = memoryApplication({
    search: async () => {
      started.resolve()
      await sleep(100)
      return { id: 'late', items: [] }
    },
  })
  const { call, close } = await startServer(context, application)
  const running = call('POST', '/v1/features/answers/search', { query: 'x' })
  await started.promise
  await close()
  assert.equal((await running).status, 200)
})

test('silence is bridged by comments, also before the first event', async () => {
  async function* slow(): AsyncGenerator<ServerEvent> {
    await sleep(50)
    yield { name: 'a', data: 1 }
    await sleep(50)
    yield { name: 'b', data: 'line\nbreak' }
  }
  const stream = await openEventStream(slow(), { clock: systemClock, heartbeatMs: 20, signal: forever, toErrorEvent })
  const text = (await stream.toArray()).join('')
  assert.match(text, /^(: heartbeat\n\n)+event: a\ndata: 1\n\n(: heartbeat\n\n)+event: b\ndata: "line\\nbreak"\n\n$/)
})

test('a source is read no faster than its reader reads, and ended when the reader goes', async () => {
  let produced = 0
  let ended = false
  async function* endless(): AsyncGenerator<ServerEvent> {
    try {
      for (;;) yield { name: 'n', data: [produced++, 'x'.repeat(1_000)] }
    } finally {
      ended = true
    }
  }
  const stream = await openEventStream(endless(), { clock: systemClock, heartbeatMs: 1_000, signal: forever, toErrorEvent })
  stream.once('readable', () => stream.read(1))
  await sleep(30)
  assert.ok(produced < 200, String(produced))
  stream.destroy()
  await sleep(10)
  assert.equal(ended, true)
})

test('an error before the first event is thrown, one after it becomes an event', async () => {
  async function* failing(after: number): AsyncGenerator<ServerEvent> {
    for (let index = 0; index < after; index++) yield { name: 'a', data: index }
    throw new RangeError('broken')
  }
  const options = { clock: systemClock, heartbeatMs: 1_000, signal: forever, toErrorEvent }
  await assert.rejects(openEventStream(failing(0), options), RangeError)
  const text = (await (await openEventStream(failing(1), options)).toArray()).join('')
  assert.equal(text, 'event: a\ndata: 0\n\nevent: error\ndata: {"message":"RangeError: broken"}\n\n')
})
