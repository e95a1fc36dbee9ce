/** The first minutes of a newcomer: a folder of documents, init, doctor, ask, start. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { createTouchstoneClient } from '../../src/client/index.ts'
import type { Answer } from '../../src/contracts/answer.ts'
import { ended, parsed, start, touchstone } from '../fixtures/command-line.ts'
import { companyConfig, configSource } from '../fixtures/company.ts'
import { temporaryFolder } from '../fixtures/temp-folder.ts'

const page = '# Parking\n\nVisitors park behind the building for 7 euros a day.\n'

test('init, doctor, ask: from an empty folder to a cited answer [I4, I5]', { timeout: 60_000 }, async (t) => {
  const cwd = await temporaryFolder(t, { 'pages/parking.md': page })
  const init = await touchstone(['init', '--path', 'pages', '--users', 'ann,bob', '--readers', 'user:ann', '--json'], { cwd })
  assert.equal(init.code, 0, init.stdout)
  assert.deepEqual(parsed<{ users: string[] }>(init).users, ['ann', 'bob'])
  const [doctor, again] = await Promise.all([
    touchstone(['doctor', '--json'], { cwd }),
    touchstone(['init', '--path', 'pages', '--json'], { cwd }),
  ])
  assert.equal(doctor.code, 0, doctor.stdout)
  const checks = parsed<{ items: { check: string; status: string }[] }>(doctor).items
  assert.deepEqual(checks.filter(({ status }) => status === 'failed'), []) // prettier-ignore
  assert.equal(again.code, 2, 'an existing configuration is not replaced')
  const question = 'What does parking cost for visitors?'
  const ann = parsed<Answer>(await touchstone(['ask', question, '--as', 'ann', '--json'], { cwd }))
  assert.match(ann.text, /7 euros/)
  assert.equal(ann.sentences[0]?.citations[0]?.document, 'documents:parking.md')
  assert.equal(parsed<Answer>(await touchstone(['ask', question, '--as', 'bob', '--json'], { cwd })).abstained, true)
})

test('doctor names the folder and the secret that a source is missing, before anything is read [I4, I5]', async (t) => {
  const lost = { kind: 'folder', path: 'nowhere' }
  const wiki = { kind: 'git', repository: 'https://git.example/wiki.git', token: { env: 'TOKEN_THAT_IS_NOT_SET' } }
  const cwd = await temporaryFolder(t, { 'touchstone.config.ts': configSource({ ...companyConfig, sources: { lost, wiki } }) })
  const { code, stdout } = await touchstone(['doctor'], { cwd })
  assert.equal(code, 1)
  assert.match(stdout, /source lost +there is no folder .*nowhere: .*sources\.lost\.path/)
  assert.match(stdout, /source wiki +the environment variable TOKEN_THAT_IS_NOT_SET is not set: .*sources\.wiki\.token/)
})

const models: readonly (readonly [string, readonly string[], RegExp])[] = [
  ['none', [], /model: 'builtin\/extractive'/],
  [
    'any compatible URL',
    ['--model-url', 'http://127.0.0.1:1/v1', '--model-name', 'local-1'],
    /url: 'http:\/\/127\.0\.0\.1:1\/v1',\s+model: 'local-1',/,
  ],
  [
    'Azure',
    ['--model-url', 'https://x.example/d', '--model-name', 'm', '--model-key-env', 'AZURE_KEY', '--api-version', '2026-01-01'],
    /apiKey: \{ env: 'AZURE_KEY' \},\s+apiVersion: '2026-01-01'/,
  ],
]

for (const [what, flags, expected] of models)
  test(`init writes a configuration for a model: ${what} [C1, I5]`, { timeout: 30_000 }, async (t) => {
    const cwd = await temporaryFolder(t, { 'pages/parking.md': page })
    const { code, stdout } = await touchstone(['init', '--path', 'pages', ...flags, '--json'], { cwd })
    assert.equal(code, 0, stdout)
    assert.match(await readFile(join(cwd, 'touchstone.config.ts'), 'utf8'), expected)
  })

test('start reads, serves on a free port, and ends when it is told to [I1, I4]', { timeout: 60_000 }, async (t) => {
  const config = { ...companyConfig, sources: { pages: { kind: 'folder', path: 'pages', access: [{ path: '**', readers: ['everyone'] }] } } } // prettier-ignore
  const cwd = await temporaryFolder(t, { 'pages/parking.md': page, 'touchstone.config.ts': configSource(config) })
  const server = start(['start', '--port', '0', '--json'], { cwd })
  t.after(async () => void (await ended(server, 'SIGKILL')))
  const [output] = (await once(server.stdout!, 'data')) as [Buffer]
  const { url } = JSON.parse(output.toString()) as { url: string }
  assert.match(url, /^http:\/\/127\.0\.0\.1:\d+$/)
  const answer = await createTouchstoneClient({ url, user: 'maria' }).answer({ question: 'What does parking cost for visitors?' })
  assert.match(answer.text, /7 euros/)
  const overHttp = ['ask', 'What does parking cost for visitors?', '--as', 'petra', '--url', url, '--json']
  assert.match(parsed<Answer>(await touchstone(overHttp, { cwd })).text, /7 euros/)
  assert.equal(await ended(server, 'SIGTERM'), 0)
})

test('a start that cannot read its sources says why and ends [A1, I4]', { timeout: 30_000 }, async (t) => {
  const config = { ...companyConfig, sources: { pages: { kind: 'folder', path: 'nowhere' } } }
  const cwd = await temporaryFolder(t, { 'touchstone.config.ts': configSource(config) })
  const outcome = await touchstone(['start', '--port', '0', '--json'], { cwd, timeoutMs: 15_000 })
  assert.equal(outcome.code, 2, `it did not end by itself: ${outcome.stderr}`)
  assert.equal(parsed<{ error: { code: string } }>(outcome).error.code, 'SOURCE_PATH_MISSING')
})

test('an interrupted ingest is a cancelled one, and leaves no lease behind [A1, I1]', { timeout: 60_000 }, async (t) => {
  const pages = Object.fromEntries(Array.from({ length: 250 }, (_, at) => [`docs/${at}.md`, `# Page ${at}\n\nText ${at}.\n`]))
  const cwd = await temporaryFolder(t, { ...pages, 'touchstone.config.ts': configSource(companyConfig) })
  const child = start(['ingest', '--json'], { cwd })
  t.after(async () => void (await ended(child, 'SIGKILL')))
  let output = ''
  child.stdout!.on('data', (data: Buffer) => (output += data.toString()))
  // Opened, and some way into the documents; earlier the signal would meet a program that is still loading.
  while (!existsSync(join(cwd, '.touchstone/state.sqlite'))) await new Promise((resolve) => setTimeout(resolve, 20))
  await new Promise((resolve) => setTimeout(resolve, 500))
  child.kill('SIGINT')
  const code = await ended(child)
  // A quick machine is done before it is interrupted.
  if (code !== 0) {
    assert.equal(code, 1)
    assert.equal((JSON.parse(output) as { error: { code: string } }).error.code, 'REQUEST_CANCELLED')
  }
  const next = await touchstone(['ingest', '--json'], { cwd })
  const { added, unchanged } = parsed<{ documents: { added: number; unchanged: number } }>(next).documents
  assert.equal(added + unchanged, 250)
})
