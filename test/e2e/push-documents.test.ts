/** Documents pushed over HTTP: kept when acknowledged, permissions at the next query, nothing read twice, nobody's source taken. */
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import fc from 'fast-check'
import { sql } from 'kysely'
import type { ComposedApplication } from '../../src/app/compose.ts'
import type { SourceItem } from '../../src/contracts/connector.ts'
import type { DocumentId, PrincipalId } from '../../src/contracts/identity.ts'
import type { PushedDocument, PushOperation, PushResult } from '../../src/contracts/pushed-document.ts'
import { systemClock } from '../../src/foundation/concurrency/clock.ts'
import { createPushedContents } from '../../src/foundation/storage/pushed-repository.ts'
import { ingestDocuments } from '../../src/knowledge/ingest-documents.ts'
import { createLanceDbEngine } from '../../src/adapters/lancedb/lancedb-index.ts'
import { ingestParts } from '../../src/app/compose-ingestion.ts'
import { composeKnowledge } from '../../src/app/compose-knowledge.ts'
import { ingest, NEVER, openApplication, readablePaths, search } from '../fixtures/application.ts'
import { giveKey, startServer, type TestServer } from '../fixtures/http-server.ts'
import { temporaryFolder, writeFiles } from '../fixtures/temp-folder.ts'
import { buildDocx } from '../../src/testing/document-files.ts'

const config = {
  sources: { docs: { kind: 'folder', path: 'docs', access: [{ path: '**', readers: ['everyone'] }] }, crm: { kind: 'push' } },
  access: { users: { ann: { groups: ['sales'] }, bob: {} }, groups: { sales: {} } },
}
const EVERYONE = { all: [{ any: ['everyone'] }] }
const SALES = { all: [{ any: ['group:sales'] }] }

interface Pushing {
  readonly folder: string
  readonly application: ComposedApplication
  readonly server: TestServer
  put(id: string, body: object, wait?: boolean, headers?: Record<string, string>): Promise<Response>
  find(user: string, query: string): Promise<string[]>
}

async function pushing(context: TestContext): Promise<Pushing> {
  const folder = await temporaryFolder(context)
  await writeFiles(folder, { 'docs/handbook.md': '# Handbook\n\nThe canteen opens at noon.\n' })
  const application = await openApplication(context, folder, config)
  const server = await startServer(context, application)
  return {
    folder,
    application,
    server,
    put: (id, body, wait = true, headers = {}) =>
      server.call('PUT', `/v1/documents/${encodeURIComponent(id)}${wait ? '?wait=true' : ''}`, body, headers),
    find: async (user, query) => [...new Set((await search(application, user, query)).map(({ document }) => String(document)))],
  }
}

async function read<Content = PushResult>(response: Response): Promise<Content> {
  return (await response.json()) as Content
}

test('a pushed document is found by whom its acl names, and by nobody without one [A1, A4]', async (context) => {
  const { put, find, server, application } = await pushing(context)
  const made = await put('crm:accounts/17', { title: 'Kestrel', text: 'Kestrel renews the zephyr contract in May.', acl: SALES })
  assert.equal(made.status, 201)
  const result = await read(made)
  assert.deepEqual([result.outcome, result.state], ['created', 'searchable'])
  assert.equal(made.headers.get('etag'), `"${result.revision}"`)
  assert.deepEqual(await find('ann', 'zephyr contract'), ['crm:accounts/17'])
  assert.deepEqual(await find('bob', 'zephyr contract'), [])
  assert.equal((await put('crm:nobody', { text: 'A zephyr secret.' })).status, 201)
  assert.deepEqual(await find('ann', 'zephyr secret'), ['crm:accounts/17'])
  const listed = await read<{ items: { id: string; kind: string; documents: number; state: string }[] }>(
    await server.call('GET', '/v1/sources', undefined, {}),
  )
  assert.deepEqual(
    listed.items.filter(({ id }) => id === 'crm').map(({ kind, documents, state }) => [kind, documents, state]),
    [['push', 2, 'ready']],
  )
  await ingest(application)
  assert.deepEqual(await find('ann', 'zephyr contract'), ['crm:accounts/17'], 'another ingest leaves it alone')
})

