/** Search by meaning through the whole product: configured, indexed, permission-checked, and doing without when the model fails. */
import assert from 'node:assert/strict'
import { rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import type { ComposedApplication } from '../../src/app/compose.ts'
import type { TouchstoneConfig } from '../../src/app/config.ts'
import type { SearchResult } from '../../src/contracts/search.ts'
import { rebuildIndex } from '../../src/app/backup/rebuild-index.ts'
import { withBackupParts } from '../../src/app/backup/backup-parts.ts'
import { loadConfig } from '../../src/app/load-config.ts'
import { ingest, NEVER, openApplication, search } from '../fixtures/application.ts'
import { temporaryFolder, writeFiles } from '../fixtures/temp-folder.ts'

const PAGES = {
  'pages/refunds.md': '# Reimbursement\n\nTravel costs are paid out with the next salary after the form was handed in.\n',
  'pages/nursery.md': '# Childcare\n\nThe company pays a share of the fees for children below six.\n',
  'pages/hr/severance.md': '# Severance\n\nReimbursement of travel costs for those who are dismissed is doubled.\n',
  'pages/printer.md': '# Printers\n\nToner is kept in the cupboard beside the lift.\n',
  'pages/access.yaml': 'readers: [everyone]\n',
  'pages/hr/access.yaml': 'readers: [user:ann]\n',
}

function configOf(more: Partial<TouchstoneConfig>): TouchstoneConfig {
  return {
    sources: { pages: { kind: 'folder', path: 'pages' } },
    access: { users: { ann: {}, bob: {} } },
    ...more,
  }
}

const BY_MEANING = configOf({ index: { embedding: 'builtin/static' } })

function searchAll(application: ComposedApplication, user: string, query: string): Promise<SearchResult> {
  return application.search({
    caller: { tenant: application.tenant, user },
    feature: 'answers',
    query,
    limit: 100,
    signal: NEVER,
  })
}

const paths = (hits: readonly { readonly path: string }[]): readonly string[] => [...new Set(hits.map(({ path }) => path))].sort()

test('what is said in other words is found by meaning, and only by who may read it [A1, A6]', async (t) => {
  const folder = await temporaryFolder(t, PAGES)
  const words = await openApplication(t, folder, configOf({}))
  await ingest(words)
  const query = 'a babysitter for my toddler'
  assert.ok(!paths(await search(words, 'bob', query)).includes('nursery.md'))
  const meaning = await openApplication(t, folder, BY_MEANING)
  await meaning.followConfiguration({ signal: NEVER })
  assert.equal((await search(meaning, 'bob', query))[0]?.path, 'nursery.md')
  for (const user of ['ann', 'bob'] as const) {
    const found = paths(await search(meaning, user, 'money back for a trip after being fired'))
    assert.equal(found.includes('hr/severance.md'), user === 'ann', `${user}: ${found.join()}`)
  }
  assert.equal((await searchAll(meaning, 'bob', query)).notices, undefined)
})

test('an explanation names the list by meaning, adds up, and gives the cosine to administrators alone [A5]', async (t) => {
  const application = await openApplication(t, await temporaryFolder(t, PAGES), BY_MEANING)
  await ingest(application)
  const request = { caller: { tenant: application.tenant, user: 'bob' }, feature: 'answers', limit: 10, signal: NEVER }
  for (const query of ['a babysitter for my toddler', 'travel costs after the form', 'toner']) {
    const plain = await application.search({ ...request, query })
    const explained = await application.search({ ...request, query, explain: 'absolute' })
    assert.deepEqual(
      explained.items.map(({ explanation: _explanation, ...hit }) => hit),
      plain.items,
    )
    for (const { score, explanation } of explained.items) {
      const contributions = explanation?.contributions ?? []
      const total = contributions.reduce((sum, { contribution }) => sum + contribution, 0)
      assert.ok(Math.abs(total - score) <= 0.001 * (contributions.length + 1), JSON.stringify(explanation))
    }
    const [best] = explained.items
    assert.ok((best?.explanation?.contributions.find(({ name }) => name === 'dense-chunks')?.contribution ?? 0) > 0)
    const cosine = best?.explanation?.features?.['dense-chunks/engine-score'] ?? 0
    assert.ok(cosine > 0 && cosine <= 1.01, `${cosine}`)
    const relative = await application.search({ ...request, query, explain: 'relative' })
    assert.equal(relative.items[0]?.explanation?.features, undefined)
  }
})

test('a rebuilt index has its vectors again [A6, A7]', async (t) => {
  const folder = await temporaryFolder(t, PAGES)
  const application = await openApplication(t, folder, BY_MEANING)
  await ingest(application)
  const before = await search(application, 'ann', 'a babysitter for my toddler')
  assert.equal(before[0]?.path, 'nursery.md')
  await writeFiles(folder, { 'rebuild.mjs': `export default ${JSON.stringify(BY_MEANING)}\n` })
  await rm(join(folder, 'state', 'index'), { recursive: true, force: true })
  const loaded = await loadConfig(join(folder, 'rebuild.mjs'))
  const report = await withBackupParts(loaded, { dataDirectory: join(folder, 'state') }, (parts) =>
    rebuildIndex(parts, () => {}, NEVER),
  )
  assert.equal(report.rebuilt, 4)
  assert.deepEqual(await search(application, 'ann', 'a babysitter for my toddler'), before)
})

test('when the model fails, search goes on by words and says so, in the result and in the trace [A6, C3]', async (t) => {
  const folder = await temporaryFolder(t, PAGES)
  const endpoint = await startEmbeddings(t)
  const remote = { url: endpoint.url, model: 'embedder', dimensions: 8, timeoutMs: 60_000 }
  const application = await openApplication(
    t,
    folder,
    configOf({ embeddings: { remote }, index: { embedding: 'remote', queryDeadlineMs: 100 } }),
  )
  await ingest(application)
  const words = await openApplication(t, folder, configOf({}))
  await ingest(words)
  const expected = (await search(words, 'bob', 'reimbursement of travel costs')).map(({ chunk, score }) => [chunk, score])
  for (const fault of ['dimensions', 'null', 'silence', 'status'] as const) {
    endpoint.fail(fault)
    // Another question each time, after the rest that follows a failure.
    const began = performance.now()
    const { id, items, notices } = await searchAll(application, 'bob', 'reimbursement of travel costs')
    assert.ok(performance.now() - began < 5_000)
    assert.deepEqual(
      items.map(({ chunk, score }) => [chunk, score]),
      expected,
      fault,
    )
    assert.deepEqual(
      notices?.map(({ code }) => code),
      ['SEARCH_WITHOUT_VECTORS'],
      fault,
    )
    assert.match(notices?.[0]?.message ?? '', /"remote"/u)
    const trace = await application.trace('administrator', id as never)
    assert.deepEqual(trace.attributes['notices'], ['SEARCH_WITHOUT_VECTORS'])
  }
})

test('an embedding that is not configured, and one without its folder, are named before anything is read', async (t) => {
  const folder = await temporaryFolder(t, PAGES)
  await assert.rejects(
    openApplication(t, folder, configOf({ index: { embedding: 'minlm' } })),
    /index\.embedding: there is no "minlm"/u,
  )
  const lost = configOf({ embeddings: { lost: { folder: 'nowhere' } }, index: { embedding: 'lost' } })
  await assert.rejects(openApplication(t, folder, lost), { code: 'ENCODER_INVALID' })
})

type Fault = 'dimensions' | 'null' | 'silence' | 'status'

/** An endpoint whose vectors are letters counted, until it is told to fail. */
async function startEmbeddings(t: TestContext): Promise<{ readonly url: string; fail(fault: Fault): void }> {
  let fault: Fault | undefined
  const server = createServer(async (request, response) => {
    const body = Buffer.concat(await Array.fromAsync(request as AsyncIterable<Buffer>)).toString()
    const { input } = JSON.parse(body) as { input: string[] }
    if (fault === 'silence') return
    if (fault === 'status') return void response.writeHead(400).end('{}')
    const vector = (text: string): (number | null)[] => {
      const counts: (number | null)[] = Array.from(
        { length: fault === 'dimensions' ? 9 : 8 },
        (_, at) => 1 + text.split(String.fromCharCode(97 + at)).length,
      )
      return fault === 'null' ? [null, ...counts.slice(1)] : counts
    }
    response.end(JSON.stringify({ data: input.map((text, index) => ({ index, embedding: vector(text) })) }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`, fail: (next) => (fault = next) }
}
