/** Another index beside the one that serves: built, kept up with, compared, switched to, and left again. The permissions are the state's all the while. */
import assert from 'node:assert/strict'
import { readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { after, test, type TestContext } from 'node:test'
import type { ComposedApplication } from '../../src/app/compose.ts'
import type { TouchstoneConfig } from '../../src/app/config.ts'
import type { DocumentId, PrincipalId } from '../../src/contracts/identity.ts'
import type { PushOperation } from '../../src/contracts/pushed-document.ts'
import { systemClock, type Clock } from '../../src/foundation/concurrency/clock.ts'
import { countNotes } from '../../src/foundation/storage/index-journal.ts'
import { servingIndex } from '../../src/foundation/storage/live-indexes.ts'
import { ask, ingest, NEVER, openApplication, search } from '../fixtures/application.ts'
import { whenFree } from '../permissions/product.ts'
import { startEmbeddingServer } from '../fixtures/embedding-server.ts'
import { temporaryFolder, writeFiles } from '../fixtures/temp-folder.ts'
import { writeTinyEncoder } from '../fixtures/tiny-encoder.ts'

const PAGES = {
  'pages/refunds.md': '# Reimbursement\n\nTravel costs are paid out with the next salary after the form was handed in.\n',
  'pages/nursery.md': '# Childcare\n\nThe company pays a share of the fees for children below six.\n',
  'pages/printer.md': '# Printers\n\nToner is kept in the cupboard beside the lift, under the zanzibarite shelf.\n',
  'pages/access.yaml': 'readers: [everyone]\n',
}
/** Only meaning finds it. */
const BY_MEANING = 'a babysitter for my toddler'

function configOf(index: TouchstoneConfig['index'], more: Partial<TouchstoneConfig> = {}): TouchstoneConfig {
  const pages = { kind: 'folder', path: 'pages' }
  const { embeddings, ...rest } = more
  return {
    sources: { pages, crm: { kind: 'push' } },
    access: { users: { ann: {}, bob: {} } },
    index: { embedding: null, ...index },
    embeddings: { remote, ...embeddings },
    ...rest,
  }
}

const { settings: remote } = await startEmbeddingServer({ after })

const WORDS = configOf({ switch: 'manual' })
const MEANING = configOf({ switch: 'manual', embedding: 'remote' })
const TINY = configOf({ switch: 'manual', embedding: 'tiny' }, { embeddings: { tiny: { folder: 'tiny' } } })

const run = { signal: NEVER }
const plain = { ...run, force: false }

function paths(hits: readonly { readonly path: string }[]): readonly string[] {
  return [...new Set(hits.map(({ path }) => path))].sort()
}

/** A server that was started before the configuration changed, and the command line that is called after it. */
async function openBoth(t: TestContext): Promise<{ folder: string; server: ComposedApplication; cli: ComposedApplication }> {
  const folder = await temporaryFolder(t, PAGES)
  const server = await openApplication(t, folder, WORDS)
  await ingest(server)
  return { folder, server, cli: await openApplication(t, folder, MEANING) }
}

test('a running server serves the old index while another is built, follows the switch at its next query, and the way back [A6, A7]', async (t) => {
  const { server, cli } = await openBoth(t)
  assert.match((await cli.indexStanding()) ?? '', /index build.*index switch/)
  const before = await ask(server, 'bob', 'Where is the toner kept?')
  const built = await cli.buildIndex(undefined, run)
  assert.deepEqual([built.role, built.documents, built.behind], ['candidate', 3, 0])
  assert.ok(!paths(await search(server, 'bob', BY_MEANING)).includes('nursery.md'))
  const { previous } = await cli.switchIndex('candidate', plain)
  assert.equal((await search(server, 'bob', BY_MEANING))[0]?.path, 'nursery.md')
  const afterwards = await ask(server, 'bob', 'Where is the toner kept?')
  assert.equal(afterwards.text, before.text)
  assert.notEqual(afterwards.release, before.release, 'another index is another release')
  assert.equal((await cli.rollbackIndex(run)).serving, previous)
  assert.ok(!paths(await search(server, 'bob', BY_MEANING)).includes('nursery.md'))
  assert.equal((await ask(server, 'bob', 'Where is the toner kept?')).release, before.release)
  const audit = await cli.audit.recent(cli.tenant, 2)
  assert.deepEqual(audit.map(({ action }) => action).sort(), ['index.rollback', 'index.switch'])
})

test('added, changed, pushed and deleted documents reach every index, also the one that is left [A1, A7]', async (t) => {
  const { folder, server, cli } = await openBoth(t)
  await cli.buildIndex(undefined, run)
  const push = async (text: string | undefined): Promise<void> => {
    const document = 'crm:note.md' as DocumentId
    const bytes = Buffer.from(text ?? '')
    const acl = { deny: [], all: [{ any: ['user:ann' as PrincipalId] }] }
    const put: PushOperation = { operation: 'put', document, bytes, isText: true, mediaType: 'text/markdown', metadata: {}, acl }
    const operation: PushOperation = text === undefined ? { operation: 'delete', document } : put
    const pusher = { actor: 'service:crm' as PrincipalId, mayCreateSource: false }
    await server.push({ operations: [operation], pusher, waitMs: 10_000, signal: NEVER })
  }
  await push('# Note\n\nThe ombudsman is called quillfeather.')
  await writeFiles(folder, { 'pages/parking.md': '# Parking\n\nThe garage opens at vespertine hours.\n' })
  await rm(join(folder, 'pages', 'printer.md'))
  await whenFree(() => ingest(server))
  await cli.switchIndex('candidate', plain)
  const found = async (user: string, query: string): Promise<readonly string[]> => paths(await search(server, user, query, 1))
  assert.deepEqual(await found('ann', 'quillfeather'), ['note.md'])
  assert.ok(!(await found('bob', 'quillfeather')).includes('note.md'))
  assert.deepEqual(await found('bob', 'vespertine garage'), ['parking.md'])
  await push(undefined)
  await rm(join(folder, 'pages', 'parking.md'))
  await whenFree(() => ingest(server))
  await cli.rollbackIndex(run)
  for (const query of ['quillfeather', 'vespertine garage', 'zanzibarite'])
    for (const user of ['ann', 'bob'])
      assert.deepEqual(
        paths(await search(server, user, query)).filter((path) => ['note.md', 'parking.md', 'printer.md'].includes(path)),
        [],
      )
  for (const summary of await cli.indexes()) assert.deepEqual([summary.documents, summary.behind], [2, 0], summary.index)
})

test('what was revoked stays revoked through a build, a switch and a rollback [A4, A7]', async (t) => {
  const { folder, server, cli } = await openBoth(t)
  await cli.buildIndex(undefined, run)
  await writeFiles(folder, { 'pages/access.yaml': 'readers: [user:ann]\n' })
  await ingest(server)
  const sees = async (user: string): Promise<boolean> => (await search(server, user, 'toner')).length > 0
  for (const step of [() => cli.switchIndex('candidate', plain), () => cli.rollbackIndex(run), () => cli.rollbackIndex(run)]) {
    await step()
    assert.deepEqual([await sees('ann'), await sees('bob')], [true, false])
  }
})

test('an index that no release needs is removed two switches later; a pinned one stays, and loses what is deleted, files too [A7, F1]', async (t) => {
  const clock = laterClock()
  const folder = await temporaryFolder(t, PAGES)
  const words = await openApplication(t, folder, WORDS, { clock })
  await ingest(words)
  const { release } = await ask(words, 'bob', 'Where is the toner kept?')
  const wordsIndex = (await servingIndex(words.foundation.state, words.tenant)).name
  assert.equal(await words.pinRelease(release.slice(0, 8), true), release)
  const cli = await openApplication(t, folder, MEANING, { clock })
  await cli.buildIndex(undefined, run)
  await cli.switchIndex('candidate', plain)
  await writeTinyEncoder(join(folder, 'tiny'))
  const third = await openApplication(t, folder, TINY, { clock })
  await third.buildIndex(undefined, run)
  await third.switchIndex('candidate', plain)
  const roles = async (): Promise<readonly string[]> => (await third.indexes()).map(({ role }) => role).sort()
  assert.deepEqual(await roles(), ['kept', 'previous', 'serving'])
  await rm(join(folder, 'pages', 'printer.md'))
  await ingest(third)
  assert.equal(await countNotes(third.foundation.state, third.tenant, wordsIndex), 0)
  clock.pass(3_600_000)
  await writeFiles(folder, { 'pages/later.md': '# Later\n\nSomething else.\n' })
  await ingest(third)
  assert.equal(
    await holdsWord(join(folder, 'state', 'index'), 'zanzibarit'),
    false,
    'the word of a deleted document is in a file',
  )
  await third.pinRelease(release, false)
  const { retired } = await third.pruneIndexes()
  assert.ok(retired.includes(wordsIndex), retired.join())
  assert.deepEqual(await roles(), ['previous', 'serving'])
})

test('left to itself, a changed setting serves once it is built; what somebody went back from waits for them [A6, A7]', async (t) => {
  const folder = await temporaryFolder(t, PAGES)
  const index = { embedding: 'remote' }
  const words = await openApplication(t, folder, configOf({}))
  await ingest(words)
  const meaning = await openApplication(t, folder, configOf(index))
  assert.match((await meaning.indexStanding()) ?? '', /then it serves/)
  await meaning.keepFollowing(NEVER)
  assert.equal(await meaning.indexStanding(), undefined)
  assert.equal((await search(words, 'bob', BY_MEANING))[0]?.path, 'nursery.md')
  await meaning.rollbackIndex(run)
  assert.equal(await meaning.followConfiguration(run), undefined)
  assert.match((await meaning.indexStanding()) ?? '', /was rolled back/)
  assert.ok(!paths(await search(words, 'bob', BY_MEANING)).includes('nursery.md'))
  await meaning.switchIndex('previous', plain)
  // A setting that is taken back leads back by itself.
  assert.notEqual(await words.followConfiguration(run), undefined)
  assert.ok(!paths(await search(words, 'bob', BY_MEANING)).includes('nursery.md'))
})

test('judged questions decide: a better index may serve, a worse one is refused with its numbers, unless somebody insists [A6, C1]', async (t) => {
  const { folder, cli } = await openBoth(t)
  const line = (id: string, text: string): string => `${JSON.stringify({ _id: id, text })}\n`
  await writeFiles(folder, {
    'judged/queries.jsonl': line('1', BY_MEANING) + line('2', 'toner'),
    'judged/qrels.tsv': '1\tnursery.md\t1\n2\tpages:printer.md\t1\n',
  })
  const judgements = { folder: 'judged', as: 'bob' }
  await cli.buildIndex(undefined, run)
  const compared = await cli.compareIndexes('serving', 'candidate', { judgements, feature: 'answers', signal: NEVER })
  const [, ndcg] = compared.quality?.evaluations.map(({ metrics }) => metrics['ndcg@10']?.value) ?? []
  assert.equal(ndcg, 1)
  assert.equal(compared.questions?.count, 2)
  assert.ok(compared.indexes.every(({ sizeBytes, documents }) => sizeBytes > 0 && documents === 3))
  assert.equal((await cli.switchIndex('candidate', { ...plain, judgements })).quality?.queries, 2)
  await assert.rejects(cli.switchIndex('previous', { ...plain, judgements }), (error: Error) => {
    assert.match(error.message, /ndcg@10 differs by -0\.\d+ over 2 questions/)
    return true
  })
  assert.equal((await cli.indexes())[0]?.configured, true, 'a refusal changes nothing')
  await cli.switchIndex('previous', { ...plain, judgements, force: true })
  assert.equal((await cli.indexes())[0]?.configured, false)
})

test('without judgements results are compared on what people asked, and nothing is said about quality [A6]', async (t) => {
  const { server, cli } = await openBoth(t)
  await cli.buildIndex(undefined, run)
  const comparison = { feature: 'answers', signal: NEVER }
  assert.equal((await cli.compareIndexes('serving', 'candidate', comparison)).questions, undefined)
  await ask(server, 'bob', 'Where is the toner kept?', { conversation: 'c1' })
  await ask(server, 'ann', 'When are travel costs paid out?', { conversation: 'c2' })
  const { quality, questions } = await cli.compareIndexes('serving', 'candidate', comparison)
  assert.equal(quality, undefined)
  assert.equal(questions?.count, 2)
  assert.ok(questions.overlap > 0 && questions.overlap <= 1)
  await assert.rejects(cli.compareIndexes('serving', 'nothing', comparison), { code: 'INDEX_UNKNOWN' })
})

test('an index whose embedding is not configured any more serves by words, and nobody switches to it [A6]', async (t) => {
  const folder = await temporaryFolder(t, PAGES)
  await writeTinyEncoder(join(folder, 'tiny'))
  const tiny = await openApplication(t, folder, TINY)
  await ingest(tiny)
  const without = await openApplication(t, folder, WORDS)
  await writeFiles(folder, { 'pages/added.md': '# Added\n\nThe xylophone is in the hall.\n' })
  await ingest(without)
  assert.equal((await search(without, 'bob', 'xylophone'))[0]?.path, 'added.md')
  await without.buildIndex(undefined, run)
  await without.switchIndex('candidate', plain)
  await assert.rejects(without.rollbackIndex(run), { code: 'INDEX_EMBEDDING_MISSING' })
  // Put back, it is filled with what it lacks.
  const again = await openApplication(t, folder, TINY)
  assert.equal((await again.rollbackIndex(run)).serving, (await again.indexes())[0]?.index)
  assert.deepEqual(
    (await again.indexes()).map(({ behind }) => behind),
    [0, 0],
  )
})

interface LaterClock extends Clock {
  pass(ms: number): void
}

function laterClock(): LaterClock {
  let aheadMs = 0
  return { ...systemClock, now: () => systemClock.now() + aheadMs, pass: (ms) => void (aheadMs += ms) }
}

async function holdsWord(folder: string, word: string): Promise<boolean> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  for (const file of files) if ((await readFile(file)).includes(word)) return true
  return false
}
