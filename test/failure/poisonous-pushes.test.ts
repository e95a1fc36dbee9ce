/** Pushed documents that no database takes as they stand: each is kept or refused, and none keeps another from being found. */
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import type { PushResult } from '../../src/contracts/pushed-document.ts'
import { openApplication, search } from '../fixtures/application.ts'
import { startServer } from '../fixtures/http-server.ts'
import { startPostgres } from '../fixtures/postgres-server.ts'
import { temporaryFolder } from '../fixtures/temp-folder.ts'

const VARIABLE = 'TOUCHSTONE_TEST_POISONOUS_PUSHES'
/** Of the test and of its one large request: what is shown here is not how quick it is. */
const LIMIT = { timeout: 120_000 }
const EVERYONE = { all: [{ any: ['everyone'] }] }
const postgres = await startPostgres({ after })

const many = <Item>(count: number, make: (at: number) => Item): Item[] => Array.from({ length: count }, (_, at) => make(at))
const crowd = many(9, (clause) => ({ any: ['user:ann', ...many(9_000, (at) => `user:u${clause}-${at}`)] }))
const nested: unknown = JSON.parse('['.repeat(4_000) + ']'.repeat(4_000))

const pushes: readonly (readonly [what: string, body: object, outcome: string])[] = [
  ['halves of characters and NUL in metadata', { metadata: { tag: ['\ud800', '\udfff', '\ufffd', '\u0000'] } }, 'created'],
  ['halves of characters and NUL in the title', { title: '\ud800\u0000' }, 'created'],
  ['half a character in a principal', { acl: { all: [{ any: ['user:\ud800', 'user:\ufffd'] }] } }, 'PRINCIPAL_INVALID'],
  ['a control character in a principal', { acl: { all: [{ any: ['user:ann\u0000'] }] } }, 'PRINCIPAL_INVALID'],
  ['more metadata than a statement takes', { metadata: { tag: many(70_000, (at) => `t${at}`) } }, 'created'],
  ['more principals than a statement takes', { acl: { all: crowd, deny: many(9_000, (at) => `user:d${at}`) } }, 'created'],
  ['metadata that nest without end', { metadata: { nested } }, 'REQUEST_INVALID'],
]

for (const store of ['SQLite', 'PostgreSQL'] as const)
  test(`${store}: what is odd in one document leaves the others alone [A1, A2]`, LIMIT, async (context) => {
    const sources = { crm: { kind: 'push' as const } }
    const access = { users: { ann: {} } }
    if (store === 'PostgreSQL') process.env[VARIABLE] = await postgres.createDatabase()
    const kept = store === 'SQLite' ? {} : { store: { postgres: { url: { env: VARIABLE } } } }
    const application = await openApplication(context, await temporaryFolder(context), { sources, access, ...kept })
    const server = await startServer(context, application, { requestTimeoutMs: 60_000 })
    const operations = pushes.map(([, body], at) => ({ operation: 'put', document: `crm:${at}`, text: `The quokka number ${at}.`, acl: EVERYONE, ...body })) // prettier-ignore
    const plain = { operation: 'put', document: 'crm:plain', text: 'The plain quokka.', acl: EVERYONE }
    const reply = await server.call('POST', '/v1/documents/bulk?wait=true', [...operations, plain], {})
    assert.equal(reply.status, 200)
    const { items } = (await reply.json()) as { items: (PushResult & { error?: { code: string } })[] }
    assert.deepEqual(
      items.map(({ outcome, error }) => error?.code ?? outcome),
      [...pushes.map(([, , outcome]) => outcome), 'created'],
    )
    assert.deepEqual([...new Set(items.map(({ state }) => state))], ['searchable', undefined])
    const found = new Set((await search(application, 'ann', 'quokka')).map(({ document }) => String(document)))
    assert.deepEqual([...found].sort(), items.flatMap(({ document, error }) => (error === undefined ? [document] : [])).sort())
  })
