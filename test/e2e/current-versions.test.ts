/** Which of several versions of a page is found first: the newest that holds, whatever else speaks for an old one; and what is hidden has no say. */
import assert from 'node:assert/strict'
import { utimes } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import fc from 'fast-check'
import type { SearchHit } from '../../src/contracts/search.ts'
import { ingest, openApplication, search } from '../fixtures/application.ts'
import { companyConfig, companyFiles } from '../fixtures/company.ts'
import { temporaryFolder, writeFiles } from '../fixtures/temp-folder.ts'

const LIMIT = { timeout: 60_000 }
const QUESTION = 'How much is reimbursed for hotel nights in Paris?'

/** The old one says the question's words more often. */
const policy = (euros: number, more = ''): string =>
  `# Travel policy\n\n${more}Hotel nights in Paris are reimbursed up to ${euros} euros. Book through the portal, keep the receipt, and hand it in within thirty days after the trip.\n`
const paths = (hits: readonly SearchHit[]): readonly string[] => [...new Set(hits.map(({ path }) => path))]

const old = 'Hotel nights: how much is reimbursed for hotel nights, in Paris and elsewhere. '
const cases: readonly [why: string, files: Record<string, string>, current: string][] = [
  ['a later year in the path', { 'policy-2023.md': policy(140, old), 'policy-2024.md': policy(160) }, 'policy-2024.md'],
  ['a page that says what supersedes it', { 'a.md': `> Superseded by b.md\n\n${policy(140, old)}`, 'b.md': policy(160) }, 'b.md'],
  [
    'metadata that says what supersedes it',
    { 'a.md': `---\nsuperseded_by: b.md\n---\n${policy(140, old)}`, 'b.md': policy(160) },
    'b.md',
  ],
  [
    'a later date in the metadata, under the same title',
    {
      'a.md': `---\nupdated: 2023-01-10\n---\n${policy(140, 'Hotel nights. ')}`,
      'b.md': `---\nupdated: 2024-02-01\n---\n${policy(160)}`,
    },
    'b.md',
  ],
]
for (const [why, files, current] of cases)
  test(`a newer version of the same policy wins over the old one: ${why} [A5, A6]`, LIMIT, async (t) => {
    const docs = Object.fromEntries(Object.entries(files).map(([path, text]) => [`docs/${path}`, text]))
    const folder = await temporaryFolder(t, { ...companyFiles, ...docs })
    // The old file was touched last.
    const [first = ''] = Object.keys(docs)
    await utimes(join(folder, first), new Date(), new Date(Date.now() + 1_000))
    const application = await openApplication(t, folder, companyConfig)
    await ingest(application)
    const found = paths(await search(application, 'maria', QUESTION))
    assert.equal(found[0], current)
    assert(found.includes(first.slice('docs/'.length)), 'the old one is still found, behind')
  })

test('copies make room, and are all there when they are asked for [A5]', LIMIT, async (t) => {
  const copies = Object.fromEntries(Array.from({ length: 8 }, (_, at) => [`docs/copy-${'abcdefgh'[at]}.md`, policy(160)]))
  const folder = await temporaryFolder(t, {
    ...companyFiles,
    ...copies,
    'docs/paris.md': '# Paris\n\nHotels in Paris that we know: the one by the river.\n',
    'docs/nights.md': '# Late trains\n\nHotel nights after late trains from Paris are reimbursed.\n',
  })
  const application = await openApplication(t, folder, companyConfig)
  await ingest(application)
  const top = paths(await search(application, 'maria', QUESTION, 3))
  assert.deepEqual([...top].sort(), ['copy-a.md', 'nights.md', 'paris.md'])
  const all = await search(application, 'maria', QUESTION, 100)
  assert.equal(all.filter(({ path }) => path.startsWith('copy-')).length, 8)
})

test('a hidden near-duplicate, newer and nearer, moves nothing that may be read [A4, A5]', LIMIT, async (t) => {
  const folder = await temporaryFolder(t, {
    ...companyFiles,
    'docs/a.md': `---\nupdated: 2020-01-01\n---\n${policy(140, 'Our travel. ')}`,
    'docs/b.md': '# Paris\n\nHotels in Paris that we know: the one by the river.\n',
    'docs/people/secret.md': '# Nothing\n\nStill empty.\n',
  })
  const application = await openApplication(t, folder, companyConfig)
  const look = async (): Promise<readonly unknown[]> => {
    await ingest(application)
    const hits = await search(application, 'maria', QUESTION)
    return hits.map(({ chunk }) => chunk)
  }
  const before = await look()
  assert.equal(before[0], 'handbook:a.md#0')
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(policy(140), policy(160), policy(140, 'Our travel. ')),
      fc.constantFrom('2020-01-01', '2026-01-01'),
      fc.constantFrom('', 'superseded_by: a.md\n'),
      async (text, date, more) => {
        await writeFiles(folder, { 'docs/people/secret.md': `---\nupdated: ${date}\n${more}---\n${text}` })
        assert.deepEqual(await look(), before)
        assert((await search(application, 'petra', QUESTION)).some(({ path }) => path === 'people/secret.md'))
      },
    ),
    { numRuns: 12 },
  )
})
