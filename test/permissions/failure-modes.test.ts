/** Ways in which permissions of a search have failed elsewhere, each by its name; docs/permissions-proof.md says where the others are shown. */
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { createLanceDbEngine } from '../../src/adapters/lancedb/lancedb-index.ts'
import type { TouchstoneConfig } from '../../src/app/config.ts'
import type { DocumentId, PrincipalId } from '../../src/contracts/identity.ts'
import type { PutDocument } from '../../src/contracts/pushed-document.ts'
import { document, inScopes, search as searchIndex, vectorRecords } from '../../src/testing/document-index-records.ts'
import { ask, ingest, NEVER, openApplication, readablePaths, search } from '../fixtures/application.ts'
import { rebuild } from '../fixtures/backups.ts'
import { temporaryFolder, writeFiles, type FileTree } from '../fixtures/temp-folder.ts'

const LIMIT = { timeout: 60_000 }
const PAGE = '# Bonus\n\nThe bonus of the northern plant is 7,700 euros.\n'
const QUESTION = 'What is the bonus of the northern plant?'

const config = {
  sources: { wiki: { kind: 'folder', path: 'wiki' }, drive: { kind: 'folder', path: 'drive' }, crm: { kind: 'push' } },
  access: {
    users: { ann: { groups: ['wiki.sales'] }, bob: { groups: ['crm.sales'] }, eve: {} },
    groups: { 'wiki.sales': {}, 'crm.sales': {} },
  },
} satisfies TouchstoneConfig

async function open(context: TestContext, files: FileTree) {
  const folder = await temporaryFolder(context, { 'wiki/access.yaml': '{}', 'drive/access.yaml': '{}', ...files })
  const application = await openApplication(context, folder, config)
  await ingest(application)
  return { folder, application }
}

function put(path: string, text: string, ...clauses: readonly (readonly string[])[]): PutDocument {
  const all = clauses.map((any) => ({ any: any as PrincipalId[] }))
  const acl = { deny: [], all }
  return { operation: 'put', document: `crm:${path}` as DocumentId, bytes: Buffer.from(text), isText: true, metadata: {}, acl }
}

const pusher = { actor: 'service:crm' as PrincipalId, mayCreateSource: false }

test(
  'a document in two sources: each copy has its own readers, and neither lends them to the other [A4]',
  LIMIT,
  async (context) => {
    const { application, folder } = await open(context, {
      'wiki/bonus.md': PAGE,
      'drive/bonus.md': PAGE,
      'wiki/access.yaml': 'readers: [user:ann]\n',
      'drive/access.yaml': 'readers: [user:bob]\n',
    })
    const found = async (user: string) => (await search(application, user, 'bonus plant')).map((hit) => hit.document)
    assert.deepEqual(await found('ann'), ['wiki:bonus.md'])
    assert.deepEqual(await found('bob'), ['drive:bonus.md'])
    assert.deepEqual(await found('eve'), [])
    await writeFiles(folder, { 'drive/access.yaml': 'readers: [user:eve]\n' })
    await ingest(application)
    assert.deepEqual(await found('ann'), ['wiki:bonus.md'])
    assert.deepEqual(await found('bob'), [])
  },
)

test('groups of two sources that are called alike are not one group [A4]', LIMIT, async (context) => {
  const { application } = await open(context, { 'wiki/bonus.md': PAGE, 'wiki/access.yaml': 'readers: [group:wiki.sales]\n' })
  await application.push({
    operations: [put('deal.md', PAGE, ['group:crm.sales'])],
    pusher,
    waitMs: 30_000,
    signal: NEVER,
  })
  assert.deepEqual(await readablePaths(application, 'ann'), ['bonus.md'])
  assert.deepEqual(await readablePaths(application, 'bob'), ['deal.md'])
})

test('an empty list of principals means nobody, never everybody [A4]', LIMIT, async (context) => {
  const { application } = await open(context, {
    'wiki/access.yaml': 'readers: [everyone]\n',
    'wiki/readers/access.yaml': 'readers: []\n',
    'wiki/readers/bonus.md': PAGE,
    'wiki/all/access.yaml': 'all: []\n',
    'wiki/all/bonus.md': PAGE,
    'wiki/clause/access.yaml': 'all: [{ any: [everyone] }, { any: [] }]\n',
    'wiki/clause/bonus.md': PAGE,
    'wiki/page.md': `---\naccess: { readers: [] }\n---\n${PAGE}`,
  })
  const operations = [put('none.md', PAGE), put('empty.md', PAGE, []), put('half.md', PAGE, ['everyone'], [])]
  await application.push({ operations, pusher, waitMs: 30_000, signal: NEVER })
  for (const user of ['ann', 'bob', 'eve']) {
    assert.deepEqual(await readablePaths(application, user), [])
    assert.deepEqual(await search(application, user, 'bonus'), [])
  }
})

