import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test, type TestContext } from 'node:test'
import { promisify } from 'node:util'
import type { DocumentIndex } from '../../contracts/document-index.ts'
import type { Clock } from '../../foundation/concurrency/clock.ts'
import { systemClock } from '../../foundation/concurrency/clock.ts'
import { isTouchstoneError, type TouchstoneError } from '../../foundation/errors/touchstone-error.ts'
import { document, ids, indexRecord, inScopes, scope, search } from '../../testing/document-index-records.ts'
import { checkOpenSearch } from './check-opensearch.ts'
import { encodeScopes } from './scope-bitmap.ts'
import { createOpenSearchEngine } from './opensearch-index.ts'

interface Asked {
  readonly method: string
  readonly path: string
  readonly query: Readonly<Record<string, string>>
  readonly headers: IncomingHttpHeaders
  readonly body: string
}
interface Reply {
  readonly status?: number
  readonly json?: unknown
  readonly text?: string
  /** Never answers. */
  readonly silent?: boolean
}

const MAPPING = { 'touchstone.main.d.chunks.0': { mappings: { _meta: { touchstone: 1 } } } }
const FOUND_NOTHING = { json: { timed_out: false, hits: { hits: [] } } }
const BUSY = { status: 429, json: { error: { type: 'rejected_execution_exception', reason: 'queue is full' } } }
const WRITTEN = { json: { errors: false, items: [] } }

/** A server on loopback that opens like a cluster with both indices, then replies by the script; the last reply is repeated. */
async function opened(t: TestContext, script: readonly Reply[], timeoutMs = 5_000) {
  const asked: Asked[] = []
  const pauses: number[] = []
  let aborted = 0
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request) body += String(chunk)
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://x')
    const isMapping = pathname.endsWith('/_mapping')
    const reply = isMapping ? { json: MAPPING } : (script[Math.min(asked.length, script.length - 1)] ?? {})
    if (!isMapping)
      asked.push({ method: request.method ?? '', path: pathname, query: Object.fromEntries(searchParams), headers: request.headers, body }) // prettier-ignore
    response.on('close', () => (aborted += response.writableEnded ? 0 : 1))
    if (reply.silent === true) return
    response.writeHead(reply.status ?? 200, { 'content-type': reply.text === undefined ? 'application/json' : 'text/html' })
    response.end(reply.text ?? JSON.stringify(reply.json))
  }).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const { port } = server.address() as AddressInfo
  const clock: Clock = { ...systemClock, sleep: async (ms) => void pauses.push(ms) }
  const url = `http://touch:s3cret@127.0.0.1:${port}`
  const options = { url, prefix: 'touchstone', shards: 1, replicas: 1, timeoutMs, clock }
  const index = await createOpenSearchEngine(options).open('main', 'd')
  t.after(async () => {
    await index.close()
    server.closeAllConnections()
    server.close()
  })
  return { index, asked, pauses, url, options, server, aborted: () => aborted }
}

async function failureOf(work: Promise<unknown>): Promise<TouchstoneError> {
  const error = await work.then(
    () => assert.fail('it did not fail'),
    (thrown: unknown) => thrown,
  )
  assert(isTouchstoneError(error), String(error))
  assert.doesNotMatch(`${error.message}${JSON.stringify(error)}`, /s3cret|touch:/)
  return error
}

const write = (index: DocumentIndex): Promise<void> => index.upsert('chunks', [indexRecord('d', 0, 'leave')])
const remove = (index: DocumentIndex): Promise<void> => index.deleteDocuments([{ id: document('d') }])
const find = (index: DocumentIndex): Promise<unknown> => search(index, 'leave')
const row = (status: number, type: string) => ({
  json: { errors: true, items: [{ index: { status: 201 } }, { index: { status, error: { type, reason: `${type} here` } } }] },
})
const error = (status: number, type: string, reason = type): Reply => ({ status, json: { error: { root_cause: [{ type, reason }], type: 'outer', reason: 'outer' }, status } }) // prettier-ignore

