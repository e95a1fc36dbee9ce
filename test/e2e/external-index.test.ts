/** A search index that the company already has, behind Touchstone: over a real wire, its permissions locked, its faults survived, its texts cited exactly. */
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, beforeEach, test } from 'node:test'
import type { TouchstoneConfig } from '../../src/app/config.ts'
import { checkConfig } from '../../src/app/load-config.ts'
import type { SearchResult } from '../../src/contracts/search.ts'
import { ask, citationsOf, ingest, NEVER, openApplication } from '../fixtures/application.ts'
import { companyConfig, companyFiles } from '../fixtures/company.ts'
import { type EngineDocument, startSearchEngine } from '../fixtures/search-engine.ts'
import { temporaryFolder } from '../fixtures/temp-folder.ts'

const engine = await startSearchEngine({ after })
const retriever = {
  kind: 'external-http',
  url: `${engine.url}/pages/_search?routing={user}`,
  body: { size: '{limit}', query: { match: { body: '{query}' } }, filter: { terms: { groups: '{principals}' } } },
  headers: { authorization: { env: 'EXTERNAL_INDEX_KEY' } },
  results: 'hits.hits',
  fields: { id: '_id', text: '_source.body', title: '_source.title', url: '_source.link', score: '_score' },
  metadata: { team: '_source.team' },
  permissions: {
    readers: [
      { path: '_source.acl.groups', as: 'group' },
      { path: '_source.acl.all', as: 'principal' },
    ],
    deny: [{ path: '_source.acl.not', as: 'user' }],
  },
  timeoutMs: 1_000,
} as const
const config = {
  ...companyConfig,
  retrievers: { intranet: retriever },
  features: { answers: { retrieval: { external: ['intranet'] } }, alone: {} },
} satisfies TouchstoneConfig
process.env['EXTERNAL_INDEX_KEY'] = 'ApiKey c2VjcmV0'
const folder = await temporaryFolder({ after }, companyFiles)
const logged: string[] = []
const application = await openApplication({ after }, folder, config, { log: (text) => logged.push(text) })
await ingest(application)

const page = (id: string, title: string, body: string, acl: unknown, more: object = {}): EngineDocument => ({
  _id: id,
  _score: 7,
  _source: { title, body, link: `https://intranet.example/${id}`, acl, team: 'facilities', ...more },
})
const canteen = page('42', 'Canteen', 'The canteen opens at half past eleven.\n\nLunch costs six euros for employees.', {
  all: ['everyone'],
})
const bonus = page('43', 'Bonus', 'The canteen bonus of directors is 9000 euros.', { groups: ['people-ops'] })

beforeEach(() => {
  engine.documents = [canteen, bonus]
  engine.fault = undefined
  engine.requests.length = 0
})

async function search(query: string, user = 'maria', more: object = {}): Promise<SearchResult> {
  const caller = { tenant: application.tenant, user }
  return application.search({ caller, feature: 'answers', query, limit: 10, signal: NEVER, ...more })
}
const found = async (...args: Parameters<typeof search>): Promise<readonly string[]> => [
  ...new Set((await search(...args)).items.map(({ document }) => document)),
]

test('the index is asked as the template says, and the question stays a value in it [A5]', async () => {
  const query = 'canteen "}], {limit} & routing=x \n'
  await search(query)
  const [{ method, url, headers, body }] = engine.requests as [(typeof engine.requests)[0]]
  assert.deepEqual([method, url, headers.authorization], ['POST', '/pages/_search?routing=maria', 'ApiKey c2VjcmV0'])
  assert.deepEqual(JSON.parse(body), {
    size: 20,
    query: { match: { body: query.trim() } },
    filter: { terms: { groups: ['everyone', 'group:engineering', 'user:maria'] } },
  })
})

test('its passages stand among our own, as spans of exactly the text that it gave, and --explain names it [A5]', async () => {
  const { items } = await search('When does the canteen open? annual leave', 'maria', { explain: 'relative' })
  assert(items.some(({ document }) => document === ('handbook:leave.md' as never)))
  const hit = items.find(({ document }) => document === ('intranet:42' as never))!
  const text = String(canteen._source['body'])
  assert.equal(hit.text, text.slice(hit.start, hit.end))
  assert.equal(hit.path, 'https://intranet.example/42')
  assert(hit.explanation!.contributions.some(({ name }) => name === 'intranet'))
  const caller = { tenant: application.tenant, user: 'maria' }
  assert.equal(await application.documentText(caller, hit.document, hit.version), text)
})

