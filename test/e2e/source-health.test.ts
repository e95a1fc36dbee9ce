/** What `sources --health` finds, what a lag bound withholds everywhere, and sources that are removed. */
import assert from 'node:assert/strict'
import { rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import type { ComposedApplication } from '../../src/app/compose.ts'
import type { TouchstoneConfig } from '../../src/app/config.ts'
import type { DocumentId } from '../../src/contracts/identity.ts'
import type { HealthFinding } from '../../src/contracts/source-health.ts'
import { systemClock, type Clock } from '../../src/foundation/concurrency/clock.ts'
import { ask, citationsOf, ingest, NEVER, openApplication, readablePaths, search } from '../fixtures/application.ts'
import { parsed, touchstone } from '../fixtures/command-line.ts'
import { companyConfig, companyFiles, configSource } from '../fixtures/company.ts'
import { temporaryFolder, writeFiles } from '../fixtures/temp-folder.ts'

const LIMIT = { timeout: 60_000 }
const MINUTE = 60_000
const QUESTION = 'How many days of annual leave do I get?'

/** Timers are real; the time of day is moved by hand. */
function movedClock(): Clock & { ahead: number } {
  const clock = { ...systemClock, ahead: 0, now: () => systemClock.now() + clock.ahead }
  return clock
}

function withBound(minutes: number | null): TouchstoneConfig {
  return { ...companyConfig, sources: { handbook: { kind: 'folder', path: 'docs', maxLagMinutes: minutes } } }
}

async function health(application: ComposedApplication, source: string): Promise<readonly HealthFinding[]> {
  const found = (await application.sources({ health: true })).find(({ id }) => id === source)
  return found?.health?.findings ?? []
}

test(
  'past its bound a source is withheld from every query as if it were not there, and is back after a sync [A4, A6]',
  LIMIT,
  async (t) => {
    const folder = await temporaryFolder(t, companyFiles)
    const clock = movedClock()
    const application = await openApplication(t, folder, withBound(60), { clock })
    await ingest(application)
    const caller = { tenant: application.tenant, user: 'maria' }
    const [citation] = citationsOf(await ask(application, 'maria', QUESTION, { conversation: 'leave' }))
    assert.equal(citation?.document, 'handbook:leave.md')
    assert.deepEqual(await application.checkReady(), { withheldSources: 0 })

    clock.ahead = 61 * MINUTE
    const answer = await ask(application, 'maria', 'And how many may be carried over?', { conversation: 'leave' })
    assert.equal(answer.abstained, true)
    assert.deepEqual(answer.abstention?.searched, { documents: 0, sources: [] })
    assert(!JSON.stringify(answer).includes('handbook'), 'the answer names the source')
    assert.deepEqual(await search(application, 'maria', 'annual leave'), [])
    assert.deepEqual(await readablePaths(application, 'petra'), [])
    await assert.rejects(application.documentText(caller, citation.document, citation.version), { code: 'DOCUMENT_UNKNOWN' })
    for (const trace of await application.traces(caller, 10)) assert.deepEqual(trace.documents, [])
    assert.deepEqual(await application.checkReady(), { withheldSources: 1 })
    const [status] = await application.sources()
    assert.equal(status?.withheld, 'lag-exceeded')
    assert.equal((await health(application, 'handbook'))[0]?.problem, 'lag-exceeded')

    await rename(join(folder, 'docs'), join(folder, 'away'))
    await assert.rejects(ingest(application), { code: 'SOURCE_PATH_MISSING' })
    assert.deepEqual(await search(application, 'maria', 'annual leave'), [], 'a run that fails brings nothing back')
    assert.deepEqual(
      (await health(application, 'handbook')).map(({ problem }) => problem),
      ['lag-exceeded', 'sync-failed'],
    )

    await rename(join(folder, 'away'), join(folder, 'docs'))
    const report = await ingest(application)
    assert.equal(report.documents.unchanged, 3, 'nothing is read again for it')
    assert.deepEqual(citationsOf(await ask(application, 'maria', QUESTION))[0], citation)
  },
)

test('the bound is a day by default, null is none, and a failed run alone withholds nothing [A4]', LIMIT, async (t) => {
  const folder = await temporaryFolder(t, companyFiles)
  const clock = movedClock()
  const application = await openApplication(t, folder, companyConfig, { clock })
  await ingest(application)
  await rename(join(folder, 'docs'), join(folder, 'away'))
  await assert.rejects(ingest(application))
  clock.ahead = 23 * 60 * MINUTE
  assert.equal((await readablePaths(application, 'maria')).length, 2)
  clock.ahead = 25 * 60 * MINUTE
  assert.deepEqual(await readablePaths(application, 'maria'), [])
  await application.close()
  const unbound = await openApplication(t, folder, withBound(null), { clock })
  assert.equal((await readablePaths(unbound, 'maria')).length, 2)
})

test('a command that is about to ask first reads again what is withheld for its age [A1, A4]', LIMIT, async (t) => {
  const folder = await temporaryFolder(t, companyFiles)
  const clock = movedClock()
  const notes: string[] = []
  const application = await openApplication(t, folder, withBound(60), { clock, log: (text) => void notes.push(text) })
  await ingest(application)
  clock.ahead = 2 * 60 * MINUTE
  await application.ingestWhenEmpty({ signal: NEVER })
  assert.equal((await readablePaths(application, 'maria')).length, 2)
  clock.ahead = 4 * 60 * MINUTE
  await rename(join(folder, 'docs'), join(folder, 'away'))
  await application.ingestWhenEmpty({ signal: NEVER })
  assert.deepEqual(await readablePaths(application, 'maria'), [])
  assert.match(notes.join(), /source handbook is withheld.*does not exist/)
})

test(
  'health names empty, twice stored, conflicting and unreadable documents, and failures with their cures [A6]',
  LIMIT,
  async (t) => {
    const rate = (year: number): string => `# Travel rates\n\nDinner is reimbursed up to ${year - 1980} euros.\n`
    const folder = await temporaryFolder(t, {
      ...companyFiles,
      'docs/copy.md': '# Cafeteria\n\nLunch is served at noon.\n',
      'docs/deep/copy-of-copy.md': '# Cafeteria\n\nLunch is served at noon.\n',
      'docs/rates-2023.md': rate(2023),
      'docs/rates-2024.md': rate(2024),
      'docs/plan-2023.md': `---\nstatus: superseded\n---\n${rate(2003)}`,
      'docs/plan-2024.md': rate(2004),
      'docs/minutes-2024-01.md': '# January\n\nWe met.\n',
      'docs/minutes-2024-02.md': '# February\n\nWe met again.\n',
      'docs/lost/access.yaml': 'readers: [group:disbanded]\n',
      'docs/lost/page.md': '# Lost\n\nNobody is in this group.\n',
      'docs/typo.md': '---\naccess: { reader: [everyone] }\n---\n# Typo\n\nNobody may read it.\n',
      'docs/empty.md': '',
      'docs/broken.pdf': 'this is no PDF',
    })
    const application = await openApplication(t, folder, companyConfig)
    await ingest(application)
    const findings = await health(application, 'handbook')
    const found = new Map(findings.map((finding) => [`${finding.problem} ${finding.code ?? ''}`.trim(), finding]))
    const documents = (key: string): (readonly string[])[] => found.get(key)?.examples.map((example) => example.documents) ?? []
    assert.deepEqual(documents('duplicates'), [['handbook:copy.md', 'handbook:deep/copy-of-copy.md']])
    assert.deepEqual(documents('conflicting-versions'), [['handbook:rates-2023.md', 'handbook:rates-2024.md']])
    assert.deepEqual(documents('unreadable'), [['handbook:lost/page.md'], ['handbook:typo.md']])
    assert.deepEqual(documents('empty DOCUMENT_EMPTY'), [['handbook:empty.md']])
    const failed = findings.filter(({ problem }) => problem === 'failures')
    assert.deepEqual(
      failed.flatMap(({ examples }) => examples.flatMap((example) => example.documents)),
      ['handbook:broken.pdf'],
    )
    for (const { cure, message, severity } of findings) {
      assert(cure !== '' && !/[{}]/.test(`${cure}${message}`), cure)
      assert.equal(severity, 'warning')
    }
    await rm(join(folder, 'docs/deep'), { recursive: true })
    await ingest(application)
    assert(!(await health(application, 'handbook')).some(({ problem }) => problem === 'duplicates'))
  },
)

test(
  'health names near-duplicates, within and across sources, and what is past its time, each with its cure [A6]',
  LIMIT,
  async (t) => {
    const rules = Array.from({ length: 60 }, (_, at) => `Rule ${at} of the house says what number ${at * 7} stands for.`)
    const page = (...lines: string[]): string => `# House rules\n\n${lines.join('\n')}\n`
    const folder = await temporaryFolder(t, {
      ...companyFiles,
      'docs/rules.md': page(...rules),
      'docs/rules-old.md': `---\nsuperseded_by: rules.md\n---\n${page('Foreword.', ...rules)}`,
      'docs/rules-copy.md': page(...rules, 'This copy has one line more.'),
      'docs/half.md': page(...rules.slice(0, 20), 'The rest was left out.'),
      'docs/deal.md': '---\nvalid_until: 2024-12-31\n---\n# Hotel rates\n\nRooms cost 90 euros.\n',
      'docs/next-deal.md': '---\nvalid_until: 2099-12-31\n---\n# Next rates\n\nRooms will cost 95 euros.\n',
      'docs/parking.md': '---\nlast_verified: 2019-05-01\n---\n# Parking\n\nPark behind the house.\n',
      'docs/archive.md': '---\nstatus: archived\nupdated: 2011-05-01\n---\n# Old parking\n\nPark in front.\n',
      'wiki/rules.md': page('Moved here from the handbook.', ...rules),
    })
    const sources = { ...companyConfig.sources, wiki: { kind: 'folder', path: 'wiki', staleAfterDays: null } }
    const application = await openApplication(t, folder, { ...companyConfig, sources })
    const found = async (source: string): Promise<Map<string, HealthFinding>> =>
      new Map((await health(application, source)).map((finding) => [finding.problem, finding]))
    const documents = (finding: HealthFinding | undefined): (readonly string[])[] =>
      finding?.examples.map((example) => example.documents) ?? []
    await ingest(application)
    const alike = ['handbook:rules-copy.md', 'handbook:rules.md', 'wiki:rules.md']
    const [handbook, wiki] = [await found('handbook'), await found('wiki')]
    assert.deepEqual(documents(handbook.get('near-duplicates')), [alike])
    assert.deepEqual(documents(wiki.get('near-duplicates')), [alike])
    assert.deepEqual([handbook.get('near-duplicates')?.documents, wiki.get('near-duplicates')?.documents], [2, 1])
    assert.deepEqual(handbook.get('expired')?.examples, [{ documents: ['handbook:deal.md'], message: 'held until 2024-12-31' }])
    assert.deepEqual(handbook.get('stale')?.examples, [
      { documents: ['handbook:parking.md'], message: 'last looked after on 2019-05-01' },
    ])
    assert.match(handbook.get('stale')?.cure ?? '', /last_verified.*sources\.handbook\.staleAfterDays/)
    assert(!wiki.has('stale'))

    await application.foundation.state.deleteFrom('document_sketches').execute()
    assert(!(await found('wiki')).has('near-duplicates'), 'a state of an older version has none')
    await ingest(application)
    assert.deepEqual(documents((await found('wiki')).get('near-duplicates')), [alike], 'the next run makes them')
    await rm(join(folder, 'docs/rules-copy.md'))
    await rm(join(folder, 'docs/rules.md'))
    await ingest(application)
    assert(!(await found('wiki')).has('near-duplicates'))
    const left = await application.foundation.state.selectFrom('document_sketches').select('document').execute()
    assert(!left.some(({ document }) => document === 'handbook:rules.md'), 'its sketch is still stored')
  },
)

test('what another tenant holds is no near-duplicate of ours [A6]', LIMIT, async (t) => {
  const text = Array.from({ length: 50 }, (_, at) => `Line ${at} of a page that two companies bought.`).join('\n')
  const folder = await temporaryFolder(t, { ...companyFiles, 'docs/bought.md': `# Bought\n\n${text}\n` })
  const application = await openApplication(t, folder, companyConfig)
  await ingest(application)
  await application.close()
  await writeFiles(folder, { 'docs/bought.md': `# Bought\n\n${text}\n\nOne line more.\n` })
  const other = await openApplication(t, folder, { ...companyConfig, tenant: 'other' })
  await ingest(other)
  assert(!(await health(other, 'handbook')).some(({ problem }) => problem === 'near-duplicates'))
})

test(
  'a source that the configuration no longer names is withheld at once, told by health, and deleted by a whole run [A4, A6]',
  LIMIT,
  async (t) => {
    const folder = await temporaryFolder(t, { ...companyFiles, 'other/a.md': '# Other\n\nSomething else.\n' })
    const before = await openApplication(t, folder, companyConfig)
    await ingest(before)
    await before.close()
    const other = { kind: 'folder', path: 'other', access: [{ path: '**', readers: ['everyone'] }] }
    const after = await openApplication(t, folder, { ...companyConfig, sources: { other } })
    assert.deepEqual(await readablePaths(after, 'maria'), [])
    assert.deepEqual(await search(after, 'maria', 'annual leave'), [])
    const [gone] = await health(after, 'handbook')
    assert.deepEqual([gone?.problem, gone?.documents], ['removed', 3])
    await ingest(after, 'other')
    assert.equal((await after.sources()).find(({ id }) => id === 'handbook')?.documents, 3, 'a run of another source keeps it')
    await ingest(after)
    assert.deepEqual(
      (await after.sources()).map(({ id }) => id),
      ['other'],
    )
  },
)

test('an added source is removed with its documents and texts; a configured one is not [A1, A4, H3]', LIMIT, async (t) => {
  const folder = await temporaryFolder(t, { ...companyFiles, 'notes/a.md': '# Kumquats\n\nKumquats ripen in winter.\n' })
  const application = await openApplication(t, folder, companyConfig)
  await ingest(application)
  const id = await application.addFolder(join(folder, 'notes'), ['everyone'])
  await ingest(application, id)
  assert.equal((await search(application, 'maria', 'kumquats'))[0]?.document, 'notes:a.md')
  await assert.rejects(application.removeSource('handbook'), { code: 'SOURCE_CONFIGURED' })
  await assert.rejects(application.removeSource('nowhere'), { code: 'SOURCE_UNKNOWN' })
  await application.removeSource(id)
  assert.deepEqual(await search(application, 'maria', 'kumquats'), [])
  assert.deepEqual(
    (await application.sources()).map((source) => source.id),
    ['handbook'],
  )
  const rows = await application.foundation.state.selectFrom('blobs').select('bytes').execute()
  assert(!rows.some(({ bytes }) => Buffer.from(bytes).includes('Kumquats')), 'its text is still stored')
  await assert.rejects(application.removeSource(id), { code: 'SOURCE_UNKNOWN' })
  await ingest(application)
  assert.deepEqual(await search(application, 'maria', 'kumquats'), [])
})

test('a source that is removed while it is read does not come back [A1, A4]', LIMIT, async (t) => {
  const pages = Array.from({ length: 60 }, (_, at) => [`notes/${at}.md`, `# Kumquat ${at}\n\nKumquat ${at} is ripe.\n`] as const)
  const folder = await temporaryFolder(t, Object.fromEntries(pages))
  const application = await openApplication(t, folder, { ...companyConfig, sources: {} })
  const id = await application.addFolder(join(folder, 'notes'), ['everyone'])
  let removal: Promise<void> | undefined
  const onProgress = (): void => void (removal ??= application.removeSource(id))
  await application.ingest({ source: id, signal: NEVER, onProgress })
  await removal
  assert.deepEqual(await search(application, 'maria', 'kumquat'), [])
  assert.deepEqual(await application.sources(), [])
  const kept = await application.foundation.state.selectFrom('documents').select('id').execute()
  assert.deepEqual(
    kept.map((row) => row.id as DocumentId),
    [],
  )
})

test('the command line prints a table, exits with 1 when documents are withheld, and removes [A6, I1]', LIMIT, async (t) => {
  const folder = await temporaryFolder(t, { ...companyFiles, 'notes/a.md': '# A\n\nSome text.\n' })
  await writeFiles(folder, { 'touchstone.config.ts': configSource(companyConfig), 'package.json': '{"type":"module"}' })
  const run = (...args: string[]): ReturnType<typeof touchstone> => touchstone([...args, '--data', 'state'], { cwd: folder })
  assert.equal((await run('ingest')).code, 0)
  assert.equal((await run('ingest', '--path', 'notes')).code, 0)
  const shown = await run('sources', '--health')
  assert.equal(shown.code, 0, shown.stderr)
  assert.match(shown.stdout, /SOURCE\s+KIND[\s\S]*handbook\s+folder\s+3\s+0\s+\d+ s\s+24 h\s+yes/)
  assert.match(shown.stdout, /notes: 1 document that no enabled user may read/)
  const removed = await run('sources', 'remove', 'notes')
  assert.deepEqual([removed.code, removed.stdout], [0, 'Removed notes and its documents.\n'], removed.stderr)
  assert.equal((await run('sources', 'remove', 'handbook')).code, 2)
  await writeFiles(folder, { 'touchstone.config.ts': configSource({ ...companyConfig, sources: {} }) })
  const withheld = await run('sources', '--health', '--json')
  assert.equal(withheld.code, 1)
  const { items } = parsed<{ items: { id: string; withheld: string; health: { findings: HealthFinding[] } }[] }>(withheld)
  assert.deepEqual(
    items.map((item) => [item.id, item.withheld, item.health.findings[0]?.problem]),
    [['handbook', 'removed', 'removed']],
  )
})
