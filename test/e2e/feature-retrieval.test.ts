/** What a feature says of its own retrieval: synonyms, curated results. Both stand in its release, and neither widens what may be read. */
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, test } from 'node:test'
import type { TouchstoneConfig } from '../../src/app/config.ts'
import { checkConfig } from '../../src/app/load-config.ts'
import type { SearchResult } from '../../src/contracts/search.ts'
import { ask, ingest, NEVER, openApplication } from '../fixtures/application.ts'
import { companyConfig, companyFiles } from '../fixtures/company.ts'
import { temporaryFolder } from '../fixtures/temp-folder.ts'

const curated = [
  {
    questions: ['What should I know before I travel?'],
    documents: ['handbook:people/salaries.md', 'handbook:leave.md', 'handbook:gone.md'],
  },
]
const config = {
  ...companyConfig,
  features: {
    answers: {},
    own: { synonyms: 'synonyms.txt', curated },
    inline: { synonyms: ['furlough => annual leave'] },
  },
} satisfies TouchstoneConfig
const folder = await temporaryFolder({ after }, { ...companyFiles, 'synonyms.txt': '# ours\r\nfurlough, annual leave\r\n' })
const application = await openApplication({ after }, folder, config)
await ingest(application)

async function search(feature: string, query: string, user = 'maria', filter?: Record<string, string>): Promise<SearchResult> {
  const caller = { tenant: application.tenant, user }
  const restricted = filter === undefined ? {} : { filter }
  return application.search({ caller, feature, query, limit: 10, signal: NEVER, explain: 'relative', ...restricted })
}
const paths = async (...args: Parameters<typeof search>): Promise<readonly string[]> =>
  (await search(...args)).items.map(({ path }) => path)

test("a feature's synonyms widen its own searches alone, from a file or inline [A5]", async () => {
  assert.deepEqual(await paths('answers', 'furlough'), [])
  for (const feature of ['own', 'inline']) {
    assert.equal((await paths(feature, 'furlough'))[0], 'leave.md')
    const [best] = (await search(feature, 'furlough')).items
    assert(best!.explanation!.matched.some(({ word, related }) => word === 'annual' && related === true))
  }
})

test('a curated document stands on top for the same question in other words, and is named as curated [A5]', async () => {
  for (const question of ['What should I know before I travel?', 'know before travelling', 'BEFORE travel: what to know']) {
    const { items } = await search('own', question)
    assert.equal(items[0]?.path, 'leave.md', question)
    assert.equal(items[0].score, 1)
    assert(items[0].explanation!.contributions.some(({ name }) => name === 'curated'))
    assert(items.some(({ path }) => path === 'travel.md'))
    assert(items.every(({ score }, at) => at === 0 || score <= items[at - 1]!.score))
  }
  assert.equal((await paths('own', 'What should I know before I travel abroad?'))[0], 'travel.md')
  assert.equal((await paths('answers', 'What should I know before I travel?'))[0], 'travel.md')
})

test('a curated document that may not be read is not there for who asks, nor one that is not there at all [A4, A5]', async () => {
  const told = JSON.stringify(await search('own', 'know before travel'))
  assert(!told.includes('salaries') && !told.includes('gone.md'))
  assert.deepEqual((await paths('own', 'know before travel', 'petra')).slice(0, 2), ['people/salaries.md', 'leave.md'])
})

test('a filter and a limit hold for curated documents too [A5]', async () => {
  const filtered = await paths('own', 'know before travel', 'petra', { topic: 'time-off' })
  assert.deepEqual([...new Set(filtered)], ['leave.md'])
  const caller = { tenant: application.tenant, user: 'petra' }
  const one = await application.search({ caller, feature: 'own', query: 'know before travel', limit: 1, signal: NEVER })
  assert.deepEqual(
    one.items.map(({ path }) => path),
    ['people/salaries.md'],
  )
})

test('both stand in the release: another line makes another release, none leaves no trace [A5]', async () => {
  const releaseOf = async (feature: string): Promise<string> =>
    (await ask(application, 'maria', 'annual leave', { feature })).release
  const ids = await Promise.all(['answers', 'own', 'inline'].map(releaseOf))
  assert.equal(new Set(ids).size, 3)
})

const wrong: readonly (readonly [setting: object, problem: RegExp])[] = [
  [{ synonyms: ['a, b', 'alone'] }, /features\.answers\.synonyms line 2: "alone" stands alone/],
  [{ synonyms: 'bad.txt' }, /features\.answers\.synonyms, bad\.txt line 3: a rule has one =>/],
  [{ synonyms: 'none.txt' }, /features\.answers\.synonyms: ENOENT/],
  [{ curated: [{ questions: ['?!'], documents: ['handbook:a.md'] }] }, /curated\.0\.questions\.0: a question has a letter/],
  [{ curated: [{ questions: ['a'], documents: ['a.md'] }] }, /curated\.0\.documents\.0: write source:path/],
  [{ curated: [{ questions: [], documents: ['a:b'] }] }, /curated\.0\.questions/],
]
for (const [setting, problem] of wrong)
  test(`wrong settings are named: ${JSON.stringify(setting)} [D1]`, async (context) => {
    const place = await temporaryFolder(context, { 'bad.txt': 'a, b\n\na => b => c\n' })
    await assert.rejects(checkConfig({ features: { answers: setting } }, join(place, 'config.ts')), {
      code: 'CONFIG_INVALID',
      message: problem,
    })
  })