test('an answer cites it: the quote is what was shown, under the hash of its text, also after it changed [A5, B1]', async () => {
  const answer = await ask(application, 'maria', 'What does lunch in the canteen cost for employees?')
  const citation = citationsOf(answer).find(({ quote }) => /Lunch costs six euros/.test(quote))
  assert.equal(citation?.document, 'intranet:42')
  engine.documents = [page('42', 'Canteen', 'Lunch in the canteen costs seven euros.', { all: ['everyone'] })]
  const later = await ask(application, 'maria', 'What does lunch in the canteen cost for employees?')
  assert.match(later.text, /seven/)
  assert.notEqual(citationsOf(later)[0]?.version, citation.version)
  const caller = { tenant: application.tenant, user: 'maria' }
  const text = await application.documentText(caller, citation.document, citation.version)
  assert.equal(text.slice(citation.start, citation.end), citation.quote)
})

const acls: readonly (readonly [what: string, acl: unknown, readers: readonly string[]])[] = [
  ['its group', { groups: ['people-ops'] }, ['petra']],
  ['one of two groups', { groups: ['people-ops', 'engineering'] }, ['maria', 'petra']],
  ['everyone', { all: ['everyone'] }, ['maria', 'petra']],
  ['everyone but one', { all: ['everyone'], not: ['maria'] }, ['petra']],
  ['no permissions at all', undefined, []],
  ['an empty list', { groups: [] }, []],
  ['null', { groups: null }, []],
  ['a group that is no name', { groups: ['people-ops', 'all staff;*'] }, []],
  ['a number', { groups: [7] }, []],
  ['an object', { groups: [{ id: 'people-ops' }] }, []],
  ['a denial that is no name', { all: ['everyone'], not: ['a b'] }, []],
  ['a principal spelt wrong', { all: ['Everyone'] }, []],
]
for (const [what, acl, readers] of acls)
  test(`with ${what}, ${readers.join(' and ') || 'nobody'} reads it: in search, answer, text, and no word of it otherwise [A4]`, async () => {
    engine.documents = [page('44', 'Zeppelin rides', 'A zeppelin ride is paid up to 300 euros.', acl)]
    for (const user of ['maria', 'petra']) {
      const isReader = readers.includes(user)
      const result = await search('zeppelin ride', user, { explain: 'relative' })
      assert.equal(
        result.items.some(({ document }) => document === ('intranet:44' as never)),
        isReader,
      )
      const answer = await ask(application, user, 'Up to how much is a zeppelin ride paid?')
      assert.equal(JSON.stringify([answer, result]).includes('300 euros'), isReader)
      const caller = { tenant: application.tenant, user }
      const texts = application.documentText(caller, 'intranet:44' as never, (result.items[0]?.version ?? 'v') as never)
      await (isReader ? texts : assert.rejects(texts, { code: 'DOCUMENT_UNKNOWN' }))
    }
  })

test('a right taken away counts while the index is still answering [A4]', async () => {
  let release = (): void => {}
  engine.fault = (response) => {
    release = () => response.end(JSON.stringify({ hits: { hits: [bonus] } }))
  }
  const searching = search('canteen bonus', 'petra')
  while (engine.requests.length === 0) await new Promise((resolve) => setTimeout(resolve, 5))
  await application.principals.putUser(application.tenant, { id: 'petra', name: 'Petra', groups: [], disabled: false }, 'api')
  release()
  assert(!(await searching).items.some(({ document }) => document === ('intranet:43' as never)))
  await application.principals.putUser(
    application.tenant,
    {
      id: 'petra',
      name: 'Petra',
      groups: ['people-ops'],
      disabled: false,
    },
    'api',
  )
  engine.fault = undefined
  assert((await found('canteen bonus', 'petra')).includes('intranet:43'))
})

