import assert from 'node:assert/strict'
import test, { after, before } from 'node:test'
import fc from 'fast-check'
import type { ModelEvent, Prompt } from '../../contracts/chat-model.ts'
import { TouchstoneError } from '../../foundation/errors/touchstone-error.ts'
import { startScriptedModelServer, type ScriptedModelServer, type ScriptedReply } from '../../testing/scripted-model-server.ts'
import { createOpenAiCompatibleModel } from './chat-model.ts'
import { checkEndpoint } from './check-endpoint.ts'
import type { OpenAiCompatibleOptions } from './endpoint-options.ts'
import { readEvents } from './sse-events.ts'

const KEY = 'sk-secret-0123456789'
const prompt: Prompt = { messages: [{ role: 'user', content: 'How many days?' }], question: 'How many days?', passages: [] }
const answer = 'Full-time staff get 25 days — “as stated”. [1] 日本語も。'

let server: ScriptedModelServer
before(async () => {
  server = await startScriptedModelServer()
})
after(() => server.close())

function optionsOf(more: Partial<OpenAiCompatibleOptions> = {}): OpenAiCompatibleOptions {
  return { name: 'scripted', url: server.url, apiKey: KEY, model: 'scripted-model', timeoutMs: 2_000, ...more }
}

async function ask(
  more: Partial<OpenAiCompatibleOptions> = {},
  signal = new AbortController().signal,
): Promise<{ text: string; events: ModelEvent[] }> {
  const model = createOpenAiCompatibleModel(optionsOf(more))
  const events: ModelEvent[] = []
  try {
    for await (const event of model.generate(prompt, signal)) events.push(event)
  } finally {
    await model.close()
  }
  return { text: events.map((event) => (event.type === 'text' ? event.text : '')).join(''), events }
}

async function played(
  replies: readonly ScriptedReply[],
  more: Partial<OpenAiCompatibleOptions> = {},
): Promise<{ text: string; events: ModelEvent[]; requests: number }> {
  const seen = server.requests.length
  server.script(...replies)
  const result = await ask(more)
  return { ...result, requests: server.requests.length - seen }
}

const readable: readonly [name: string, reply: ScriptedReply][] = [
  ['whole events', { text: answer }],
  ['one byte a write', { text: answer, chunkSize: 1, deltaSize: 20 }],
  ['CRLF and comments, split anywhere', { text: answer, chunkSize: 7, lineEnd: '\r\n', comments: true }],
  ['a document instead of a stream', { text: answer, asDocument: true }],
  [
    'a stream that does not say so',
    { rawBody: `data: {"choices":[{"delta":{"content":${JSON.stringify(answer)}},"finish_reason":"stop"}]}\n\n` },
  ],
]
for (const [name, reply] of readable)
  test(`reads ${name} [C1]`, async () => {
    const { text, events, requests } = await played([reply])
    assert.equal(text, answer)
    assert.equal(events.at(-1)?.type, 'end')
    assert.equal(requests, 1)
  })

test('usage is the provider’s, cost is whole nano-dollars [C6]', async () => {
  const prices = { inputNanoUsdPerToken: 150, outputNanoUsdPerToken: 600.5 }
  const reported = await played([{ text: 'OK.', usage: { prompt_tokens: 10, completion_tokens: 3 } }], { prices })
  assert.deepEqual(reported.events.at(-1), {
    type: 'end',
    usage: { inputTokens: 10, outputTokens: 3 },
    costNanoUsd: 3302,
    finishReason: 'stop',
  })
  const silent = await played([{ text: 'OK, 8 ch', usage: 'none', finishReason: 'length' }])
  assert.deepEqual(silent.events.at(-1), {
    type: 'end',
    usage: { inputTokens: 4, outputTokens: 2 },
    costNanoUsd: 0,
    finishReason: 'length',
  })
})

