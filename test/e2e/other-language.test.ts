/** A question in one language about documents in another, through the whole product, with an embedding that knows both. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ComposedApplication } from '../../src/app/compose.ts'
import type { TouchstoneConfig } from '../../src/app/config.ts'
import type { SearchHit } from '../../src/contracts/search.ts'
import { ingest, NEVER, openApplication } from '../fixtures/application.ts'
import { startEmbeddingServer } from '../fixtures/embedding-server.ts'
import { type Ending, temporaryFolder } from '../fixtures/temp-folder.ts'

const QUESTION = 'Wie viel zahlt die Firma seit 2019 zur Betreuung kleiner Kinder dazu?'
const ENGLISH = { [QUESTION]: 'a share of the fees for children below six paid by the company' }
const PAGES = {
  'pages/childcare.md': '# Childcare\n\nThe company pays a share of the fees for children below six.\n',
  'pages/lift.md': '# The lift of 2019\n\nThe lift was built in 2019.\n',
  'pages/printer.md': '# Printers\n\nToner is kept in the cupboard beside the stairs.\n',
  'pages/access.yaml': 'readers: [everyone]\n',
}
/** Says the question word by word, to those who may read it. */
const HIDDEN = {
  'pages/hr/betreuung.md':
    '# Notiz\n\nWie viel zahlt die Firma seit 2019 zur Betreuung kleiner Kinder dazu? Das steht noch nicht fest.\n',
  'pages/hr/access.yaml': 'readers: [user:ann]\n',
}

async function open(t: Ending, files: Readonly<Record<string, string>>): Promise<ComposedApplication> {
  const { settings } = await startEmbeddingServer(t, ENGLISH)
  const config: TouchstoneConfig = {
    sources: { pages: { kind: 'folder', path: 'pages' } },
    access: { users: { ann: {}, bob: {} } },
    embeddings: { remote: settings },
    index: { embedding: 'remote', queryDeadlineMs: 30_000 },
  }
  const application = await openApplication(t, await temporaryFolder(t, files), config)
  await ingest(application)
  return application
}

async function find(
  application: ComposedApplication,
  user: string,
  query: string,
  explain: 'relative' | 'absolute' = 'relative',
): Promise<readonly SearchHit[]> {
  const caller = { tenant: application.tenant, user }
  return (await application.search({ caller, feature: 'answers', query, limit: 10, explain, signal: NEVER })).items
}

test('a German question finds the English page that answers it, not the one that shares a year; an explanation says what words counted [A5, A6]', async (t) => {
  const application = await open(t, PAGES)
  const [first, ...others] = await find(application, 'bob', QUESTION, 'absolute')
  assert.equal(first?.path, 'childcare.md')
  const lift = others.find(({ path }) => path === 'lift.md')
  const byWords = lift?.explanation?.contributions.filter(({ name }) => name.startsWith('lexical-')) ?? []
  assert.deepEqual(
    byWords.map(({ value }) => value),
    [1, 1],
    'best of the lists by words',
  )
  assert.ok(byWords.every(({ contribution }) => contribution > 0 && contribution < 0.15))
  const shares = lift?.explanation?.contributions.reduce((sum, { contribution }) => sum + contribution, 0) ?? 0
  assert.ok(Math.abs(shares - (lift?.score ?? 0)) < 0.005, `${shares} for ${lift?.score}`)
  assert.equal((await find(application, 'bob', 'When was the lift built?'))[0]?.path, 'lift.md')
})

test('how much words count is told by readable pages alone: a hidden page in the words of the question moves nothing [A1]', async (t) => {
  const [without, beside] = [await open(t, PAGES), await open(t, { ...PAGES, ...HIDDEN })]
  assert.equal((await find(beside, 'ann', QUESTION))[0]?.path, 'hr/betreuung.md')
  const shown = (hits: readonly SearchHit[]): unknown =>
    hits.map(({ path, score, explanation }) => ({ path, score, explanation }))
  assert.deepEqual(shown(await find(beside, 'bob', QUESTION)), shown(await find(without, 'bob', QUESTION)))
})