const faults: readonly (readonly [
  what: string,
  script: readonly Reply[],
  work: (index: DocumentIndex) => Promise<unknown>,
  code: string,
  message: RegExp,
  requests: number,
])[] = [
  // prettier-ignore
  ['a search that the server fails at', [error(500, 'npe')], find, 'INDEX_UNAVAILABLE', /status 500: npe/, 1],
  ['a cluster without the shards', [error(503, 'no_shard_available')], find, 'INDEX_UNAVAILABLE', /503: no_shard_available/, 3],
  ['a queue that stays full', [BUSY], write, 'INDEX_UNAVAILABLE', /status 429: queue is full/, 6],
  ['a row that is refused for good', [row(400, 'mapper_parsing_exception')], write, 'INDEX_UNAVAILABLE', /mapper_parsing/, 1],
  ['a full disk', [error(429, 'cluster_block_exception', 'disk usage exceeded flood-stage watermark')], write, 'DISK_FULL', /127\.0\.0\.1/, 1], // prettier-ignore
  ['a full disk, told for a row', [row(429, 'index [x] blocked: disk usage exceeded flood-stage watermark')], write, 'DISK_FULL', /127/, 1], // prettier-ignore
  ['a wrong password', [{ status: 401, text: 'Unauthorized' }], find, 'INDEX_UNAVAILABLE', /refuses the user and password of index\.url/, 1], // prettier-ignore
  ['a user without rights', [error(403, 'security_exception', 'no permissions for [indices:data/read/search]')], find, 'INDEX_UNAVAILABLE', /does not allow it.*no permissions/, 1], // prettier-ignore
  ['an index that somebody removed', [error(404, 'index_not_found_exception')], find, 'INDEX_CORRUPT', /not there any more.*index rebuild/, 1], // prettier-ignore
  ['a proxy that shows a page', [{ text: '<html>Welcome</html>' }], find, 'INDEX_UNAVAILABLE', /no JSON/, 1],
  ['a row that cannot be removed', [{ json: {} }, { json: { version_conflicts: 0, failures: [{ status: 400, cause: { type: 'x', reason: 'read only' } }] } }], remove, 'INDEX_UNAVAILABLE', /read only/, 2], // prettier-ignore
]
for (const [what, script, work, code, message, requests] of faults) {
  test(`${what} is ${code}, after ${requests} request(s)`, async (t) => {
    const { index, asked, pauses } = await opened(t, script)
    const failure = await failureOf(work(index))
    assert.equal(failure.code, code)
    assert.match(failure.message, message)
    assert.equal(asked.length, requests)
    if (work !== remove) assert.equal(pauses.length, requests - 1)
  })
}

test('what is busy for a moment is asked again, with growing pauses: nothing is lost and nothing fails', async (t) => {
  const { index, asked, pauses } = await opened(t, [BUSY, row(429, 'rejected'), { status: 503, json: {} }, WRITTEN])
  await write(index)
  assert.equal(new Set(asked.map(({ body }) => body)).size, 1)
  assert.equal(asked.length, 4)
  assert.deepEqual(
    pauses.toSorted((left, right) => left - right),
    pauses,
  )
})

test('removal goes on until no other writer changed a row meanwhile', async (t) => {
  const conflicts = { json: { version_conflicts: 2, failures: [] } }
  const done = { json: { version_conflicts: 0, failures: [] } }
  const { index, asked } = await opened(t, [{ json: {} }, conflicts, { json: {} }, done])
  await remove(index)
  const kinds = asked.map(({ path }) => path.split('/').at(-1))
  assert.deepEqual(kinds, ['_refresh', '_delete_by_query', '_refresh', '_delete_by_query'])
})

test('a server that is gone is INDEX_UNAVAILABLE at every call, and serves again when it is back', async (t) => {
  const { index, server, pauses } = await opened(t, [FOUND_NOTHING])
  const { port } = server.address() as AddressInfo
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
  for (const work of [find, write, remove]) {
    const failure = await failureOf(work(index))
    assert.equal(failure.code, 'INDEX_UNAVAILABLE')
    assert.match(failure.message, /127\.0\.0\.1:\d+ does not answer/)
  }
  assert.equal(pauses.length, 2 + 5 + 5)
  server.listen(port, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  assert.deepEqual(await find(index), [])
})

test('a search that is not answered in time fails, and one that is given up ends at once, at the server too', async (t) => {
  const { index, asked, aborted } = await opened(t, [{ silent: true }], 200)
  assert.match((await failureOf(find(index))).message, /did not answer in time/)
  assert.equal(asked.length, 1)
  const asker = new AbortController()
  const query = { terms: ['leave'], fieldWeights: { title: 1, path: 0, headings: 0, body: 1 } }
  const searching = index.searchLexical('chunks', query, inScopes([1]), 10, asker.signal)
  setTimeout(() => asker.abort(), 50)
  await assert.rejects(searching, { name: 'AbortError' })
  while (aborted() < 2) await new Promise((resolve) => setTimeout(resolve, 10))
})

test('a row that the cluster gives although the filter does not name its scope is not shown [A1]', async (t) => {
  const hit = (id: number) => ({
    sort: [1],
    _source: { id: `d${id}#0`, document: `d${id}`, version: 'v1', scope: id, ordinal: 0, start: 0, end: 1, place: '', heading_path: '' },
  }) // prettier-ignore
  const { index } = await opened(t, [{ json: { timed_out: false, hits: { hits: [1, 2, 3].map(hit) } } }])
  assert.deepEqual(ids(await search(index, 'leave', inScopes([1, 3]))), ['d1#0', 'd3#0'])
  assert.deepEqual(ids(await index.chunksOf([document('d2')], inScopes([3]))), ['d3#0'])
})

test('what is sent: credentials, the readable scopes, the same copy for the same question, whole answers only', async (t) => {
  const { index, asked } = await opened(t, [FOUND_NOTHING])
  await search(index, 'leave days', inScopes([1, 70_000], { sources: ['wiki'] }))
  await search(index, 'leave days', inScopes([scope(2)]))
  await search(index, 'travel')
  const [first, second, third] = asked
  assert.equal(first?.path, '/touchstone.main.d.chunks/_search')
  assert.equal(first.headers.authorization, `Basic ${Buffer.from('touch:s3cret').toString('base64')}`)
  assert.equal(first.query['allow_partial_search_results'], 'false')
  assert.equal(first.query['search_type'], 'dfs_query_then_fetch')
  assert.equal(first.query['preference'], second?.query['preference'])
  assert.notEqual(first.query['preference'], third?.query['preference'])
  const { query, sort } = JSON.parse(first.body) as { query: { bool: { filter: unknown; should: unknown } }; sort: unknown }
  assert.deepEqual(query.bool.filter, [
    { terms: { scope: [encodeScopes([1, 70_000])], value_type: 'bitmap' } },
    { terms: { source: ['wiki'] } },
  ])
  assert.deepEqual(query.bool.should, [
    { match: { title: { query: 'leave days', boost: 4 } } },
    { match: { path: { query: 'leave days', boost: 2 } } },
    { match: { headings: { query: 'leave days', boost: 2 } } },
    { match: { body: { query: 'leave days', boost: 1 } } },
  ])
  assert.deepEqual(sort, [{ _score: 'desc' }, { id: 'asc' }, { version: 'asc' }])
})

test('an index of that name which Touchstone did not make is not touched', async (t) => {
  const { url, options } = await opened(t, [])
  const foreign = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' })
    response.end(JSON.stringify({ theirs: { mappings: { properties: {} } } }))
  }).listen(0, '127.0.0.1')
  t.after(() => foreign.close().closeAllConnections())
  await new Promise((resolve) => foreign.once('listening', resolve))
  const there = url.replace(/\d+$/, String((foreign.address() as AddressInfo).port))
  const failure = await failureOf(createOpenSearchEngine({ ...options, url: there }).open('main', 'd'))
  assert.equal(failure.code, 'INDEX_CORRUPT')
})

