import assert from 'node:assert/strict'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import test, { after, before, beforeEach } from 'node:test'
import type { ModelCost } from '../../contracts/chat-model.ts'
import { TouchstoneError } from '../../foundation/errors/touchstone-error.ts'
import { embeddingModelSuite } from '../../testing/embedding-model-suite.ts'
import { createEmbeddingEndpoint, type EmbeddingEndpointOptions } from './embedding-model.ts'

const KEY = 'sk-secret-0123456789'
const DIMENSIONS = 24
type Reply = (request: Asked, response: ServerResponse) => void
interface Asked {
  readonly input: readonly string[]
  readonly model: string
  readonly [more: string]: unknown
}

/** Letters counted by place: the same text has the same vector everywhere. */
function vectorOf(text: string): number[] {
  const counts = Array.from({ length: DIMENSIONS }, () => 0.1)
  for (const [at, letter] of [...text].entries()) counts[(letter.charCodeAt(0) * 7 + (at % 3)) % DIMENSIONS]! += 1
  return counts
}

const answer: Reply = ({ input }, response) => {
  const data = input.map((text, index) => ({ object: 'embedding', index, embedding: vectorOf(text) }))
  response.end(
    JSON.stringify({ data: data.toReversed(), usage: { prompt_tokens: 10 * input.length, total_tokens: 10 * input.length } }),
  )
}
const status =
  (code: number, headers: Record<string, string> = {}): Reply =>
  (_request, response) =>
    response.writeHead(code, headers).end(JSON.stringify({ error: { message: `key ${KEY} is wrong` } }))
const raw =
  (body: string): Reply =>
  (_request, response) =>
    response.end(body)

let url = ''
let script: Reply[] = []
let requests: { readonly asked: Asked; readonly headers: IncomingMessage['headers']; readonly path: string }[] = []
const server = createServer(async (request, response) => {
  const body = await Array.fromAsync(request as AsyncIterable<Buffer>)
  const asked = JSON.parse(Buffer.concat(body).toString()) as Asked
  requests.push({ asked, headers: request.headers, path: request.url ?? '' })
  const reply = script.length > 1 ? script.shift() : script[0]
  ;(reply ?? answer)(asked, response)
})
before(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`
})
after(() => {
  server.closeAllConnections()
  server.close()
})
beforeEach(() => {
  script = []
  requests = []
})

function open(more: Partial<EmbeddingEndpointOptions> = {}): ReturnType<typeof createEmbeddingEndpoint> {
  return createEmbeddingEndpoint({
    name: 'scripted',
    url,
    apiKey: KEY,
    model: 'embedder',
    timeoutMs: 2_000,
    dimensions: DIMENSIONS,
    batch: 4,
    maxCharacters: 100,
    prefixes: { query: 'q: ', passage: '' },
    languages: [],
    ...more,
  })
}

async function embed(texts: readonly string[], more: Partial<EmbeddingEndpointOptions> = {}, onCost?: (cost: ModelCost) => void) {
  const model = open(more)
  try {
    const options = onCost === undefined ? { kind: 'query' as const } : { kind: 'query' as const, onCost }
    return await model.embed(texts, options, new AbortController().signal)
  } finally {
    await model.close()
  }
}

embeddingModelSuite('openai-compatible', async () => open())

test('texts travel in batches, cut and prefixed; vectors come back in the order of the texts, and each request has its cost [C6]', async () => {
  const costs: ModelCost[] = []
  const texts = ['one', '', 'two', 'three', 'four', 'x'.repeat(300)]
  const vectors = await embed(texts, { nanoUsdPerToken: 20, parameters: { user: 'search' } }, (cost) => costs.push(cost))
  assert.deepEqual(
    requests.map(({ asked }) => asked.input),
    [
      ['q: one', 'q: two', 'q: three'],
      ['q: four', `q: ${'x'.repeat(97)}`],
    ],
  )
  assert.equal(requests[0]?.asked['user'], 'search')
  assert.equal(requests[0]?.headers.authorization, `Bearer ${KEY}`)
  assert.equal(requests[0]?.path, '/v1/embeddings')
  assert.ok(vectors[1]?.every((value) => value === 0))
  const [three] = await embed(['three'])
  assert.deepEqual(vectors[3], three)
  assert.deepEqual(costs, [
    { usage: { inputTokens: 30, outputTokens: 0 }, costNanoUsd: 600 },
    { usage: { inputTokens: 20, outputTokens: 0 }, costNanoUsd: 400 },
  ])
})

const embedding = (value: unknown): string => JSON.stringify({ data: [{ index: 0, embedding: value }] })
const failures: readonly (readonly [what: string, replies: readonly Reply[], code: string, requests: number])[] = [
  ['500, twice', [status(500)], 'MODEL_UNAVAILABLE', 2],
  ['429, twice', [status(429, { 'retry-after': '0' })], 'MODEL_RATE_LIMITED', 2],
  ['429 that asks for a minute', [status(429, { 'retry-after': '60' })], 'MODEL_RATE_LIMITED', 1],
  ['401', [status(401)], 'MODEL_REFUSED', 1],
  ['a cut connection, twice', [(_request, response) => response.destroy()], 'MODEL_UNAVAILABLE', 2],
  ['nonsense', [raw('nonsense')], 'MODEL_RESPONSE_INVALID', 1],
  ['fewer vectors than texts', [raw('{"data":[]}')], 'MODEL_RESPONSE_INVALID', 1],
  ['other dimensions', [raw(embedding([1, 2, 3]))], 'EMBEDDING_INVALID', 1],
  ['null for a number', [raw(embedding(vectorOf('a').map((value, at) => (at === 3 ? null : value))))], 'EMBEDDING_INVALID', 1],
  ['silence', [() => {}], 'MODEL_TIMEOUT', 1],
]
for (const [what, replies, code, count] of failures) {
  test(`${what} is ${code}, after ${count} request(s) [C3]`, async () => {
    script = [...replies]
    await assert.rejects(embed(['leave'], { timeoutMs: what === 'silence' ? 80 : 2_000 }), (error: unknown) => {
      assert.ok(error instanceof TouchstoneError)
      assert.equal(error.code, code)
      assert.ok(!JSON.stringify(error).includes(KEY), 'no key in the message')
      assert.doesNotMatch(error.message, /127\.0\.0\.1|\{\w+\}/u)
      return true
    })
    assert.equal(requests.length, count)
  })
}

test('one failure is tried again', async () => {
  script = [status(503), answer]
  assert.equal((await embed(['leave'])).length, 1)
  assert.equal(requests.length, 2)
})
