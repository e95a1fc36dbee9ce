/** A model endpoint that is down, slow, limited or talks nonsense: an error of the catalogue, and nothing is remembered of the turn. */
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import type { TouchstoneConfig } from '../../src/app/config.ts'
import { type ScriptedReply, startScriptedModelServer } from '../../src/testing/scripted-model-server.ts'
import { ask, ingest, openApplication } from '../fixtures/application.ts'
import { companyConfig, companyFiles } from '../fixtures/company.ts'
import { temporaryFolder } from '../fixtures/temp-folder.ts'

const QUESTION = 'How many days of annual leave do I get?'
const SECRET = 'a-key-that-nobody-may-see'
process.env['TOUCHSTONE_TEST_KEY'] = SECRET

const server = await startScriptedModelServer()
after(() => server.close())
const model = { model: 'scripted-model', apiKey: { env: 'TOUCHSTONE_TEST_KEY' } }
const config = {
  ...companyConfig,
  models: {
    main: { ...model, url: server.url, timeoutMs: 400 },
    down: { ...model, url: 'http://127.0.0.1:1/v1', timeoutMs: 400 },
  },
  features: { answers: { model: 'main' }, down: { model: 'down' } },
} satisfies TouchstoneConfig
const folder = await temporaryFolder({ after }, companyFiles)
const application = await openApplication({ after }, folder, config)
await ingest(application)

const sound: ScriptedReply = { text: 'Everyone gets 25 days of annual leave a year. [1]' }

async function turnsOf(conversation: string): Promise<number> {
  const { count } = await application.foundation.state
    .selectFrom('turns')
    .select((row) => row.fn.countAll<number>().as('count'))
    .where('conversation', '=', conversation)
    .executeTakeFirstOrThrow()
  return Number(count)
}

const faults: readonly (readonly [string, ScriptedReply, string])[] = [
  ['is overloaded', { status: 503 }, 'MODEL_UNAVAILABLE'],
  ['limits requests', { status: 429 }, 'MODEL_RATE_LIMITED'],
  [
    'does not know the key',
    { status: 401, rawBody: JSON.stringify({ error: { message: `no such key ${SECRET}` } }) },
    'MODEL_REFUSED',
  ],
  [
    'answers with a page',
    { rawBody: '<html>It works!</html>', headers: { 'content-type': 'text/html' } },
    'MODEL_RESPONSE_INVALID',
  ],
  ['answers with other JSON', { rawBody: '{"hello": "world"}' }, 'MODEL_RESPONSE_INVALID'],
  ['redirects', { status: 302, headers: { location: 'http://127.0.0.1:1/' } }, 'MODEL_RESPONSE_INVALID'],
  ['is slow to begin', { ...sound, delayMs: 1_500 }, 'MODEL_TIMEOUT'],
  ['stalls in the middle', { ...sound, pauseMs: 1_500 }, 'MODEL_TIMEOUT'],
  ['breaks the connection', { ...sound, cutAfterDeltas: 5 }, 'MODEL_RESPONSE_INVALID'],
  ['fails in the middle', { ...sound, errorAfterDeltas: 5 }, 'MODEL_RESPONSE_INVALID'],
  ['ends without an end', { ...sound, endAfterDeltas: 5 }, 'MODEL_RESPONSE_INVALID'],
]

for (const [what, reply, code] of faults)
  test(
    `an endpoint that ${what} is ${code}; the turn is forgotten, the trace says it, no key is told [B1, C3, H4]`,
    { timeout: 20_000 },
    async () => {
      const conversation = `with one that ${what}`
      server.script(reply)
      await assert.rejects(ask(application, 'maria', QUESTION, { conversation }), (error: Error & { code?: string }) => {
        assert.equal(error.code, code, error.message)
        assert(!JSON.stringify(error).includes(SECRET))
        return true
      })
      assert.equal(await turnsOf(conversation), 0)
      const [trace] = await application.traces('administrator', 1)
      assert.equal(trace?.status, 'error')
      server.script(sound)
      assert.match((await ask(application, 'maria', QUESTION, { conversation })).text, /25 days/)
      assert.equal(await turnsOf(conversation), 1)
    },
  )

test('an endpoint that is not there is MODEL_UNAVAILABLE and names its setting [C3]', { timeout: 20_000 }, async () => {
  await assert.rejects(ask(application, 'maria', QUESTION, { feature: 'down' }), (error: Error & { code?: string }) => {
    assert.equal(error.code, 'MODEL_UNAVAILABLE')
    assert.match(error.message, /models\.down\.url/)
    return true
  })
})

test('whatever a model invents is dropped, and what is left is cited or nothing [B1, D5]', { timeout: 20_000 }, async () => {
  server.script({ text: 'Everyone gets 25 days of annual leave a year. [1] Everyone gets a company car. [1] Ask Bob. [99]' })
  const answer = await ask(application, 'maria', QUESTION)
  assert.deepEqual(answer.sentences.map(({ text }) => text), ['Everyone gets 25 days of annual leave a year.']) // prettier-ignore
  server.script({ text: 'The salary band is 98000 to 121000 euros. [1]' })
  const invented = await ask(application, 'maria', QUESTION)
  assert.equal(invented.abstained, true)
  assert.doesNotMatch(invented.text, /98000/)
})

test(
  'a request that is cancelled ends at once, also when the model hangs, and is not remembered [B1, C3]',
  { timeout: 20_000 },
  async () => {
    server.script({ ...sound, delayMs: 3_000 })
    const stop = new AbortController()
    const asked = ask(application, 'maria', QUESTION, { conversation: 'cancelled', signal: stop.signal })
    setTimeout(() => stop.abort(), 100)
    await assert.rejects(asked, { code: 'REQUEST_CANCELLED' })
    assert.equal(await turnsOf('cancelled'), 0)
  },
)
