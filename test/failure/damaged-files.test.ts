/** Real damage to the files of state and index: told by name with a cure, the cure works, and until then nothing wrong and nothing forbidden is shown. */
import assert from 'node:assert/strict'
import { cp, mkdir, readdir, readFile, rename, rm, stat, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, test, type TestContext } from 'node:test'
import { isTouchstoneError } from '../../src/foundation/errors/touchstone-error.ts'
import { ask, ingest, openApplication, readablePaths, search } from '../fixtures/application.ts'
import { backUp, rebuild, restoreFrom } from '../fixtures/backups.ts'
import { companyConfig, companyFiles } from '../fixtures/company.ts'
import { mountReadOnly } from '../fixtures/small-disk.ts'
import { temporaryFolder } from '../fixtures/temp-folder.ts'

const LIMIT = { timeout: 60_000 }
const QUESTION = 'How many days of annual leave do I get?'

// Read once; every test gets a copy.
const original = await temporaryFolder({ after }, companyFiles)
const first = await openApplication({ after: () => {} }, original, companyConfig)
await ingest(first)
await cp(join(original, 'state'), join(original, 'state-in-use'), { recursive: true })
await backUp(original, companyConfig, 'backup')
await first.close()

async function copied(t: TestContext): Promise<string> {
  const folder = await temporaryFolder(t)
  await cp(original, folder, { recursive: true })
  return folder
}

async function filesIn(folder: string, part: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  return paths.filter((path) => path.includes(part)).sort()
}

/** Turns bytes over, a few in every file, always the same ones. */
async function flip(paths: readonly string[], share: number): Promise<void> {
  for (const path of paths) {
    const bytes = await readFile(path)
    for (let at = Math.floor(bytes.length * share); at < bytes.length; at += 97) bytes[at] = (bytes[at] ?? 0) ^ 0xff
    await writeFile(path, bytes)
  }
}

const indexDamages: readonly (readonly [string, (index: string) => Promise<void>])[] = [
  ['a truncated manifest', async (index) => truncateAll(await filesIn(index, '_versions'), 0.5)],
  ['a missing fragment', async (index) => removeAll((await filesIn(index, '/data/')).slice(0, 1))],
  ['a fragment cut in half', async (index) => truncateAll(await filesIn(index, '/data/'), 0.5)],
  ['bytes turned over in the data', async (index) => flip(await filesIn(index, '/data/'), 0)],
  ['bytes turned over at the end of the data', async (index) => flip(await filesIn(index, '/data/'), 0.9)],
  ['bytes turned over in the search structures', async (index) => flip(await filesIn(index, '/_indices/'), 0)],
  ['bytes turned over at the end of the search structures', async (index) => flip(await filesIn(index, '/_indices/'), 0.8)],
  ['search structures gone', async (index) => removeAll(await filesIn(index, '/_indices/'))],
  ['search structures cut in half', async (index) => truncateAll(await filesIn(index, '/_indices/'), 0.5)],
  ['one table gone', (index) => rm(join(index, 'documents.lance'), { recursive: true })],
  ['the whole folder gone', (index) => rm(index, { recursive: true })],
]

for (const [what, damage] of indexDamages) {
  test(
    `index, ${what}: named or harmless; \`index rebuild\` brings it back without the sources [A4, A7, I4]`,
    LIMIT,
    async (t) => {
      const folder = await copied(t)
      const [name = ''] = await readdir(join(folder, 'state/index/main'))
      await damage(join(folder, 'state/index/main', name))
      await rename(join(folder, 'docs'), join(folder, 'docs-out-of-reach'))
      const meeting = await meet(folder)
      t.diagnostic(meeting)
      const report = await rebuild(folder, companyConfig)
      assert.deepEqual([report.rebuilt, report.unreadable], [3, 0])
      const application = await openApplication(t, folder, companyConfig)
      assert.match((await ask(application, 'maria', QUESTION)).text, /25 days/)
      assert.deepEqual((await search(application, 'petra', 'salary band')).map(({ path }) => path), ['people/salaries.md']) // prettier-ignore
      const { missing, disagreeing } = await application.compareIndex()
      assert.deepEqual([missing, disagreeing], [[], []])
    },
  )
}