const failures: readonly [name: string, replies: readonly ScriptedReply[], code: string, requests: number][] = [
  ['nonsense', [{ rawBody: 'nonsense' }], 'MODEL_RESPONSE_INVALID', 1],
  ['JSON that is no completion', [{ rawBody: '{"choices":"none"}' }], 'MODEL_RESPONSE_INVALID', 1],
  ['JSON without choices', [{ rawBody: '{}' }], 'MODEL_RESPONSE_INVALID', 1],
  ['an HTML page', [{ rawBody: '<html>Sign in</html>', headers: { 'content-type': 'text/html' } }], 'MODEL_RESPONSE_INVALID', 1],
  [
    'broken events',
    [{ rawBody: 'data: {"choices":[\n\n', headers: { 'content-type': 'text/event-stream' } }],
    'MODEL_RESPONSE_INVALID',
    1,
  ],
  ['a redirection', [{ status: 302, rawBody: '' }], 'MODEL_RESPONSE_INVALID', 1],
  ['a cut stream after text', [{ text: answer, cutAfterDeltas: 3 }], 'MODEL_RESPONSE_INVALID', 1],
  ['a stream ended early after text', [{ text: answer, endAfterDeltas: 3 }], 'MODEL_RESPONSE_INVALID', 1],
  ['an error after text', [{ text: answer, errorAfterDeltas: 3 }], 'MODEL_RESPONSE_INVALID', 1],
  ['an error before text, twice', [{ text: answer, errorAfterDeltas: 0 }], 'MODEL_UNAVAILABLE', 2],
  ['a stream cut before text, twice', [{ text: answer, cutAfterDeltas: 0 }], 'MODEL_UNAVAILABLE', 2],
  ['500, twice', [{ status: 500 }], 'MODEL_UNAVAILABLE', 2],
  ['429, twice', [{ status: 429, headers: { 'retry-after': '0' } }], 'MODEL_RATE_LIMITED', 2],
  ['429 that asks for a minute', [{ status: 429, headers: { 'retry-after': '60' } }], 'MODEL_RATE_LIMITED', 1],
  [
    '401',
    [{ status: 401, rawBody: JSON.stringify({ error: { message: `Incorrect API key provided: ${KEY}` } }) }],
    'MODEL_REFUSED',
    1,
  ],
  ['a content filter', [{ text: '', finishReason: 'content_filter' }], 'MODEL_REFUSED', 1],
]
for (const [name, replies, code, requests] of failures)
  test(`${name} is ${code} [C3]`, async () => {
    const seen = server.requests.length
    server.script(...replies)
    await assert.rejects(ask(), (error: unknown) => {
      assert.ok(error instanceof TouchstoneError)
      assert.equal(error.code, code)
      assert.ok(!JSON.stringify(error).includes(KEY), 'no key in the message')
      assert.ok(!error.message.includes('127.0.0.1'), 'no address in the message')
      return true
    })
    assert.equal(server.requests.length - seen, requests)
  })

const recoveries: readonly [name: string, first: ScriptedReply][] = [
  ['500', { status: 500 }],
  ['429 with retry-after', { status: 429, headers: { 'retry-after': '0.01' } }],
  ['a stream cut before text', { text: answer, cutAfterDeltas: 0 }],
]
for (const [name, first] of recoveries)
  test(`${name} before the first text is tried once more [C3]`, async () => {
    const { text, requests } = await played([first, { text: answer }])
    assert.equal(text, answer)
    assert.equal(requests, 2)
  })

test('an endpoint that rejects stream_options is asked without them', async () => {
  const { text } = await played([
    { status: 400, rawBody: '{"error":{"message":"Unknown field stream_options"}}' },
    { text: answer },
  ])
  assert.equal(text, answer)
  assert.ok(!JSON.stringify(server.requests.at(-1)?.body).includes('stream_options'))
})

