/** The whole product on PostgreSQL: reading, asking, several servers at once, moving an installation there, and its failures. */
import assert from 'node:assert/strict'
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { after, test } from 'node:test'
import { composeApplication } from '../../src/app/compose.ts'
import { loadConfig } from '../../src/app/load-config.ts'
import { createTouchstoneClient, type TouchstoneClient } from '../../src/client/index.ts'
import type { Answer } from '../../src/contracts/answer.ts'
import { isTouchstoneError } from '../../src/foundation/errors/touchstone-error.ts'
import { ask, ingest, NEVER, openApplication, search } from '../fixtures/application.ts'
import { ended, parsed, PROJECT_ROOT, start, touchstone } from '../fixtures/command-line.ts'
import { companyConfig, companyFiles, configSource } from '../fixtures/company.ts'
import { startPostgres } from '../fixtures/postgres-server.ts'
import { seededRandom } from '../../src/testing/seeded-random.ts'
import { documentName, documentText } from '../fixtures/generated-documents.ts'
import { temporaryFolder, writeFiles, type Ending } from '../fixtures/temp-folder.ts'

const LIMIT = { timeout: 90_000 }
const VARIABLE = 'TOUCHSTONE_TEST_DATABASE'
const QUESTION = 'How many days of annual leave do I get?'
const SALARY = 'What is the salary band for principal engineers?'
const config = { ...companyConfig, store: { postgres: { url: { env: VARIABLE }, poolSize: 4 } } }
const server = await startPostgres({ after })

async function company(ending: Ending): Promise<{ cwd: string; env: Record<string, string>; url: string }> {
  const url = await server.createDatabase()
  const cwd = await temporaryFolder(ending, { ...companyFiles, 'touchstone.config.ts': configSource(config) })
  process.env[VARIABLE] = url
  return { cwd, env: { [VARIABLE]: url }, url }
}

test(
  'the sample company on PostgreSQL: read, asked by people with different rights, read again [A1, A4, B1]',
  LIMIT,
  async (t) => {
    process.env[VARIABLE] = await server.createDatabase()
    const loaded = await loadConfig(join(PROJECT_ROOT, 'touchstone.config.ts'))
    const onPostgres = { ...loaded, config: { ...loaded.config, store: config.store } }
    const dataDirectory = await temporaryFolder(t)
    const application = await composeApplication(onPostgres, { dataDirectory, log: () => {} })
    t.after(() => application.close())
    const { documents } = await ingest(application)
    assert.deepEqual([documents.failed, documents.added > 50], [0, true])
    assert.match((await ask(application, 'petra', SALARY)).text, /€|EUR|\d/)
    assert.equal((await ask(application, 'maria', SALARY)).abstained, true)
    const first = await ask(application, 'maria', 'How much can I spend on dinner when I travel to the Netherlands?', {
      conversation: 'c',
    })
    assert.match(first.text, /€ 38/)
    assert.match((await ask(application, 'maria', 'And in all other countries?', { conversation: 'c' })).text, /35/)
    assert.equal((await ingest(application)).documents.unchanged, documents.added)
    assert.equal((await application.traces('administrator', 100)).length, 4)
  },
)

test(
  'two servers on one database: what one is told of rights counts at the next question to the other [A4, I4]',
  LIMIT,
  async (t) => {
    const { cwd, env } = await company(t)
    assert.equal((await touchstone(['ingest', '--json'], { cwd, env })).code, 0)
    const urls = await Promise.all([0, 1].map(() => startServer(t, cwd, env)))
    const maria = urls.map((url) => createTouchstoneClient({ url, user: 'maria' }))
    const put = async (at: number, groups: readonly string[], disabled = false): Promise<void> => {
      const body = JSON.stringify({ name: 'Maria', groups, disabled })
      const headers = { 'content-type': 'application/json' }
      const response = await fetch(`${urls[at]}/v1/principals/users/maria`, { method: 'PUT', headers, body })
      assert.equal(response.status, 200, await response.text())
    }
    for (let round = 0; round < 4; round++) {
      const [told, other] = [round % 2, (round + 1) % 2]
      await put(told, ['engineering', 'people-ops'])
      assert.match((await maria[other]!.answer({ question: SALARY })).text, /98000/)
      await put(told, ['engineering'])
      const refused = await Promise.all(maria.map((client) => client.answer({ question: SALARY })))
      for (const { abstained, text } of refused) assert.deepEqual([abstained, text.includes('98000')], [true, false])
      for (const client of maria) assert(!(await foundPaths(client, 'salary band')).includes('people/salaries.md'))
    }
    await put(0, ['engineering'], true)
    await assert.rejects(maria[1]!.answer({ question: QUESTION }), { code: 'USER_DISABLED' })
  },
)