test(
  'a rule of the parent and one of the child: the nearer readers replace, denials of both stay [A4]',
  LIMIT,
  async (context) => {
    const { application, folder } = await open(context, {
      'wiki/access.yaml': 'readers: [everyone]\ndeny: [user:eve]\n',
      'wiki/in/access.yaml': 'readers: [user:ann, user:eve]\n',
      'wiki/in/bonus.md': PAGE,
      'wiki/open.md': PAGE,
    })
    const readers = async () => Promise.all(['ann', 'bob', 'eve'].map((user) => readablePaths(application, user)))
    assert.deepEqual(await readers(), [['in/bonus.md', 'open.md'], ['open.md'], []])
    await writeFiles(folder, { 'wiki/access.yaml': 'readers: [user:bob]\n' })
    await ingest(application)
    assert.deepEqual(await readers(), [['in/bonus.md'], ['open.md'], ['in/bonus.md']])
  },
)

test('public becomes private: the answer given a moment ago is given to nobody who lost it [A4]', LIMIT, async (context) => {
  const { application, folder } = await open(context, { 'wiki/bonus.md': PAGE, 'wiki/access.yaml': 'readers: [everyone]\n' })
  for (const user of ['ann', 'eve']) assert.match((await ask(application, user, QUESTION)).text, /7,700/)
  await writeFiles(folder, { 'wiki/access.yaml': 'readers: [user:ann]\n' })
  await ingest(application)
  assert.match((await ask(application, 'ann', QUESTION)).text, /7,700/, 'no answer is remembered for others')
  assert.doesNotMatch(JSON.stringify(await ask(application, 'eve', QUESTION)), /7,700|bonus\.md/)
})

test(
  'an index that is made again serves with the permissions of now, not of when its rows were written [A4, A7]',
  LIMIT,
  async (context) => {
    const { application, folder } = await open(context, {
      'wiki/bonus.md': PAGE,
      'wiki/open.md': PAGE,
      'wiki/access.yaml': 'readers: [everyone]\nfiles: { open.md: { readers: [user:ann] } }\n',
    })
    await writeFiles(folder, { 'wiki/access.yaml': 'readers: [everyone]\nfiles: { bonus.md: { readers: [user:ann] } }\n' })
    await ingest(application)
    await rebuild(folder, config)
    assert.deepEqual((await search(application, 'eve', 'bonus')).map(({ path }) => path), ['open.md']) // prettier-ignore
    assert.deepEqual((await search(application, 'ann', 'bonus')).map(({ path }) => path), ['bonus.md', 'open.md']) // prettier-ignore
  },
)

test(
  'whoever may read one row in a thousand finds as many as they asked for, and none of the others [A4]',
  LIMIT,
  async (context) => {
    const folder = await temporaryFolder(context)
    const index = await createLanceDbEngine({ directory: join(folder, 'index') }).open('main', 'one-in-a-thousand', {
      vectors: { dimensions: 8 },
    })
    context.after(() => index.close())
    const rows = 12_000
    const records = vectorRecords(rows, 8, (row) => row)
    await index.upsert('chunks', records)
    const mine = Array.from({ length: 12 }, (_, nth) => nth * 1_000 + 7)
    const readable = inScopes(mine, { scopesTotal: rows })
    const byWords = (limit: number) => searchIndex(index, mine.map((row) => `word${row % 50}`).join(' '), readable, limit)
    const byMeaning = async (limit: number) => (await index.searchVectors?.(new Float32Array(8).fill(1), readable, limit)) ?? []
    for (const limit of [5, 12, 50]) {
      for (const hits of [await byWords(limit), await byMeaning(limit)]) {
        assert.equal(hits.length, Math.min(limit, mine.length))
        assert(hits.every((hit) => mine.includes(hit.scope)))
      }
    }
    // Rows that are not folded into the index yet are dropped with the others.
    await index.deleteDocuments([{ id: document('v7') }])
    for (const hits of [await byWords(50), await byMeaning(50)]) assert.equal(hits.length, mine.length - 1)
  },
)

test('every failure that the table of the proof lists is shown by tests that are there [A4]', async () => {
  const file = join(import.meta.dirname, '../../docs/permissions-proof.md')
  const [, table = ''] = (await readFile(file, 'utf8')).split('| failure | test |')
  const rows = table.split('\n').filter((line) => line.startsWith('| ') && !line.startsWith('|--'))
  assert.equal(rows.length, 15)
  for (const row of rows) {
    const named = [...row.matchAll(/"([^"]+?)(?: …)?" in \[[^\]]+\]\(([^)]+)\)/g)]
    assert(named.length > 0, row)
    for (const [, title = '', path = ''] of named) {
      const source = await readFile(join(dirname(file), path), 'utf8')
      assert(source.includes(`'${title}`) || source.includes(`"${title}`), `${path} has no test "${title}"`)
    }
  }
})
