/** Targets of every kind: what they are told, what their replies mean, and which of their faults say something of them. */
import assert from 'node:assert/strict'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import type { EvaluationCase } from '../../../contracts/evaluation.ts'
import { systemClock } from '../../../foundation/concurrency/clock.ts'
import { isTouchstoneError } from '../../../foundation/errors/touchstone-error.ts'
import { temporaryFolder } from '../../../../test/fixtures/temp-folder.ts'
import { targetCatalog } from './catalog.ts'
import type { EvaluationTarget } from './evaluation-target.ts'
import { openTarget } from './open-target.ts'
import { toSystemOutput } from './target-exchange.ts'

const testCase: EvaluationCase = {
  id: 'dinner',
  as: 'ann',
  question: 'And in Tokyo?',
  history: ['What may I spend on dinner?'],
  expect: { facts: [['secret answer']], not: [], abstain: false },
  never: ['secret text'],
  vars: { city: 'Tokyo' },
  slice: {},
}
const signalOf = (ms: number): AbortSignal => AbortSignal.timeout(ms)

function partsIn(baseDirectory: string, secrets: Readonly<Record<string, string>> = {}) {
  return { clock: systemClock, baseDirectory, readSecret: ({ env }: { env: string }) => secrets[env] }
}

async function outcomeOf(target: EvaluationTarget, timeoutMs = 5_000, question = testCase.question): Promise<string> {
  try {
    return (await target.run({ ...testCase, question }, signalOf(timeoutMs), 0)).text
  } catch (error) {
    return isTouchstoneError(error) ? error.code : error instanceof Error ? error.name : String(error)
  }
}

async function serve(t: TestContext, listener: RequestListener): Promise<string> {
  const server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => server.close())
  t.after(() => server.closeAllConnections())
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

const replies: readonly (readonly [reply: unknown, ends: unknown])[] = [
  ['plain', 'plain'],
  [{ text: 'said' }, 'said'],
  [{ output: { total: 3 } }, '{"total":3}'],
  [{ answer: 'said' }, 'TARGET_FAILED'],
  [{ text: 3 }, 'TARGET_FAILED'],
  [null, 'TARGET_FAILED'],
  [undefined, 'TARGET_FAILED'],
  [{ error: 'no' }, 'TARGET_FAILED'],
  [{ error: { message: 'busy' }, retryable: true }, 'TARGET_UNAVAILABLE'],
]
for (const [reply, ends] of replies) {
  test(`the reply ${JSON.stringify(reply)} ends as ${String(ends)} [E2]`, () => {
    const ended = ((): unknown => {
      try {
        return toSystemOutput(reply, 'x').text
      } catch (error) {
        return isTouchstoneError(error) ? error.code : error
      }
    })()
    assert.equal(ended, ends)
  })
}

test('what a reply cites and reads is known to scorers, and what is quoted has been exposed [E2]', () => {
  const sentences = [{ text: 'a', citations: [{ document: 'd', quote: 'q' }] }]
  const output = toSystemOutput(
    { text: 'a', sentences, retrieved: [{ document: 'r' }], usage: { inputTokens: 1, outputTokens: 2 } },
    'x',
  )
  assert.deepEqual(output.cited, ['d'])
  assert.deepEqual(output.exposed, ['a', 'd', 'q'])
  assert.deepEqual(output.retrieved, [{ document: 'r' }])
})

