/** Misspelled words: corrected by what the asker may read, told to them, and never by what is hidden. */
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import fc from 'fast-check'
import type { SearchResult } from '../../src/contracts/search.ts'
import type { ComposedApplication } from '../../src/app/compose.ts'
import { ingest, NEVER, openApplication } from '../fixtures/application.ts'
import { parsed, touchstone } from '../fixtures/command-line.ts'
import { companyConfig, companyFiles, configSource } from '../fixtures/company.ts'
import { temporaryFolder, writeFiles } from '../fixtures/temp-folder.ts'

const pages = {
  ...companyFiles,
  'docs/kayaks.md': '# Kayaks\n\nWhoever borrows a kayak returns the paddle by Monday.\n',
  'docs/accommodation.md': '# Accommodation\n\nThe concierge books accommodation for visitors.\n',
  'docs/lodge.md': '# Visitors\n\nVisitors sign in with the concierge and wear a badge.\n',
  'docs/kantine.md': '---\nlanguage: de\n---\n# Betriebsrestaurant\n\nDas Mittagessen gibt es im Erdgeschoss ab zwölf Uhr.\n',
  'docs/people/zebra.md': '# Zeppelins\n\nDirectors fly zeppelins and keep zebras.\n',
  'touchstone.config.ts': configSource(companyConfig),
}
const folder = await temporaryFolder({ after }, pages)
const application = await openApplication({ after }, folder, companyConfig)
await ingest(application)

async function search(query: string, user = 'maria', searched: ComposedApplication = application): Promise<SearchResult> {
  const caller = { tenant: searched.tenant, user }
  return searched.search({ caller, feature: 'answers', query, limit: 10, signal: NEVER })
}

const corrected: readonly [query: string, corrections: Readonly<Record<string, string>>, first: string][] = [
  ['kayka', { kayka: 'kayak' }, 'kayaks.md'],
  ['who returns the padlle', { padlle: 'paddle' }, 'kayaks.md'],
  ['Kayack borrowing', { Kayack: 'kayak' }, 'kayaks.md'],
  ['acomodation of visitors', { acomodation: 'accommodation' }, 'accommodation.md'],
  ['the concierrge books acommodation', { concierrge: 'concierge', acommodation: 'accommodation' }, 'accommodation.md'],
  ['Wo ist das Mittagesen?', { Mittagesen: 'mittagessen' }, 'kantine.md'],
]
for (const [query, corrections, first] of corrected)
  test(`${query}: searched for ${Object.values(corrections).join(' and ')} [A5]`, async () => {
    const found = await search(query)
    assert.deepEqual(Object.fromEntries((found.corrections ?? []).map(({ from, to }) => [from, to])), corrections)
    assert.equal(found.items[0]?.path, first)
  })

const kept: readonly [query: string, why: string][] = [
  ['kayak paddle', 'nothing is misspelled'],
  ['"kayka"', 'it is quoted'],
  ['KAYKA', 'an acronym'],
  ['kay4k', 'a number in it'],
  ['kayka_id', 'an identifier'],
  ['kya', 'too short'],
  ['xylophone', 'nothing is near'],
  ['kayka padlle concierrge monady', 'a question about something else'],
  ['休暇', 'a script without an alphabet'],
]
for (const [query, why] of kept)
  test(`${query} stays as it is: ${why} [A5]`, async () => {
    const found = await search(query)
    assert(!('corrections' in found), JSON.stringify(found.corrections))
  })

test('whoever reads no page with a word is corrected by what they read; whoever does, is not [A4, A5]', async () => {
  const zebras = { corrections: undefined, found: true }
  const look = async (query: string, user: string): Promise<typeof zebras> => {
    const { corrections, items } = await search(query, user)
    return { corrections: corrections as undefined, found: items.some(({ path }) => path === 'people/zebra.md') }
  }
  assert.deepEqual(await look('zebras', 'petra'), zebras)
  assert.deepEqual(await look('zebras', 'maria'), { corrections: undefined, found: false })
  const { corrections } = await search('zepelins', 'petra')
  assert.deepEqual(corrections, [{ from: 'zepelins', to: 'zeppelins' }])
  assert.deepEqual(await look('zepelins', 'maria'), { corrections: undefined, found: false })
})

test('what is hidden corrects nothing, prevents no correction, and changes no result: leaks would show [A4, A5]', async (t) => {
  const here = await temporaryFolder(t, pages)
  const open = await openApplication(t, here, companyConfig)
  const queries = ['kayka', 'zebrs', 'padlle of kayaks', 'concierrge', 'zeppelims'] as const
  const look = async (user: string): Promise<readonly unknown[]> =>
    Promise.all(
      queries.map(async (query) => {
        const { items, corrections } = await search(query, user, open)
        return { corrections, items: items.map(({ chunk }) => chunk) }
      }),
    )
  await ingest(open)
  const [before, beforePetra] = [await look('maria'), await look('petra')]
  const words = ['kayka', 'kaykas', 'kayla', 'zebrs', 'padlle', 'concierrge', 'zeppelims', 'kayak', 'paddles']
  const seen = new Set<string>()
  await fc.assert(
    fc.asyncProperty(fc.shuffledSubarray(words, { minLength: 1 }), async (hidden) => {
      await writeFiles(here, { 'docs/people/salaries.md': `# ${hidden[0]}\n\n${hidden.join(' and ')}\n` })
      await ingest(open)
      assert.deepEqual(await look('maria'), before)
      seen.add(JSON.stringify(await look('petra')))
    }),
    { numRuns: 12 },
  )
  seen.delete(JSON.stringify(beforePetra))
  assert(seen.size > 3, 'whoever reads those pages is shown something else, so that a leak would have been seen')
})

test('the command line tells what it searched for [A5, I1]', async () => {
  const run = (...args: string[]): ReturnType<typeof touchstone> =>
    touchstone(['search', 'kayka', '--as', 'maria', '--data', 'cli-state', ...args], { cwd: folder })
  const { corrections } = parsed<SearchResult>(await run('--json'))
  assert.deepEqual(corrections, [{ from: 'kayka', to: 'kayak' }])
  const { stdout, stderr } = await run()
  assert.match(`${stdout}${stderr}`, /Searched for "kayak": nothing that maria may read has "kayka"/)
})