test('two command lines at once: one reads, the other is told who; each document is there once [A1, I4]', LIMIT, async (t) => {
  const { cwd, env } = await company(t)
  const outcomes = await Promise.all([0, 1].map(() => touchstone(['ingest', '--json'], { cwd, env })))
  for (const { code, stdout } of outcomes) assert(code === 0 || stdout.includes('INGEST_RUNNING'), stdout)
  const application = await openApplication(t, cwd, config, { dataDirectory: join(cwd, '.touchstone') })
  const hits = await search(application, 'petra', 'annual leave salary dinner')
  assert.equal(new Set(hits.map(({ chunk }) => chunk)).size, hits.length)
  assert.match((await ask(application, 'maria', QUESTION)).text, /25 days/)
})

test('state copy: an installation goes on at PostgreSQL, and back, with its rights and users [I4]', LIMIT, async (t) => {
  const { cwd, env, url } = await company(t)
  await t.test('there', async () => {
    const plain = await temporaryFolder(t, { 'touchstone.config.ts': configSource(companyConfig) })
    const options = { cwd, env }
    const sqlite = ['--config', join(plain, 'touchstone.config.ts')]
    const local = { ...companyConfig, sources: { handbook: { kind: 'folder', path: join(cwd, 'docs') } } }
    const application = await openApplication({ after: () => {} }, plain, local, { dataDirectory: join(cwd, '.touchstone') })
    await ingest(application)
    await application.principals.putUser(
      application.tenant,
      { id: 'eve', name: 'Eve', disabled: false, groups: ['people-ops'] },
      'api',
    )
    const lease = await application.foundation.store.leases.acquire('ingest/main', 'host/1/somebody')
    const busy = await touchstone(['state', 'copy', '--to', url, '--json', ...sqlite], options)
    assert.deepEqual([busy.code, parsed<{ error: { code: string } }>(busy).error.code], [1, 'INGEST_RUNNING'])
    if ('release' in lease) await lease.release()
    await application.close()
    const copy = await touchstone(['state', 'copy', '--to', url, '--json', ...sqlite], options)
    const { tables, rows } = parsed<{ rows: number; tables: { name: string; rows: number; hash: string }[] }>(copy)
    assert.equal(rows, tables.reduce((sum, table) => sum + table.rows, 0)) // prettier-ignore
    assert.equal(tables.find(({ name }) => name === 'documents')?.rows, 3)
    const again = await touchstone(['state', 'copy', '--to', `env:${VARIABLE}`, '--json', ...sqlite], options)
    assert.deepEqual([again.code, parsed<{ error: { code: string } }>(again).error.code], [2, 'STATE_NOT_EMPTY'])
    const answer = parsed<Answer>(await touchstone(['ask', SALARY, '--as', 'eve', '--json'], options))
    assert.match(answer.text, /98000/)
  })
  await t.test('and back', async () => {
    const back = await touchstone(['state', 'copy', '--to', join(cwd, 'elsewhere')], { cwd, env })
    assert.equal(back.code, 0, back.stderr)
    assert.match(back.stdout, /documents +3 {2}[0-9a-f]{16}\n/)
    const same = await touchstone(['state', 'copy', '--to', url, '--json'], { cwd, env })
    assert.deepEqual([same.code, parsed<{ error: { code: string } }>(same).error.code], [2, 'ARGUMENT_INVALID'])
    const application = await openApplication(t, cwd, companyConfig, { dataDirectory: join(cwd, 'elsewhere') })
    assert.equal((await application.principals.users(application.tenant)).filter(({ id }) => id === 'eve').length, 1)
  })
})