/** What a person meets who asks now. */
async function meet(folder: string): Promise<string> {
  const opened: { close(): Promise<void> }[] = []
  try {
    const application = await openApplication({ after: () => {} }, folder, companyConfig)
    opened.push(application)
    const hits = await search(application, 'maria', 'annual leave salary dinner')
    for (const { text } of hits) {
      assert.doesNotMatch(text, /98000/)
      assert(
        Object.values(companyFiles).some((file) => String(file).includes(text.trim())),
        `invented: ${text}`,
      )
    }
    return `${hits.length} right hits`
  } catch (error) {
    if (!isTouchstoneError(error)) throw error
    assert(error.code === 'INDEX_CORRUPT' || error.code === 'INDEX_UNAVAILABLE', error.message)
    assert.match(error.message, /index rebuild|doctor/)
    return error.message
  } finally {
    for (const application of opened) await application.close()
  }
}

async function truncateAll(paths: readonly string[], share: number): Promise<void> {
  for (const path of paths) await truncate(path, Math.floor((await stat(path)).size * share))
}

async function removeAll(paths: readonly string[]): Promise<void> {
  for (const path of paths) await rm(path)
}

for (const share of [0.001, 0.02, 0.3, 0.5, 0.9, 0.99]) {
  test(
    `state cut off at ${share * 100} %: told at the start, and a restore with --replace cures it [A4, I4]`,
    LIMIT,
    async (t) => {
      const folder = await copied(t)
      await truncateAll([join(folder, 'state/state.sqlite')], share)
      await assert.rejects(openApplication(t, folder, companyConfig), (error) => {
        assert(isTouchstoneError(error, 'STATE_CORRUPT'))
        assert.match(error.message, /restore DIR --replace/)
        return true
      })
      await restoreFrom(folder, companyConfig, 'backup', { replace: true })
      const application = await openApplication(t, folder, companyConfig)
      assert.deepEqual(await readablePaths(application, 'maria'), [])
      assert.equal((await ingest(application)).documents.unchanged, 3)
      assert.match((await ask(application, 'maria', QUESTION)).text, /25 days/)
    },
  )
}

test('a backup of a damaged state is refused, and leaves nothing behind [I4]', LIMIT, async (t) => {
  const folder = await copied(t)
  const path = join(folder, 'state/state.sqlite')
  const bytes = await readFile(path)
  // Beyond the first pages: it opens, and only looking at every page shows it.
  bytes.fill(0x5a, Math.floor(bytes.length * 0.6), Math.floor(bytes.length * 0.9))
  await writeFile(path, bytes)
  await assert.rejects(backUp(folder, companyConfig, 'of-damage'), { code: 'STATE_CORRUPT' })
  assert.deepEqual((await readdir(folder)).filter((name) => name.startsWith('of-damage')), []) // prettier-ignore
})

test(
  'the log of a state removed by hand: an older moment, whole; nobody reads more, and the next ingest goes on [A1, A4]',
  LIMIT,
  async (t) => {
    const folder = await copied(t)
    await rm(join(folder, 'state'), { recursive: true })
    await mkdir(join(folder, 'state'))
    await cp(join(folder, 'state-in-use'), join(folder, 'state'), { recursive: true })
    await rm(join(folder, 'state/state.sqlite-wal'))
    await rm(join(folder, 'state/state.sqlite-shm'), { force: true })
    const application = await openApplication(t, folder, companyConfig)
    for (const path of await readablePaths(application, 'maria')) assert.notEqual(path, 'people/salaries.md')
    await ingest(application)
    assert.match((await ask(application, 'maria', QUESTION)).text, /25 days/)
  },
)

test('a state folder that is read-only is said by its path, and nothing is lost [I4]', LIMIT, async (t) => {
  const folder = await copied(t)
  const undo = await mountReadOnly(join(folder, 'state'))
  if (undo === undefined) return t.skip('this user cannot mount a folder read-only')
  try {
    await assert.rejects(openApplication(t, folder, companyConfig), (error) => {
      assert(isTouchstoneError(error, 'STATE_UNAVAILABLE'))
      assert(error.message.includes(join(folder, 'state')))
      assert.match(error.message, /writable/)
      return true
    })
  } finally {
    await undo()
  }
  const application = await openApplication(t, folder, companyConfig)
  assert.match((await ask(application, 'maria', QUESTION)).text, /25 days/)
})