test('a cluster that cannot hold vectors says what to install, and nothing is made', async (t) => {
  const { url, options } = await opened(t, [])
  const made: string[] = []
  const noHandler = 'No handler for type [knn_vector] declared on field [vector]'
  const plain = createServer((request, response) => {
    const isMade = request.method === 'PUT'
    if (isMade) made.push(request.url ?? '')
    response.writeHead(isMade ? 400 : 404, { 'content-type': 'application/json' })
    response.end(JSON.stringify({ error: { root_cause: [{ type: 'mapper_parsing_exception', reason: noHandler }] } }))
  }).listen(0, '127.0.0.1')
  t.after(() => plain.close().closeAllConnections())
  await new Promise((resolve) => plain.once('listening', resolve))
  const there = url.replace(/\d+$/, String((plain.address() as AddressInfo).port))
  const failure = await failureOf(
    createOpenSearchEngine({ ...options, url: there }).open('main', 'd', { vectors: { dimensions: 8 } }),
  )
  assert.equal(failure.code, 'CONFIG_INVALID')
  assert.match(failure.message, /index\.embedding: .*install opensearch-knn on every node/)
  assert.deepEqual(made, ['/touchstone.main.d.chunks.0'])
})

test('an index whose vectors have other dimensions is not written to', async (t) => {
  const { options } = await opened(t, [])
  const failure = await failureOf(createOpenSearchEngine(options).open('main', 'd', { vectors: { dimensions: 8 } }))
  assert.equal(failure.code, 'INDEX_CORRUPT')
})

test('the doctor names what will not work for long', async (t) => {
  const facts = [
    { json: { version: { number: '2.19.1', distribution: 'opensearch' } } },
    { json: { status: 'yellow', number_of_data_nodes: 1 } },
    {
      json: [
        { node: 'n1', 'disk.percent': '91' },
        { node: 'UNASSIGNED', 'disk.percent': null },
      ],
    },
  ]
  const { options } = await opened(t, [...facts, { json: [{ component: 'analysis-icu' }] }])
  const { version, warnings } = await checkOpenSearch(options, { vectors: true })
  assert.equal(version, '2.19.1')
  assert.match(
    warnings.join('\n'),
    /older than 3\.0: upgrade.*\n.*no k-NN plugin, which index\.embedding needs.*\n.*index\.replicas lower.*\n.*disk of n1 is 91 % full/,
  )
})

test('without the client package, the error says what to install', async () => {
  const script = `
    import { registerHooks } from 'node:module'
    registerHooks({ resolve: (name, context, next) => {
      if (name === '@opensearch-project/opensearch') throw Object.assign(new Error('no'), { code: 'ERR_MODULE_NOT_FOUND' })
      return next(name, context)
    } })
    const { createOpenSearchEngine } = await import(${JSON.stringify(import.meta.resolve('./opensearch-index.ts'))})
    const engine = createOpenSearchEngine({ url: 'http://127.0.0.1:1', prefix: 't', shards: 1, replicas: 0, timeoutMs: 1000 })
    await engine.open('main', 'd').catch((error) => console.log(error.message))`
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script])
  assert.match(stdout, /npm install @opensearch-project\/opensearch/)
})