test('a service gets the case without what is expected, or what its template says; its answer is read by paths [E2, E11]', async (t) => {
  const bodies: unknown[] = []
  const url = await serve(t, (request, response) => {
    let text = ''
    request.on('data', (data: Buffer) => (text += data.toString()))
    request.on('end', () => {
      bodies.push([request.headers.authorization, JSON.parse(text)])
      const answer = {
        text: 'said',
        choices: [{ message: { content: 'mapped' } }],
        usage: { prompt_tokens: 5, completion_tokens: 2 },
      }
      response.setHeader('content-type', 'application/json').end(JSON.stringify(answer))
    })
  })
  const folder = await temporaryFolder(t, {
    'target.yaml': `
kind: http
url: ${url}/chat
headers: { authorization: { env: KEY } }
request: { model: m, messages: '{{messages}}', note: 'for {{as}} in {{vars.city}}' }
response: { text: choices.0.message.content, inputTokens: usage.prompt_tokens, outputTokens: usage.completion_tokens }
version: 3
`,
  })
  const plain = await openTarget(url, partsIn(folder))
  const mapped = await openTarget('target.yaml', partsIn(folder, { KEY: 'Bearer k' }))
  t.after(() => Promise.all([plain.close(), mapped.close()]))
  assert.equal(await outcomeOf(plain), 'said')
  const output = await mapped.run(testCase, signalOf(5_000), 0)
  assert.deepEqual([output.text, output.usage], ['mapped', { inputTokens: 5, outputTokens: 2 }])
  const messages = ['What may I spend on dinner?', 'And in Tokyo?'].map((content) => ({ role: 'user', content }))
  assert.deepEqual(bodies[1], ['Bearer k', { model: 'm', messages, note: 'for ann in Tokyo' }])
  assert.doesNotMatch(JSON.stringify(bodies), /secret/, 'what is expected was sent')
  assert.equal(plain.hash, undefined, 'what is behind a URL may change unseen')
  assert.match(mapped.hash ?? '', /^[0-9a-f]{32}$/)
  await assert.rejects(openTarget('target.yaml', partsIn(folder)), { code: 'CONFIG_INVALID' })
})

const statuses: readonly (readonly [status: number, body: string, ends: string])[] = [
  [200, 'plain prose instead of JSON', 'TARGET_FAILED'],
  [400, '{}', 'TARGET_FAILED'],
  [401, '{}', 'TARGET_FAILED'],
  [408, '', 'TARGET_UNAVAILABLE'],
  [429, '', 'TARGET_LIMITED'],
  [500, 'oops', 'TARGET_UNAVAILABLE'],
  [503, '', 'TARGET_UNAVAILABLE'],
]
for (const [status, body, ends] of statuses) {
  test(`a service that answers ${status} ${body} ends as ${ends} [E2]`, async (t) => {
    const url = await serve(t, (_request, response) => response.writeHead(status, { 'retry-after': '7' }).end(body))
    const target = await openTarget(url, partsIn('.'))
    t.after(() => target.close())
    assert.equal(await outcomeOf(target), ends)
  })
}

test('a service that hangs is given up at its time, one that is not there or cuts the line is unavailable [E2]', async (t) => {
  const hanging = await openTarget(await serve(t, () => {}), partsIn('.'))
  const cutting = await openTarget(await serve(t, (request) => request.socket.destroy()), partsIn('.'))
  const absent = await openTarget('http://127.0.0.1:1', partsIn('.'))
  t.after(() => Promise.all([hanging, cutting, absent].map((each) => each.close())))
  assert.equal(await outcomeOf(hanging, 200), 'TimeoutError')
  assert.equal(await outcomeOf(cutting), 'TARGET_UNAVAILABLE')
  assert.equal(await outcomeOf(absent), 'TARGET_UNAVAILABLE')
})

/** Says back; some questions are faults. Answers in another order than it was asked. */
const PROGRAM = `
const { createInterface } = require('node:readline')
createInterface({ input: process.stdin }).on('line', (line) => {
  const { id, question } = JSON.parse(line)
  if (question === 'die') { process.stderr.write('out of memory'); process.exit(3) }
  if (question === 'hang') while (true) {}
  if (question === 'prose') return console.log('Sure! Here is the answer.')
  if (question === 'silent') return
  setTimeout(() => console.log(JSON.stringify({ id, text: 'said ' + question })), question === 'slow' ? 60 : 0)
})
`

