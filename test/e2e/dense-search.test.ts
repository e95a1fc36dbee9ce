/** Search by meaning through the whole product: configured, indexed, permission-checked, and doing without when the model fails. */
import assert from 'node:assert/strict'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import type { ComposedApplication } from '../../src/app/compose.ts'
import type { TouchstoneConfig } from '../../src/app/config.ts'
import type { SearchResult } from '../../src/contracts/search.ts'
import { rebuildIndex } from '../../src/app/backup/rebuild-index.ts'
import { withBackupParts } from '../../src/app/backup/backup-parts.ts'
import { loadConfig } from '../../src/app/load-config.ts'
import { ingest, NEVER, openApplication, search } from '../fixtures/application.ts'
import { type EmbeddingServer, startEmbeddingServer } from '../fixtures/embedding-server.ts'
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

const WORDS_ALONE = configOf({ index: { embedding: null } })

function byMeaning(endpoint: EmbeddingServer, queryDeadlineMs = 3_000): TouchstoneConfig {
  return configOf({ embeddings: { remote: endpoint.settings }, index: { embedding: 'remote', queryDeadlineMs } })
}

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
  const words = await openApplication(t, folder, WORDS_ALONE)
  await ingest(words)
  const query = 'a babysitter for my toddler'
  assert.ok(!paths(await search(words, 'bob', query)).includes('nursery.md'))
  const meaning = await openApplication(t, folder, byMeaning(await startEmbeddingServer(t)))
  await meaning.followConfiguration({ signal: NEVER })
  assert.equal((await search(meaning, 'bob', query))[0]?.path, 'nursery.md')
  for (const user of ['ann', 'bob'] as const) {
    const found = paths(await search(meaning, user, 'money back for a trip after being fired'))
    assert.equal(found.includes('hr/severance.md'), user === 'ann', `${user}: ${found.join()}`)
  }
  assert.equal((await searchAll(meaning, 'bob', query)).notices, undefined)
})

test('an explanation names the list by meaning, adds up, and gives the cosine to administrators alone [A5]', async (t) => {
  const config = byMeaning(await startEmbeddingServer(t))
  const application = await openApplication(t, await temporaryFolder(t, PAGES), config)
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
  const config = byMeaning(await startEmbeddingServer(t))
  const application = await openApplication(t, folder, config)
  await ingest(application)
  const before = await search(application, 'ann', 'a babysitter for my toddler')
  assert.equal(before[0]?.path, 'nursery.md')
  await writeFiles(folder, { 'rebuild.mjs': `export default ${JSON.stringify(config)}\n` })
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
  const endpoint = await startEmbeddingServer(t)
  const application = await openApplication(t, folder, byMeaning(endpoint, 100))
  await ingest(application)
  const words = await openApplication(t, folder, WORDS_ALONE)
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

test('the static embedding moves what words found, and finds nothing alone [A6]', async (t) => {
  const folder = await temporaryFolder(t, PAGES)
  const words = await openApplication(t, folder, WORDS_ALONE)
  const both = await openApplication(t, folder, configOf({}))
  for (const application of [words, both]) await ingest(application)
  assert.deepEqual(await search(both, 'bob', 'a babysitter for my toddler'), [])
  const query = 'paid fees for a toddler'
  assert.deepEqual(paths(await search(both, 'bob', query)), paths(await search(words, 'bob', query)))
  const moved = await both.search({
    caller: { tenant: both.tenant, user: 'bob' },
    feature: 'answers',
    query,
    limit: 10,
    explain: 'relative',
    signal: NEVER,
  })
  const nursery = moved.items.find(({ path }) => path === 'nursery.md')
  assert.ok(nursery?.explanation?.contributions.some(({ name }) => name === 'dense-chunks'))
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