test('the same body again changes nothing; only what changed is done [A1]', async (context) => {
  const { put, find, application } = await pushing(context)
  const body = { text: 'Delivery takes nine days.', metadata: { region: 'north' }, acl: EVERYONE }
  await put('crm:a', body)
  const indexedAt = async (): Promise<number> =>
    (await application.foundation.state.selectFrom('documents').select('indexed_at').executeTakeFirstOrThrow()).indexed_at
  const first = await indexedAt()
  const again = await put('crm:a', { ...body, acl: { all: [{ any: ['everyone', 'everyone'] }], deny: [] } })
  assert.deepEqual([again.status, (await read(again)).outcome], [200, 'unchanged'], 'an acl of the same meaning, too')
  assert.equal((await read(await put('crm:a', { ...body, metadata: { region: 'south' } }))).outcome, 'updated')
  const filtered = await application.search({
    caller: { tenant: application.tenant, user: 'bob' },
    feature: 'answers',
    query: 'delivery',
    filter: { region: 'south' },
    limit: 5,
    signal: AbortSignal.timeout(5_000),
  })
  assert.equal(filtered.items.length, 1, 'metadata counts at once')
  assert.equal((await read(await put('crm:a', { ...body, acl: SALES }, false))).outcome, 'updated')
  assert.deepEqual(await find('bob', 'delivery'), [], 'a revocation counts at the next query')
  assert.deepEqual(await find('ann', 'delivery'), ['crm:a'])
  assert.equal((await read(await put('crm:a', body, false))).outcome, 'updated')
  assert.deepEqual(await find('bob', 'delivery'), ['crm:a'], 'a grant counts at the next query')
  assert.equal(await indexedAt(), first, 'nothing was read again')
  assert.equal((await read(await put('crm:a', { ...body, text: 'Delivery takes four days.' }))).outcome, 'replaced')
  assert.notEqual(await indexedAt(), first)
})

test('new text under new readers shows nobody the old text meanwhile [A4]', async (context) => {
  const { put, application } = await pushing(context)
  await put('crm:plan', { text: 'The secret acquisition of Heron.', acl: SALES })
  // The lease of another ingest keeps the indexing from running.
  const { leases } = application.foundation.store
  let lease = await leases.acquire('ingest/main', 'other')
  while (!('release' in lease)) {
    await systemClock.sleep(20)
    lease = await leases.acquire('ingest/main', 'other')
  }
  const reply = await put('crm:plan', { text: 'There was an acquisition.', acl: EVERYONE }, false)
  assert.deepEqual([reply.status, (await read(reply)).state], [202, 'queued'])
  for (const user of ['ann', 'bob']) assert.deepEqual(await readablePaths(application, user), [], user)
  await lease.release()
  await put('crm:plan', { text: 'There was an acquisition.', acl: EVERYONE })
  assert.deepEqual(await readablePaths(application, 'bob'), ['plan'])
})

test('a deletion is gone at the next query, also one that meets the indexing [A1]', async (context) => {
  const { put, find, server } = await pushing(context)
  await put('crm:a', { text: 'The heron nests in April.', acl: EVERYONE })
  assert.equal((await server.call('DELETE', '/v1/documents/crm%3Aa', undefined, {})).status, 204)
  assert.deepEqual(await find('bob', 'heron'), [])
  assert.equal((await server.call('DELETE', '/v1/documents/crm%3Aa', undefined, {})).status, 404)
  const results = await Promise.all(
    Array.from({ length: 20 }, async (_, at) => {
      await put(`crm:race/${at}`, { text: `The quokka number ${at} sleeps.`, acl: EVERYONE }, false)
      return server.call('DELETE', `/v1/documents/${encodeURIComponent(`crm:race/${at}`)}`, undefined, {})
    }),
  )
  assert.ok(results.every(({ status }) => status === 204))
  await put('crm:last', { text: 'The last one.', acl: EVERYONE })
  assert.deepEqual(await find('bob', 'quokka'), [])
})

test('what cannot be read says so at the document and among the failures; better content cures it [A2]', async (context) => {
  const { put, server, find } = await pushing(context)
  const broken = await put('crm:offer.pdf', { contentBase64: Buffer.from('no pdf').toString('base64'), acl: EVERYONE })
  const result = await read(broken)
  assert.deepEqual([broken.status, result.state, result.failure?.code], [200, 'failed', 'PARSE_FAILED'])
  const stands = await read<PushedDocument>(await server.call('GET', '/v1/documents/crm%3Aoffer.pdf', undefined, {}))
  assert.equal(stands.failure?.code, 'PARSE_FAILED')
  const sources = await read<{ items: { id: string; failures: number }[] }>(
    await server.call('GET', '/v1/sources', undefined, {}),
  )
  assert.equal(sources.items.find(({ id }) => id === 'crm')?.failures, 1)
  const docx = Buffer.from(buildDocx([{ paragraph: 'Ninety lanterns.' }])).toString('base64')
  const mediaType = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document'
  assert.equal((await read(await put('crm:offer.pdf', { contentBase64: docx, mediaType, acl: EVERYONE }))).state, 'searchable')
  assert.deepEqual(await find('bob', 'lanterns'), ['crm:offer.pdf'])
})