const faults: readonly (readonly [what: string, fault: NonNullable<typeof engine.fault>])[] = [
  ['does not answer', () => {}],
  ['answers drop by drop', (response) => void setInterval(() => response.write(' '), 50).unref()],
  ['breaks the connection', (response) => response.destroy()],
  ['answers with an error', (response) => response.writeHead(503).end('ApiKey c2VjcmV0')],
  ['sends us elsewhere', (response) => response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end()],
  ['answers with no JSON', (response) => response.end('<html>')],
  ['answers with something else', (response) => response.end('{"hits":{"found":3}}')],
  ['answers with null', (response) => response.end('null')],
]
for (const [what, fault] of faults)
  test(`an index that ${what} is told, and search and answers go on without it [A5, D1]`, { timeout: 10_000 }, async () => {
    engine.fault = fault
    const result = await search('annual leave days')
    assert.deepEqual(result.unavailable, ['intranet'])
    assert.equal(result.items[0]?.document, 'handbook:leave.md')
    const answer = await ask(application, 'maria', 'How many days of annual leave are there?')
    assert.deepEqual([answer.abstained, answer.unavailable], [false, ['intranet']])
    assert.match(
      logged.splice(0).join('\n'),
      /The external index intranet (?:does not answer|answered with something unreadable): \S/,
    )
    assert(!JSON.stringify([result, answer]).includes('c2VjcmV0'))
  })

const odd: readonly (readonly [what: string, document: object])[] = [
  ['no id', { _source: { body: 'canteen' } }],
  ['no text', { _id: '1', _source: { title: 'canteen' } }],
  ['an empty text', { _id: '1', _source: { body: ' \n' } }],
  ['control characters in its id', { _id: 'a\nb', _source: { body: 'canteen' } }],
  ['a text that is no text', { _id: '1', _source: { body: { a: 1 } } }],
]
for (const [what, document] of odd)
  test(`a result with ${what} is left out, the others stay [D1]`, async () => {
    engine.documents = [document as EngineDocument, canteen]
    assert.deepEqual(
      (await found('canteen')).filter((id) => id.startsWith('intranet')),
      ['intranet:42'],
    )
  })

test('an empty answer is an answer; filters and a feature that does not name the index hold [A5]', async () => {
  assert.deepEqual(await found('canteen', 'maria', { filter: { source: 'intranet' } }), ['intranet:42'])
  assert.deepEqual(await found('canteen', 'maria', { filter: { team: 'facilities' } }), ['intranet:42'])
  assert.deepEqual(await found('canteen', 'maria', { filter: { team: 'sales' } }), [])
  assert.deepEqual(await found('canteen', 'maria', { filter: { path: 'https://intranet.example/*' } }), ['intranet:42'])
  assert.deepEqual(await found('canteen', 'maria', { feature: 'alone' }), [])
  engine.documents = []
  const result = await search('canteen')
  assert.deepEqual([result.items, result.unavailable], [[], undefined])
})

test('a long text gives the passages that have the words of the question [A5]', async () => {
  const filler = Array.from({ length: 60 }, (_, at) => `Paragraph ${at} speaks of ${'gardens and trees '.repeat(20)}.`)
  const body = filler.toSpliced(40, 0, 'The zeppelin departs at noon.').join('\n\n')
  engine.documents = [page('45', 'Gardens', body, { all: ['everyone'] })]
  const { items } = await search('When does the zeppelin depart?')
  assert.match(items[0]!.text, /zeppelin departs/)
  assert(items[0]!.text.length < 3_000)
  assert.equal(items[0]!.text, body.slice(items[0]!.start, items[0]!.end))
})

const wrong: readonly (readonly [settings: object, problem: RegExp])[] = [
  [
    { retrievers: { intranet: { kind: 'telepathy' } } },
    /retrievers\.intranet\.kind: there is no "telepathy"; known: external-http/,
  ],
  [{ retrievers: { intranet: { ...retriever, url: 'ftp://x' } } }, /retrievers\.intranet\.url/],
  [{ retrievers: { intranet: { ...retriever, permissions: undefined } } }, /retrievers\.intranet\.permissions/],
  [{ retrievers: { intranet: { ...retriever, permissions: { readers: [] } } } }, /retrievers\.intranet\.permissions\.readers/],
  [{ retrievers: { handbook: retriever }, sources: companyConfig.sources }, /retrievers\.handbook: a source has that name/],
  [
    { features: { answers: { retrieval: { external: ['wiki'] } } } },
    /features\.answers\.retrieval\.external: there is no retriever "wiki"/,
  ],
]
for (const [settings, problem] of wrong)
  test(`wrong settings are named: ${problem.source} [D1]`, async () => {
    await assert.rejects(checkConfig(settings, join(folder, 'config.ts')), { code: 'CONFIG_INVALID', message: problem })
  })