test('limits to the first byte, for a pause and for the whole are kept [C3]', async () => {
  const slow: readonly [ScriptedReply, Partial<OpenAiCompatibleOptions>][] = [
    [{ text: answer, delayMs: 400 }, { timeoutMs: 80 }],
    [{ text: answer, pauseMs: 400 }, { timeoutMs: 80 }],
    [
      { text: answer, pauseMs: 40, deltaSize: 2 },
      { timeoutMs: 300, totalTimeoutMs: 150 },
    ],
  ]
  for (const [reply, more] of slow) await assert.rejects(played([reply], more), { code: 'MODEL_TIMEOUT' })
})

test('an endpoint that is not there is MODEL_UNAVAILABLE, after one more try [C3]', async () => {
  const gone = await startScriptedModelServer()
  await gone.close()
  await assert.rejects(ask({ url: gone.url }), { code: 'MODEL_UNAVAILABLE' })
})

test('an abort ends the request at the provider too', async () => {
  server.script({ text: answer.repeat(20), pauseMs: 20 })
  const abort = new AbortController()
  const model = createOpenAiCompatibleModel(optionsOf())
  let texts = 0
  await assert.rejects(async () => {
    for await (const event of model.generate(prompt, abort.signal)) {
      texts += event.type === 'text' ? 1 : 0
      if (texts === 2) abort.abort()
    }
  })
  assert.ok(texts < 10)
  await model.close()
})

test('the key travels as bearer token, or as api-key with the version for Azure [C1]', async () => {
  await played([{ text: 'OK.' }], { headers: { 'x-team': 'search-team' }, parameters: { temperature: 0 } })
  const plain = server.requests.at(-1)
  assert.equal(plain?.headers['authorization'], `Bearer ${KEY}`)
  assert.equal(plain?.headers['x-team'], 'search-team')
  assert.equal(plain?.url, '/v1/chat/completions')
  assert.deepEqual(plain?.body, {
    model: 'scripted-model',
    messages: prompt.messages,
    stream: true,
    stream_options: { include_usage: true },
    temperature: 0,
  })
  await played([{ text: 'OK.' }], { apiVersion: '2026-01-01' })
  const azure = server.requests.at(-1)
  assert.equal(azure?.headers['api-key'], KEY)
  assert.equal(azure?.headers['authorization'], undefined)
  assert.equal(azure?.url, '/v1/chat/completions?api-version=2026-01-01')
})

test('checkEndpoint tells what doctor needs to know', async () => {
  const signal = new AbortController().signal
  server.script({})
  assert.deepEqual(await checkEndpoint(optionsOf(), signal), { reachable: true, modelListed: true })
  assert.deepEqual(await checkEndpoint(optionsOf({ model: 'other' }), signal), { reachable: true, modelListed: false })
  server.script({ status: 404 })
  assert.deepEqual(await checkEndpoint(optionsOf(), signal), { reachable: true })
  server.script({ status: 401 })
  assert.equal((await checkEndpoint(optionsOf(), signal)).problem?.code, 'MODEL_REFUSED')
  server.script({ delayMs: 300, text: 'x' }, { delayMs: 300, text: 'x' })
  assert.equal((await checkEndpoint(optionsOf({ url: 'http://127.0.0.1:1/v1' }), signal)).problem?.code, 'MODEL_UNAVAILABLE')
})

test('events are read alike at any chunk boundary', async () => {
  const source = Buffer.from(': hello\r\ndata: {"a":"ä€😀"}\r\n\r\nid: 1\ndata:second\ndata: line\n\n\ndata: last')
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat({ max: source.length }), { maxLength: 20 }), async (cuts) => {
      const places = [0, ...[...cuts].sort((left, right) => left - right), source.length]
      const chunks = places.slice(1).map((place, index) => source.subarray(places[index], place))
      const events: string[] = []
      for await (const event of readEvents(
        (async function* () {
          yield* chunks
        })(),
        'x',
      ))
        events.push(event)
      assert.deepEqual(events, ['{"a":"ä€😀"}', 'second\nline', 'last'])
    }),
  )
})