test(
  'names, values and paths of any length are taken as SQLite takes them, or are failures of their document [A1, A2]',
  LIMIT,
  async (t) => {
    const { cwd } = await company(t)
    const random = seededRandom(3)
    // Letters that nothing compresses.
    const long = (length: number): string => Array.from({ length }, () => Math.floor(random() * 36).toString(36)).join('')
    const folders = (count: number): string => Array.from({ length: count }, () => long(200)).join('/')
    const [summary, key, nested] = [`s${long(5_000)}`, `k${long(300)}`, folders(4)]
    await writeFiles(cwd, {
      'docs/long.md': `---\n${key}: x\nsummary: ${summary}\n---\n# Long\n\nThe zeppelin lands on Mondays.\n`,
      [`docs/${nested}/deep.md`]: '# Deep\n\nThe submarine dives on Tuesdays.\n',
      [`docs/${nested}/access.yaml`]: 'readers: [group:engineering]\n',
      [`docs/${folders(6)}/deeper.md`]: '# Deeper\n\nThe rocket starts on Fridays.\n',
      'docs/nul.md': '---\ntitle: "a\\0b"\n---\nThe balloon rises on Sundays.\n',
    })
    const found = [config, companyConfig].map(async (each) => {
      const application = await openApplication(t, cwd, each, { dataDirectory: join(cwd, `state-${each === config}`) })
      const { documents, failures } = await ingest(application)
      assert.deepEqual([documents.added, documents.failed, failures[0]?.code], [6, 1, 'SOURCE_ITEM_UNREADABLE'])
      assert.equal((await ingest(application)).documents.unchanged, 6)
      const paths = async (user: string, query: string, filter = {}): Promise<string[]> => {
        const caller = { tenant: application.tenant, user }
        const { items } = await application.search({ caller, feature: 'answers', query, filter, limit: 10, signal: NEVER })
        return items.map(({ path }) => path)
      }
      assert.deepEqual(await paths('maria', 'zeppelin', { summary }), ['long.md'])
      assert.deepEqual(await paths('maria', 'zeppelin', { summary: `${summary}!` }), [])
      assert.deepEqual(await paths('maria', 'submarine dives'), [`${nested}/deep.md`])
      assert(!(await paths('petra', 'submarine dives')).includes(`${nested}/deep.md`))
      return paths('maria', 'balloon rises')
    })
    const [onPostgres, onSqlite] = await Promise.all(found)
    assert.deepEqual(onPostgres, onSqlite)
  },
)

test(
  'an ingest that is killed frees its lease at once; the next one goes on, and nothing is half there [A1, I4]',
  LIMIT,
  async (t) => {
    const { cwd, env } = await company(t)
    const count = 40
    await writeFiles(cwd, Object.fromEntries(Array.from({ length: count }, (_, at) => [`docs/${documentName(at)}`, documentText(at, 1, 3)]))) // prettier-ignore
    const script = join(PROJECT_ROOT, 'test/fixtures/ingest-process.ts')
    const data = join(cwd, '.touchstone')
    const args = ['--conditions=touchstone-source', script, join(cwd, 'touchstone.config.ts'), data]
    const run = (): ChildProcess => spawn(process.execPath, args, { cwd, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'ignore'] }) // prettier-ignore
    for (const share of [0.2, 0.9]) {
      const child = run()
      t.after(async () => void (await ended(child, 'SIGKILL')))
      for await (const line of createInterface(child.stdout!)) if (Number(/"progress":([\d.]+)/.exec(line)?.[1]) >= share) break
      await ended(child, 'SIGKILL')
    }
    const application = await openApplication(t, cwd, config, { dataDirectory: data })
    const began = performance.now()
    assert.equal((await ingest(application)).documents.failed, 0)
    assert(performance.now() - began < 14_000, 'it did not wait for a lease to run out')
    assert.equal((await ingest(application)).documents.unchanged, count + 3)
    const hits = await search(application, 'maria', 'document7 topic')
    assert.deepEqual(hits.filter(({ text }) => !text.includes('revision1') && text.includes('document7')), []) // prettier-ignore
    assert.equal(new Set(hits.map(({ chunk }) => chunk)).size, hits.length)
    const pending = await application.foundation.state.selectFrom('index_pending').selectAll().execute()
    assert.deepEqual(pending, [])
  },
)