test('a multipart body pushes a file with its JSON [A1]', async (context) => {
  const { server, find } = await pushing(context)
  const form = new FormData()
  form.set('document', JSON.stringify({ title: 'Offer', acl: EVERYONE, metadata: { year: 2026 } }))
  form.set('file', new Blob(['# Offer\n\nForty umbrellas.'], { type: 'text/markdown' }), 'offer.md')
  const reply = await fetch(`${server.url}/v1/documents/crm%3Aoffers%2F1?wait=true`, { method: 'PUT', body: form })
  assert.equal(reply.status, 201, await reply.clone().text())
  assert.deepEqual(await find('bob', 'umbrellas'), ['crm:offers/1'])
  const elsewhere = await fetch(`${server.url}/v1/features/answers/search`, {
    method: 'POST',
    body: form,
    headers: { 'touchstone-user': 'ann' },
  })
  assert.equal(elsewhere.status, 415)
})

const refusals: readonly (readonly [why: string, status: number, code: string, id: string, body: object])[] = [
  ['a source of another connector', 409, 'SOURCE_NOT_PUSHED', 'docs:x', { text: 'x' }],
  ['no source', 400, 'DOCUMENT_ID_INVALID', 'x', { text: 'x' }],
  ['no path', 400, 'DOCUMENT_ID_INVALID', 'crm:', { text: 'x' }],
  ['a control character', 400, 'DOCUMENT_ID_INVALID', 'crm:a\u0000b', { text: 'x' }],
  ['both contents', 400, 'REQUEST_INVALID', 'crm:x', { text: 'x', contentBase64: '' }],
  ['no content', 400, 'REQUEST_INVALID', 'crm:x', { acl: EVERYONE }],
  ['no base64', 400, 'REQUEST_INVALID', 'crm:x.pdf', { contentBase64: 'a*b' }],
  ['an unknown format', 415, 'MEDIA_TYPE_UNSUPPORTED', 'crm:x', { contentBase64: 'AAAA' }],
  ['an unknown media type', 415, 'MEDIA_TYPE_UNSUPPORTED', 'crm:x', { text: 'x', mediaType: 'image/png' }],
  ['a misspelt acl', 400, 'REQUEST_INVALID', 'crm:x', { text: 'x', acl: { allow: ['everyone'] } }],
  ['no principal', 400, 'PRINCIPAL_INVALID', 'crm:x', { text: 'x', acl: { all: [{ any: ['sales'] }] } }],
  ['a rule in metadata', 400, 'REQUEST_INVALID', 'crm:x', { text: 'x', metadata: { access: { readers: ['everyone'] } } }],
]

test('what is refused is refused by name, and nothing is kept [A1, D1]', async (context) => {
  const { put, application } = await pushing(context)
  await ingest(application)
  for (const [why, status, code, id, body] of refusals) {
    const reply = await put(id, body)
    assert.deepEqual([reply.status, (await read<{ code: string }>(reply)).code], [status, code], why)
  }
  assert.equal((await application.foundation.state.selectFrom('pushed_documents').select('id').execute()).length, 0)
})

test('a front matter cannot widen what the acl says, only narrow it [A4]', async (context) => {
  const { put, find } = await pushing(context)
  await put('crm:a.md', { text: '---\naccess: { readers: [everyone] }\n---\nThe wombat file.', acl: SALES })
  await put('crm:b.md', { text: '---\naccess: { readers: [everyone] }\n---\nThe wombat file.' })
  await put('crm:c.md', { text: '---\naccess: { deny: [user:ann] }\n---\nThe wombat file.', acl: EVERYONE })
  assert.deepEqual(await find('ann', 'wombat'), ['crm:a.md'])
  assert.deepEqual(await find('bob', 'wombat'), ['crm:c.md'])
})

test('revisions guard a document against writers that did not see it [A1]', async (context) => {
  const { put } = await pushing(context)
  const { revision = '' } = await read(await put('crm:a', { text: 'one' }, false, { 'if-none-match': '*' }))
  assert.equal((await put('crm:a', { text: 'two' }, false, { 'if-none-match': '*' })).status, 412)
  assert.equal((await put('crm:a', { text: 'two' }, false, { 'if-match': '"other"' })).status, 412)
  assert.equal((await put('crm:a', { text: 'two' }, false, { 'if-match': `"${revision}"` })).status, 202)
  assert.equal((await put('crm:b', { text: 'two' }, false, { 'if-match': '*' })).status, 412)
})

