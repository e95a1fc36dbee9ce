/** Sources with poison in them: each bad item costs one error row, the rest is read, and nothing widens access. */
import assert from 'node:assert/strict'
import { appendFileSync } from 'node:fs'
import { chmod, mkdir, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { buildDocx, buildPdf } from '../../src/testing/document-files.ts'
import { buildOleFile } from '../../src/testing/ole-file.ts'
import { buildPptx, shape } from '../../src/testing/presentation-file.ts'
import { buildXlsx, sheetRow } from '../../src/testing/workbook-file.ts'
import { citationsOf, ask, ingest, openApplication, readablePaths, search } from '../fixtures/application.ts'
import { companyConfig, companyFiles } from '../fixtures/company.ts'
import { temporaryFolder, writeFiles } from '../fixtures/temp-folder.ts'

const LIMIT = { timeout: 60_000 }

test(
  'a bomb, a locked file, rubbish and an empty file cost one error row each; the rest is read, once [A1, A2]',
  LIMIT,
  async (t) => {
    const folder = await temporaryFolder(t, {
      ...companyFiles,
      'docs/poison/bomb.docx': buildDocx([{ paragraph: 'x' }], { 'word/bomb.xml': new Uint8Array(6_000_000) }),
      'docs/poison/locked.pdf': buildPdf([[{ text: 'secret' }]], { encrypted: true }),
      'docs/poison/rubbish.pdf': '%PDF-1.4 and then nothing of the kind',
      'docs/poison/empty.md': '',
      'docs/poison/picture.xyz': 'no parser takes this',
      'docs/poison/old.doc': buildOleFile(['WordDocument']),
      'docs/poison/renamed.xlsx': buildOleFile(['EncryptedPackage']),
      'docs/sound.docx': buildDocx([{ heading: 'Badges', level: 1 }, { paragraph: 'A lost badge costs 12 euros.' }]),
      'docs/rates.xlsx': buildXlsx([
        { name: 'Rates', xml: sheetRow(1, ['City', 'Hotel']) + sheetRow(2, ['Rome', 120]) + sheetRow(3, ['Oslo', 190]) },
      ]),
      'docs/talk.bin': buildPptx([
        { xml: shape('title', ['Parking']) },
        { xml: shape('title', ['Bicycles']) + shape('body', ['A bicycle box costs 7 euros a month.']) },
      ]),
      'docs/sound.pdf': buildPdf([[{ text: 'Lockers', size: 18 }], [{ text: 'A locker costs 3 euros a month.' }]]),
    })
    const application = await openApplication(t, folder, {
      ...companyConfig,
      ingestion: { limits: { maxInflatedBytes: 5_000_000 } },
    })
    const report = await ingest(application)
    const codes = Object.fromEntries(
      report.failures.map(({ document, code }) => [document.replace('handbook:poison/', ''), code]),
    )
    assert.deepEqual(codes, {
      'bomb.docx': 'ARCHIVE_TOO_LARGE',
      'empty.md': 'DOCUMENT_EMPTY',
      'locked.pdf': 'DOCUMENT_ENCRYPTED',
      'old.doc': 'FORMAT_OUTDATED',
      'picture.xyz': 'FORMAT_UNSUPPORTED',
      'renamed.xlsx': 'DOCUMENT_ENCRYPTED',
      'rubbish.pdf': 'PARSE_FAILED',
    })
    assert.deepEqual([report.documents.added, report.documents.failed], [7, 7])
    const [citation] = citationsOf(await ask(application, 'maria', 'What does a locker cost?'))
    assert.deepEqual([citation?.document, citation?.page], ['handbook:sound.pdf', 2])
    assert.match((await ask(application, 'maria', 'What does a lost badge cost?')).text, /12 euros/)
    const [row] = await search(application, 'maria', 'hotel Oslo')
    assert.deepEqual([row?.document, row?.sheet, row?.cells], ['handbook:rates.xlsx', 'Rates', 'A2:B3'])
    const [slide] = citationsOf(await ask(application, 'maria', 'What does a bicycle box cost?'))
    assert.deepEqual([slide?.document, slide?.slide], ['handbook:talk.bin', 2])
    const again = await ingest(application)
    assert.deepEqual([again.documents.unchanged, again.documents.failed, again.chunks], [7, 7, 0])
    assert.deepEqual((await application.sources())[0]?.failures, 7)
    await writeFile(join(folder, 'docs/poison/empty.md'), '# Filled\n\nNow it says something.\n')
    await rm(join(folder, 'docs/poison/bomb.docx'))
    const cured = await ingest(application)
    assert.deepEqual([cured.documents.added, cured.documents.failed], [1, 5])
  },
)

test(
  'links are not followed: out of the root is an error row, into a confidential folder gives nothing away [A1, A4, D7]',
  LIMIT,
  async (t) => {
    const folder = await temporaryFolder(t, { ...companyFiles, 'outside/secret.md': '# Outside\n\nThe outside secret.\n' })
    const docs = join(folder, 'docs')
    await symlink(join(folder, 'outside/secret.md'), join(docs, 'out.md'))
    await symlink(join(folder, 'outside'), join(docs, 'out-folder'))
    await symlink(join(docs, 'people/salaries.md'), join(docs, 'inside.md'))
    await symlink(join(docs, 'people'), join(docs, 'inside-folder'))
    await symlink(join(docs, 'nowhere.md'), join(docs, 'broken.md'))
    const application = await openApplication(t, folder, companyConfig)
    const report = await ingest(application)
    assert.deepEqual(
      report.failures.map(({ document, code }) => `${document} ${code}`).filter((row) => !row.includes('broken')),
      ['handbook:out-folder SOURCE_LINK_OUTSIDE', 'handbook:out.md SOURCE_LINK_OUTSIDE'],
    )
    assert.deepEqual(await readablePaths(application, 'maria'), ['leave.md', 'travel.md'])
    assert.deepEqual(await readablePaths(application, 'petra'), ['leave.md', 'people/salaries.md', 'travel.md'])
    for (const query of ['outside secret', 'salary band principal engineers'])
      for (const { text } of await search(application, 'maria', query)) assert.doesNotMatch(text, /outside secret|98000/)
    await rename(join(docs, 'people'), join(docs, 'staff'))
    await rm(join(docs, 'inside-folder'))
    await symlink(join(folder, 'outside'), join(docs, 'people'))
    await ingest(application)
    assert.deepEqual(await readablePaths(application, 'petra'), ['leave.md', 'staff/salaries.md', 'travel.md'])
  },
)

test(
  'a file that becomes a link or grows while it is read is read again next time, its last version stands [A1]',
  LIMIT,
  async (t) => {
    const folder = await temporaryFolder(t, companyFiles)
    const application = await openApplication(t, folder, companyConfig)
    const page = join(folder, 'docs/leave.md')
    await ingest(application)
    // Large enough that reading takes a while; a writer keeps appending meanwhile.
    await writeFile(page, `# Annual leave\n\n${'Everyone gets 26 days of annual leave. '.repeat(1_000_000)}\n`)
    const stop = new AbortController()
    const writer = (async () => {
      while (!stop.signal.aborted) {
        appendFileSync(page, 'more ')
        await new Promise((resolve) => setImmediate(resolve))
      }
    })()
    const report = await ingest(application)
    stop.abort()
    await writer
    assert.deepEqual(report.failures.map(({ code }) => code), ['SOURCE_ITEM_CHANGED']) // prettier-ignore
    assert.match((await ask(application, 'maria', 'How many days of annual leave do I get?')).text, /25 days/)
    await writeFile(page, '# Annual leave\n\nEveryone gets 27 days of annual leave.\n')
    assert.equal((await ingest(application)).documents.changed, 1)
    assert.match((await ask(application, 'maria', 'How many days of annual leave do I get?')).text, /27 days/)
  },
)

test(
  'a folder that cannot be listed is an error row, and what is below it is withheld until it can be [A1, A4]',
  LIMIT,
  async (t) => {
    if (process.getuid?.() === 0) return t.skip('root reads everything')
    const folder = await temporaryFolder(t, companyFiles)
    const application = await openApplication(t, folder, companyConfig)
    await ingest(application)
    const people = join(folder, 'docs/people')
    await chmod(people, 0o000)
    const { failures } = await ingest(application).finally(() => chmod(people, 0o700))
    assert.deepEqual(failures.map(({ code }) => code), ['SOURCE_ITEM_UNREADABLE']) // prettier-ignore
    assert.deepEqual(await readablePaths(application, 'petra'), ['leave.md', 'travel.md'])
    await ingest(application)
    assert.deepEqual(await readablePaths(application, 'petra'), ['leave.md', 'people/salaries.md', 'travel.md'])
  },
)

test('an access.yaml that cannot be read means nobody, whatever it is [A4]', LIMIT, async (t) => {
  const folder = await temporaryFolder(t, companyFiles)
  const application = await openApplication(t, folder, companyConfig)
  const rules = join(folder, 'docs/people/access.yaml')
  await rm(rules)
  await ingest(application)
  assert((await readablePaths(application, 'maria')).includes('people/salaries.md'), 'without a rule of its own: the one above')
  const broken: readonly (readonly [string, () => Promise<unknown>])[] = [
    ['a link to nothing', () => symlink(join(folder, 'nowhere.yaml'), rules)],
    ['a folder', () => mkdir(rules)],
    ['a link in a circle', () => symlink(rules, rules)],
    ['a rule for a file further down', () => writeFiles(folder, { 'docs/people/access.yaml': 'readers: [everyone]\nfiles: { more/x.md: { readers: [] } }\n' })], // prettier-ignore
  ]
  for (const [what, make] of broken) {
    await rm(rules, { recursive: true, force: true })
    await make()
    await ingest(application)
    for (const user of ['maria', 'petra']) assert(!(await readablePaths(application, user)).includes('people/salaries.md'), what)
  }
})

test('a missing folder is said by its path; documents and rights stay as they were until it is back [A1]', LIMIT, async (t) => {
  const folder = await temporaryFolder(t, companyFiles)
  const application = await openApplication(t, folder, companyConfig)
  await ingest(application)
  await rename(join(folder, 'docs'), join(folder, 'elsewhere'))
  await assert.rejects(ingest(application), (error: Error & { code?: string }) => {
    assert.equal(error.code, 'SOURCE_PATH_MISSING')
    assert(error.message.includes(join(folder, 'docs')) && error.message.includes('sources.handbook.path'))
    return true
  })
  assert.equal((await application.sources())[0]?.state, 'failed')
  assert.deepEqual(await readablePaths(application, 'maria'), ['leave.md', 'travel.md'])
  await rename(join(folder, 'elsewhere'), join(folder, 'docs'))
  assert.equal((await ingest(application)).documents.unchanged, 3)
})

test(
  'names that are hard to write stay names: links, traversal and quotes in file names are only text [A1, A4]',
  LIMIT,
  async (t) => {
    const names = [
      "it's 100% {odd} #1.md",
      'a\\b.md',
      '日本語 ページ.md',
      "'; drop table documents; --.md",
      '..hidden?.md',
      'x'.repeat(200) + '.md',
    ]
    const pages = Object.fromEntries(names.map((name, at) => [`docs/${name}`, `# Odd ${at}\n\nOdd name number ${at} here.\n`]))
    const folder = await temporaryFolder(t, { 'docs/access.yaml': 'readers: [everyone]\n', ...pages })
    const application = await openApplication(t, folder, companyConfig)
    const { documents } = await ingest(application)
    // What begins with a dot is hidden.
    assert.deepEqual([documents.added, documents.failed], [5, 0])
    const hits = await search(application, 'maria', 'odd name number')
    assert.equal(hits.length, 5)
    assert.deepEqual(new Set(hits.map(({ path }) => path)), new Set(names.filter((name) => !name.startsWith('.'))))
    for (const name of names) await rm(join(folder, 'docs', name))
    assert.equal((await ingest(application)).documents.deleted, 5)
    assert.deepEqual(await search(application, 'maria', 'odd name number'), [])
  },
)