test(
  'PostgreSQL that goes away: requests fail closed and retryable; when it is back, so is the product [A4, I4]',
  LIMIT,
  async (t) => {
    const { cwd } = await company(t)
    const application = await openApplication(t, cwd, config)
    await ingest(application)
    await application.startWatching()
    assert.match((await ask(application, 'maria', QUESTION)).text, /25 days/)
    // Some are under way when it happens.
    const asking = Array.from({ length: 12 }, () => ask(application, 'maria', QUESTION))
    const [outcomes] = await Promise.all([Promise.allSettled(asking), server.kill()])
    for (const outcome of outcomes)
      if (outcome.status === 'rejected') assertUnreachable(outcome.reason)
      else assert.match(outcome.value.text, /25 days/)
    for (const attempt of [
      ask(application, 'maria', QUESTION),
      search(application, 'petra', 'leave'),
      ingest(application),
      application.checkReady(),
    ])
      await assert.rejects(attempt, assertUnreachable)
    await server.start()
    assert.match((await ask(application, 'maria', QUESTION)).text, /25 days/)
    assert.equal((await ingest(application)).documents.unchanged, 3)
    assert.equal(
      (await application.traces('administrator', 100)).every(({ status }) => status !== undefined),
      true,
    )
  },
)

test('doctor says what is wrong with PostgreSQL, and how to cure it, without the password [I4]', LIMIT, async (t) => {
  const { cwd, env, url } = await company(t)
  const password = 'secret-of-the-database'
  const cases = [
    [url, 'warning', /^PostgreSQL 18.*set fsync and synchronous_commit to on$/],
    [url.replace(/state_\d+$/, 'absent'), 'failed', /database "absent" does not exist.*URL/],
    [
      `postgres://touchstone:${password}@127.0.0.1:1/state`,
      'failed',
      /127\.0\.0\.1:1\/state does not answer.*ECONNREFUSED.*check that PostgreSQL runs/,
    ],
    ['', 'failed', new RegExp(`${VARIABLE} is not set`)],
    ['nonsense', 'failed', /postgres:\/\//],
  ] as const
  for (const [address, status, message] of cases) {
    const { stdout } = await touchstone(['doctor', '--json'], { cwd, env: { ...env, [VARIABLE]: address } })
    const { items } = JSON.parse(stdout) as { items: { check: string; status: string; message: string }[] }
    const state = items.find(({ check }) => check === 'state')
    assert.equal(state?.status, status, stdout)
    assert.match(state?.message ?? '', message)
    assert(!stdout.includes(password))
  }
})

function assertUnreachable(error: unknown): true {
  assert(isTouchstoneError(error, 'STATE_UNREACHABLE'), String(error))
  assert(error.entry.retryable && error.entry.status === 503)
  return true
}

async function startServer(ending: Ending, cwd: string, env: Record<string, string>): Promise<string> {
  const child = start(['start', '--port', '0', '--json'], { cwd, env })
  ending.after(async () => void (await ended(child, 'SIGKILL')))
  const [output] = (await once(child.stdout!, 'data')) as [Buffer]
  return (JSON.parse(output.toString()) as { url: string }).url
}

async function foundPaths(client: TouchstoneClient, query: string): Promise<string[]> {
  return (await client.search({ query }, NEVER)).items.map(({ path }) => path)
}