test('many at once answer each for itself, in order, as an array or as lines [A1]', async (context) => {
  const { server, find } = await pushing(context)
  const operations = [
    { operation: 'put', document: 'crm:1', text: 'The first ocelot.', acl: EVERYONE },
    { operation: 'put', document: 'docs:2', text: 'x' },
    { operation: 'put', document: 'crm:3', text: 'The third ocelot.', acl: EVERYONE },
    { operation: 'delete', document: 'crm:1' },
    { operation: 'delete', document: 'crm:none' },
    { operation: 'move', document: 'crm:1' },
  ]
  const expected = ['created', 'SOURCE_NOT_PUSHED', 'created', 'deleted', 'DOCUMENT_UNKNOWN', 'REQUEST_INVALID']
  const outcomes = async (reply: Response): Promise<string[]> =>
    (await read<{ items: { outcome?: string; error?: { code: string } }[] }>(reply)).items.map(
      ({ outcome, error }) => outcome ?? error?.code ?? '?',
    )
  const path = '/v1/documents/bulk?wait=true'
  assert.deepEqual(await outcomes(await server.call('POST', path, operations, {})), expected)
  assert.deepEqual(await find('bob', 'ocelot'), ['crm:3'])
  const lines = [...operations.map((operation) => JSON.stringify(operation)), '{"operation": "put",'].join('\n')
  const again = await outcomes(await server.call('POST', path, lines, { 'content-type': 'application/x-ndjson' }))
  assert.deepEqual(again, [...expected.with(2, 'unchanged'), 'REQUEST_INVALID'])
})

test('a key for pushing pushes, makes no source, and does nothing else [H2]', async (context) => {
  const { put, server, application } = await pushing(context)
  const authorization = `Bearer ${await giveKey(application, { role: 'push' })}`
  const asker = `Bearer ${await giveKey(application, { mayActForUsers: true })}`
  assert.equal((await put('crm:a', { text: 'x' }, false, { authorization })).status, 202)
  assert.equal((await put('new:a', { text: 'x' }, false, { authorization })).status, 404)
  assert.equal((await put('crm:a', { text: 'x' }, false, { authorization: asker })).status, 403)
  for (const path of ['/v1/principals', '/v1/documents', '/v1/traces', '/v1/audit'])
    assert.equal((await server.call('GET', path, undefined, { authorization })).status, 403, path)
  const admin = `Bearer ${await giveKey(application, { role: 'admin' })}`
  assert.equal((await put('new:a', { text: 'x' }, false, { authorization: admin })).status, 202)
  const audit = await application.audit.recent(application.tenant, 1)
  assert.deepEqual(
    audit.map(({ actor, action, target }) => [actor, action, target]),
    [['service:portal', 'document.put', 'new:a']],
  )
})

test('after any writes, what people find is what the last write of each document says [A1, A4]', async (context) => {
  const { server, find } = await pushing(context)
  const acls = [undefined, EVERYONE, SALES, { ...EVERYONE, deny: ['user:ann'] }]
  const write = fc.record({
    id: fc.nat(3),
    word: fc.constantFrom('alpha', 'beta'),
    acl: fc.nat(3),
    remove: fc.nat(4),
    wait: fc.boolean(),
  })
  await fc.assert(
    fc.asyncProperty(fc.array(write, { minLength: 1, maxLength: 8 }), async (writes) => {
      const all = [0, 1, 2, 3].map((id) => ({ operation: 'delete', document: `crm:p${id}` }))
      await server.call('POST', '/v1/documents/bulk', all, {})
      const model = new Map<string, { readonly word: string; readonly acl: number }>()
      for (const { id, word, acl, remove, wait } of writes) {
        const document = `crm:p${id}`
        const operation =
          remove === 0
            ? { operation: 'delete', document }
            : { operation: 'put', document, text: `marker ${word}`, acl: acls[acl] }
        await server.call('POST', `/v1/documents/bulk?wait=${wait}`, [operation], {})
        if (remove === 0) model.delete(document)
        else model.set(document, { word, acl })
        // Nobody finds what the last write keeps from them, indexed or not.
        for (const [user, readable] of [
          ['ann', [1, 2]],
          ['bob', [1, 3]],
        ] as const)
          // prettier-ignore
          for (const found of await find(user, 'marker')) assert.ok(readable.includes((model.get(found)?.acl ?? 0) as never))
      }
      await server.call('POST', '/v1/documents/bulk?wait=true', [...model].map(([document, { word, acl }]) => ({ operation: 'put', document, text: `marker ${word}`, acl: acls[acl] })), {}) // prettier-ignore
      for (const [user, readable] of [
        ['ann', [1, 2]],
        ['bob', [1, 3]],
      ] as const) {
        // prettier-ignore
        const wanted = [...model].filter(([, { acl }]) => readable.includes(acl as never)).map(([id]) => id)
        assert.deepEqual((await find(user, 'marker')).sort(), wanted.sort())
      }
    }),
    { numRuns: 5 },
  )
})

