/** Why a result stands where it stands, through every surface: it adds up, tells nothing hidden, and is silent when nobody asks. */
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { explainHit } from '../../src/app/cli/explain-hit.ts'
import type { SearchRequest } from '../../src/app/application.ts'
import type { SearchHit, SearchResult } from '../../src/contracts/search.ts'
import { ingest, NEVER, openApplication } from '../fixtures/application.ts'
import { parsed, touchstone } from '../fixtures/command-line.ts'
import { companyConfig, companyFiles, configSource } from '../fixtures/company.ts'
import { giveKey, startServer } from '../fixtures/http-server.ts'
import { temporaryFolder } from '../fixtures/temp-folder.ts'

const edition = (days: number): string => `# Parental leave\n\nParents get ${days} weeks of paid vacation for a child.\n`
const long = [
  '# Dress code',
  ...Array.from({ length: 8 }, (_, at) => `## Rule ${at}\n\nThe dress code asks for shoes of kind ${at}.`),
]
const folder = await temporaryFolder(
  { after },
  {
    ...companyFiles,
    'docs/parental-2023.md': edition(12),
    'docs/parental-2025.md': edition(16),
    'docs/dress.md': long.join('\n\n'),
    'docs/shoes.md': '# Shoes\n\nThe dress code of the workshop asks for steel shoes.\n',
    'docs/people/leave.md': '# Annual leave of directors\n\nDirectors get 40 days of annual leave and a zeppelin.\n',
    'touchstone.config.ts': configSource(companyConfig),
  },
)
const application = await openApplication({ after }, folder, companyConfig)
await ingest(application)

async function search(query: string, explain?: SearchRequest['explain'], user = 'maria', limit = 10): Promise<SearchResult> {
  const caller = { tenant: application.tenant, user }
  const request = { caller, feature: 'answers', query, limit, signal: NEVER }
  return application.search(explain === undefined ? request : { ...request, explain })
}

const total = ({ explanation }: SearchHit): number =>
  explanation!.contributions.reduce((sum, { contribution }) => sum + contribution, 0)

for (const query of ['annual leave days', 'parental leave weeks', 'dress code shoes', 'holiday', 'Wie viele Tage leave?'])
  test(`contributions sum to the score, and change nothing: ${query} [A5]`, async () => {
    const [plain, explained] = [await search(query), await search(query, 'absolute')]
    assert(plain.items.length > 0)
    assert(plain.items.every((hit) => !('explanation' in hit)) && !('explanation' in plain))
    const bare = explained.items.map(({ explanation: _explanation, ...hit }) => hit)
    assert.deepEqual(bare, plain.items)
    for (const hit of explained.items)
      assert(Math.abs(total(hit) - hit.score) <= 0.001 * (hit.explanation!.contributions.length + 1), JSON.stringify(hit))
  })

test('each list, each part of proximity, words by field and what replaced documents lose are named [A5]', async () => {
  const { items } = await search('paid weeks of parental leave', 'absolute')
  const current = items.find(({ path }) => path === 'parental-2025.md')!
  const names = current.explanation!.contributions.map(({ name }) => name)
  const parts = ['coverage', 'nearness', 'phrases', 'naming'].map((part) => `proximity/${part}`)
  assert.deepEqual(names, ['lexical-chunks', 'lexical-documents', 'dense-chunks', ...parts])
  assert.deepEqual(current.explanation!.matched.slice(0, 3), [
    { word: 'paid', fields: ['body'] },
    { word: 'weeks', fields: ['body'] },
    { word: 'parental', fields: ['title', 'body'] },
  ])
  const replaced = items.find(({ path }) => path === 'parental-2023.md')!
  assert(replaced.explanation!.contributions.find(({ name }) => name === 'superseded')!.contribution < 0)
  assert(current.explanation!.features!['lexical-chunks/engine-score']! > 0)
})

test('a word that only its synonym matches is told as related, and passages that made room as diversity [A5]', async () => {
  const [parental] = (await search('holiday for parents', 'relative')).items
  const vacation = parental!.explanation!.matched.find(({ word }) => word === 'vacation')
  assert.deepEqual(vacation, { word: 'vacation', fields: ['body'], related: true })
  const { items } = await search('dress code shoes rule kind', 'relative', 'maria', 5)
  const shoes = items.find(({ path }) => path === 'shoes.md')!
  assert(shoes.explanation!.contributions.some(({ name }) => name === 'diversity'))
})

test('nothing of what may not be read is told, whoever asks, and absolute values to administrators alone [A4, A5]', async () => {
  const told = JSON.stringify(await search('annual leave of directors with a zeppelin', 'relative'))
  for (const hidden of ['irectors get', 'people/leave.md', '"zeppelin"', '"directors"', 'engine-score', '"value"', 'features'])
    assert(!told.includes(hidden), hidden)
  assert.match(JSON.stringify(await search('annual leave of directors', 'relative', 'petra')), /people\/leave\.md/)
})

test('HTTP tells absolute values to administrators alone; without the wish, nothing [A5, I1]', async (context) => {
  const { call } = await startServer(context, application)
  const path = '/v1/features/answers/search'
  const ask = async (body: object, token?: string): Promise<SearchResult> => {
    const credential = token === undefined ? {} : { authorization: `Bearer ${token}` }
    return (await (
      await call('POST', path, { query: 'annual leave', ...body }, { 'touchstone-user': 'maria', ...credential })
    ).json()) as SearchResult
  }
  assert(!JSON.stringify(await ask({})).includes('explanation'))
  assert(JSON.stringify(await ask({ explain: true })).includes('engine-score'), 'whoever sits at an open loopback server')
  const portal = await giveKey(application, { mayActForUsers: true })
  const told = JSON.stringify(await ask({ explain: true }, portal))
  assert(told.includes('lexical-chunks') && !told.includes('engine-score') && !told.includes('"value"'))
})

test('the command line prints a table, and the same as JSON [A5, I2]', { timeout: 60_000 }, async () => {
  const args = ['search', 'annual leave days', '--as', 'maria', '--explain', '--data', 'state']
  const { stdout } = await touchstone(args, { cwd: folder })
  assert.match(stdout, /^ +lexical-chunks +0\.\d{3} +1\.000 +█+$/m)
  assert.match(stdout, /matched annual \(title, body\) · leave/)
  const result = parsed<SearchResult>(await touchstone([...args, '--json'], { cwd: folder }))
  assert.equal(result.items[0]!.explanation!.contributions[0]!.name, 'lexical-chunks')
  assert.deepEqual(result.explanation!.wordings, [{ text: 'annual leave days', weight: 1 }])
})

test('a hit without a matched word says so, and losses are drawn otherwise than gains', () => {
  const contributions = [
    { name: 'a', contribution: 1 },
    { name: 'superseded', contribution: -0.5 },
  ]
  assert.deepEqual(explainHit({ contributions, matched: [] }), [
    'a            1.000  ████████████████████',
    'superseded  -0.500  ▒▒▒▒▒▒▒▒▒▒',
    'no word of the question matched',
  ])
})
