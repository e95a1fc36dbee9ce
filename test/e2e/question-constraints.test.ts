/** What a question says of the documents it means, and questions for several things, through the whole product. */
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import type { TouchstoneConfig } from '../../src/app/config.ts'
import type { SearchHit } from '../../src/contracts/search.ts'
import { ingest, NEVER, openApplication } from '../fixtures/application.ts'
import { companyConfig } from '../fixtures/company.ts'
import { temporaryFolder } from '../fixtures/temp-folder.ts'

const page = (place: string, amount: number): string =>
  `# Dinner\n\nDinner on business travel is paid up to ${amount} euros, says the ${place}.\n`
const folder = await temporaryFolder(
  { after },
  {
    'docs/access.yaml': 'readers: [everyone]\n',
    'docs/dinner.md': page('company', 45),
    'docs/travel-policy-2024.md': '# Travel policy\n\nFlights below four hours are economy, trains second class.\n',
    'docs/travel-policy-2026.md': '# Travel policy\n\nFlights below six hours are economy, trains second class.\n',
    'docs/parking.md': '# Parking\n\nThe garage opens at seven.\n',
    'wiki/access.yaml': 'readers: [everyone]\n',
    'wiki/dinner.md': page('people who write this', 40),
    'wiki/abendessen.md':
      '# Dinner: Abendessen\n\nDas Abendessen auf einer Reise wird bis 40 Euro bezahlt, so sagt es der Betriebsrat.\n',
    'board/access.yaml': 'readers: [group:people-ops]\n',
    'board/dinner.md': page('board', 400),
  },
)
const config = {
  ...companyConfig,
  sources: {
    handbook: { kind: 'folder', path: 'docs' },
    'hr-wiki': { kind: 'folder', path: 'wiki' },
    boardroom: { kind: 'folder', path: 'board' },
  },
  features: { answers: {}, plain: { retrieval: { constraintBoost: 0, queryRewriters: [] } } },
} satisfies TouchstoneConfig
const application = await openApplication({ after }, folder, config)
await ingest(application)

async function search(query: string, { user = 'maria', feature = 'answers' } = {}): Promise<readonly SearchHit[]> {
  const caller = { tenant: application.tenant, user }
  return (await application.search({ caller, feature, query, limit: 10, signal: NEVER, explain: 'relative' })).items
}
const isLiftedBy = (hit: SearchHit | undefined, name: string): boolean =>
  hit?.explanation?.contributions.some((part) => part.name === name && part.contribution > 0) === true

const lifted: readonly (readonly [query: string, document: string, constraint: string])[] = [
  ['How much is dinner on travel, from the HR wiki?', 'hr-wiki:dinner.md', 'constraint/source'],
  ['How much is dinner on travel, in the handbook?', 'handbook:dinner.md', 'constraint/source'],
  ['dinner in German', 'hr-wiki:abendessen.md', 'constraint/language'],
  ['economy flights in the 2024 travel policy', 'handbook:travel-policy-2024.md', 'constraint/year'],
  ['economy flights in the 2026 travel policy', 'handbook:travel-policy-2026.md', 'constraint/year'],
]
for (const [query, document, constraint] of lifted)
  test(`"${query}" puts ${document} first, by ${constraint}, and filters nothing away [A5]`, async () => {
    const [best, ...others] = await search(query)
    assert.equal(best?.document, document)
    assert(isLiftedBy(best, constraint))
    assert(others.length > 0)
  })

test('a source that may not be read is no constraint: the question is answered as if it named nothing [A4, A5]', async () => {
  const query = 'How much is dinner on travel, in the boardroom?'
  const relevant = (hits: readonly SearchHit[]): unknown => hits.map(({ explanation: _explanation, ...hit }) => hit)
  assert.deepEqual(relevant(await search(query)), relevant(await search(query, { feature: 'plain' })))
  assert.equal((await search(query, { user: 'petra' }))[0]?.document, 'boardroom:dinner.md')
})

test('each part of a question finds its document, searched beside the whole [A5]', async () => {
  const query = 'How much is paid for dinner on business travel and when does the garage open?'
  const documents = (await search(query)).map(({ document }) => document)
  assert(documents.includes('handbook:parking.md' as never) && documents.includes('handbook:dinner.md' as never))
  const caller = { tenant: application.tenant, user: 'maria' }
  const request = { caller, feature: 'answers', query, limit: 3, signal: NEVER, explain: 'relative' as const }
  assert.deepEqual(
    (await application.search(request)).explanation?.wordings.map(({ text }) => text),
    [query, 'How much is paid for dinner on business travel', 'when does the garage open?'],
  )
})