test('what was deleted while it was read comes back neither to searches nor as an earlier version [A1, A4]', async (context) => {
  const { application, folder } = await pushing(context)
  const { foundation, tenant } = application
  const { state } = foundation
  const engine = createLanceDbEngine({ directory: join(folder, 'state/index') })
  const knowledge = await composeKnowledge(foundation, engine)
  context.after(() => Promise.all([knowledge.parser.close(), knowledge.index.close()]))
  const lease = await foundation.store.leases.acquire('ingest/main', 'other')
  assert.ok('release' in lease)
  const pusher = { actor: 'service:crm' as PrincipalId, mayCreateSource: false }
  const document = 'crm:a' as DocumentId
  const put = (text: string) => ({ operation: 'put' as const, document, bytes: Buffer.from(text), isText: true, metadata: {}, acl: { deny: [], all: [{ any: ['everyone' as PrincipalId] }] } }) // prettier-ignore
  const push = (...operations: PushOperation[]) => application.push({ operations, pusher, waitMs: 0, signal: NEVER })
  await push(put('The withdrawn heron.'))
  const pushed = createPushedContents(state, tenant)
  const connector = {
    list: async function* () {
      yield* await pushed.items('crm')
    },
    fetch: async (item: SourceItem) => {
      const bytes = await pushed.bytes('crm', item)
      await push({ operation: 'delete', document }, put('The new quokka.'))
      return bytes
    },
  }
  const source = { id: 'crm', kind: 'push', isKeptInState: true, connector }
  await ingestDocuments({ source, onProgress: () => {}, signal: NEVER }, await ingestParts(foundation, knowledge))
  assert.deepEqual(await state.selectFrom('documents').select('id').execute(), [])
  await lease.release()
  await application.push({ operations: [put('The new quokka.')], pusher, waitMs: 20_000, signal: NEVER })
  assert.equal((await search(application, 'bob', 'quokka')).length, 1)
  assert.equal((await state.selectFrom('document_versions').select('version').execute()).length, 1)
})

test('a source that lost its line in the configuration takes no document that nobody would ever find [A1]', async (context) => {
  const { application, put, folder } = await pushing(context)
  assert.equal((await put('crm:a', { text: 'The old ocelot.', acl: EVERYONE })).status, 201)
  await application.close()
  const { crm: _, ...sources } = config.sources
  const after = await openApplication(context, folder, { ...config, sources })
  const server = await startServer(context, after)
  const put2 = (headers: Record<string, string>): Promise<Response> =>
    server.call('PUT', '/v1/documents/crm%3Ab?wait=true', { text: 'The new ocelot.', acl: EVERYONE }, headers)
  const authorization = `Bearer ${await giveKey(after, { role: 'push' })}`
  assert.equal((await read<{ code: string }>(await put2({ authorization }))).code, 'SOURCE_UNKNOWN')
  const admin = `Bearer ${await giveKey(after, { role: 'admin' })}`
  assert.equal((await put2({ authorization: admin })).status, 201, 'an administrator makes it again')
  assert.ok((await search(after, 'bob', 'new ocelot')).some(({ document }) => String(document) === 'crm:b'))
})

test('a source is removed with all that was pushed into it, or, cut short, not at all [A1]', async (context) => {
  const { application, put, find } = await pushing(context)
  const { state } = application.foundation
  assert.equal((await put('made:a', { text: 'The ibis.', acl: EVERYONE })).status, 201)
  await sql`create trigger cut before delete on pushed_documents begin select raise(abort, 'cut short'); end`.execute(state)
  await assert.rejects(application.removeSource('made'))
  assert.deepEqual(await find('bob', 'ibis'), ['made:a'])
  await sql`drop trigger cut`.execute(state)
  await application.removeSource('made')
  assert.deepEqual(await find('bob', 'ibis'), [])
  for (const table of ['sources', 'documents', 'pushed_documents'] as const)
    assert.deepEqual(await state.selectFrom(table).select('id').execute(), [], table)
})