async function programTarget(t: TestContext, restarts: number): Promise<EvaluationTarget> {
  const folder = await temporaryFolder(t, {
    'program.cjs': PROGRAM,
    'target.json': JSON.stringify({ kind: 'command', command: [process.execPath, 'program.cjs'], restarts }),
  })
  const target = await openTarget(join(folder, 'target.json'), partsIn('.'))
  t.after(() => target.close())
  return target
}

test('a program answers many cases at once, in any order, each its own [E2]', async (t) => {
  const target = await programTarget(t, 0)
  const questions = ['slow', 'a', 'b', 'c']
  assert.deepEqual(
    await Promise.all(questions.map((question) => outcomeOf(target, 5_000, question))),
    questions.map((question) => `said ${question}`),
  )
})

test('a program that dies half-way, hangs or talks prose costs the cases it concerns, and is started again as often as allowed [E2]', async (t) => {
  const target = await programTarget(t, 2)
  assert.equal(await outcomeOf(target, 5_000, 'prose'), 'TARGET_FAILED')
  assert.deepEqual(await Promise.all(['slow', 'die'].map((question) => outcomeOf(target, 5_000, question))), [
    'TARGET_UNAVAILABLE',
    'TARGET_UNAVAILABLE',
  ])
  assert.equal(await outcomeOf(target, 5_000, 'a'), 'said a')
  assert.equal(await outcomeOf(target, 300, 'hang'), 'TimeoutError')
  assert.equal(await outcomeOf(target, 5_000, 'b'), 'said b')
  assert.equal(await outcomeOf(target, 5_000, 'die'), 'TARGET_UNAVAILABLE')
  assert.equal(await outcomeOf(target, 5_000, 'c'), 'TARGET_UNAVAILABLE', 'it was started once more than allowed')
})

test('a program that cannot be started is unavailable [E2]', async (t) => {
  const target = await openTarget('command:no-such-program-here --flag', partsIn('.'))
  t.after(() => target.close())
  assert.equal(await outcomeOf(target), 'TARGET_UNAVAILABLE')
})

test('a module gives a default or a named function; with a version its content names it [E2]', async (t) => {
  const folder = await temporaryFolder(t, {
    'a.ts':
      'export const version: number = 1\nexport default ({ question }: { question: string }) => question\nexport const other = async () => ({ output: 7 })\n',
    'b.mjs': 'export default () => { throw new RangeError("a defect") }\n',
  })
  const open = (spec: string): Promise<EvaluationTarget> => openTarget(spec, partsIn(folder))
  const plain = await open('module:a.ts')
  assert.equal(await outcomeOf(plain), testCase.question)
  assert.equal(await outcomeOf(await open('module:a.ts#other')), '7')
  assert.ok(plain.hash !== undefined && plain.hash !== (await open('module:a.ts#other')).hash)
  const broken = await open('module:b.mjs')
  assert.equal(broken.hash, undefined)
  assert.equal(await outcomeOf(broken), 'RangeError')
  await assert.rejects(open('module:a.ts#none'), { code: 'TARGET_INVALID', message: /no function "none"/ })
  await assert.rejects(open('module:c.ts'), { code: 'TARGET_INVALID' })
})

test('what names no target is refused with the known kinds [E2]', async (t) => {
  const folder = await temporaryFolder(t, { 'x.yaml': 'kind: telepathy', 'y.yaml': 'url: x' })
  await assert.rejects(openTarget('answers', partsIn(folder)), { code: 'TARGET_INVALID' })
  await assert.rejects(openTarget('x.yaml', partsIn(folder)), { code: 'TARGET_INVALID', message: /http, command, module/ })
  await assert.rejects(openTarget('y.yaml', partsIn(folder)), { code: 'TARGET_INVALID' })
  assert.equal(new Set(targetCatalog.map(({ id }) => id)).size, targetCatalog.length)
})
