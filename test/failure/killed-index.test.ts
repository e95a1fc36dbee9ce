/** Another index is being built or switched to when the process dies, the disk fills up, or somebody else switches: the one that serves serves on. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { test, type TestContext } from 'node:test'
import type { ComposedApplication } from '../../src/app/compose.ts'
import type { TouchstoneConfig } from '../../src/app/config.ts'
import { listIndexes } from '../../src/foundation/storage/live-indexes.ts'
import { seededRandom } from '../../src/testing/seeded-random.ts'
import { ingest, NEVER, openApplication, search } from '../fixtures/application.ts'
import { ended, startScript } from '../fixtures/command-line.ts'
import { mountSmallDisk } from '../fixtures/small-disk.ts'
import { whenFree } from '../permissions/product.ts'
import { temporaryFolder, writeFiles } from '../fixtures/temp-folder.ts'

const DOCUMENTS = 600
const KILLS = 5
const SEED = Number(process.env['TOUCHSTONE_SEED'] ?? Math.floor(Math.random() * 1e6))
const run = { signal: NEVER }
const plain = { ...run, force: true }

const WORDS: TouchstoneConfig = {
  sources: { docs: { kind: 'folder', path: 'docs', maxLagMinutes: null, access: [{ path: '**', readers: ['everyone'] }] } },
  access: { users: { ann: {} } },
  index: { embedding: null },
}
const MEANING: TouchstoneConfig = { ...WORDS, index: { embedding: 'builtin/static', switch: 'manual' } }

function pages(count: number, prefix = 'p'): Record<string, string> {
  const text = (number: number): string =>
    `# Page ${number}\n\nThe word of this page is w${prefix}${number}x, beside common ones.\n`
  return Object.fromEntries(Array.from({ length: count }, (_, number) => [`docs/${prefix}${number}.md`, text(number)]))
}

async function openServer(
  t: TestContext,
  count: number,
): Promise<{ folder: string; server: ComposedApplication; meaning: string }> {
  const folder = await temporaryFolder(t, pages(count))
  const server = await openApplication(t, folder, WORDS)
  await ingest(server)
  const meaning = join(folder, 'meaning.config.mjs')
  await writeFile(meaning, `export default ${JSON.stringify(MEANING)}\n`)
  return { folder, server, meaning }
}

async function assertServes(server: ComposedApplication, word: string, path: string): Promise<void> {
  const [hit] = await search(server, 'ann', word, 1)
  assert.equal(hit?.path, path)
  assert.equal((await listIndexes(server.foundation.state, server.tenant)).filter(({ role }) => role === 'serving').length, 1)
}

test(
  `${KILLS} kills of a build leave the serving index alone, and the next build goes on to the end [A6, A7]`,
  { timeout: 300_000 },
  async (t) => {
    t.diagnostic(`TOUCHSTONE_SEED=${SEED}`)
    const random = seededRandom(SEED)
    const { folder, server, meaning } = await openServer(t, DOCUMENTS)
    let killedAtWork = 0
    for (let kill = 0; kill < KILLS; kill++) {
      const building = startScript('index-process', 'build', meaning, join(folder, 'state'))
      const lines = createInterface({ input: building.stdout })
      for await (const line of lines) if (line.includes('/')) break
      await new Promise((resolve) => setTimeout(resolve, random() * 250))
      if ((await ended(building, 'SIGKILL')) === null) killedAtWork++
      // Changes go on between the attempts.
      await writeFiles(folder, pages(1, `k${kill}n`))
      await rm(join(folder, 'docs', `p${kill}.md`))
      await ingest(server)
      await assertServes(server, `wk${kill}n0x`, `k${kill}n0.md`)
    }
    assert.ok(killedAtWork > 0, 'every build ended before it was killed')
    t.diagnostic(`${killedAtWork} of ${KILLS} were at work`)
    const cli = await openApplication(t, folder, MEANING)
    const built = await cli.buildIndex(undefined, run)
    assert.deepEqual([built.built, built.behind, built.documents], [true, 0, DOCUMENTS])
    const [serving] = await cli.indexes()
    assert.equal(built.chunks, serving?.chunks)
    await cli.switchIndex(built.index, plain)
    await assertServes(server, 'wk0n0x', 'k0n0.md')
    assert.equal((await cli.compareIndex()).missing.length, 0)
  },
)

test('kills while the index is switched back and forth leave one that serves [A7]', { timeout: 60_000 }, async (t) => {
  const random = seededRandom(SEED)
  const { folder, server, meaning } = await openServer(t, 20)
  const cli = await openApplication(t, folder, MEANING)
  await cli.buildIndex(undefined, run)
  await cli.switchIndex('candidate', plain)
  for (let kill = 0; kill < KILLS; kill++) {
    const switching = startScript('index-process', 'switch', meaning, join(folder, 'state'))
    await once(createInterface({ input: switching.stdout }), 'line')
    await new Promise((resolve) => setTimeout(resolve, random() * 150))
    await ended(switching, 'SIGKILL')
    await assertServes(server, 'wp7x', 'p7.md')
    assert.equal((await listIndexes(server.foundation.state, server.tenant)).length, 2)
  }
})

test('of two that switch at once both end, and one index serves [A7]', async (t) => {
  const { folder, server } = await openServer(t, 20)
  const [one, other] = [await openApplication(t, folder, MEANING), await openApplication(t, folder, MEANING)]
  const { index } = await one.buildIndex(undefined, run)
  const reports = await Promise.all([one.switchIndex(index, plain), other.switchIndex(index, plain)])
  assert.deepEqual(reports.map(({ serving }) => serving), [index, index]) // prettier-ignore
  await Promise.all([one.rollbackIndex(run), other.switchIndex(index, plain), whenFree(() => ingest(server))])
  await assertServes(server, 'wp7x', 'p7.md')
})

test(
  'a disk that fills up while an index is built is told; the one that serves is untouched, and the build goes on later [A6, I4]',
  { timeout: 60_000 },
  async (t) => {
    const folder = await temporaryFolder(t, pages(200))
    const undo = await mountSmallDisk(join(folder, 'state'), 12)
    if (undo === undefined) return t.skip('this user cannot mount a small disk')
    const opened: (() => Promise<void>)[] = []
    const ending = { after: (work: () => Promise<void>) => void opened.unshift(work) }
    try {
      const server = await openApplication(ending, folder, WORDS)
      await ingest(server)
      const cli = await openApplication(ending, folder, MEANING)
      const filler = join(folder, 'state', 'filler')
      for (const bytes of [1 << 20, 1 << 14, 1 << 12])
      while (await writeFile(filler, Buffer.alloc(bytes), { flag: 'a' }).then(() => true, () => false)); // prettier-ignore
      await assert.rejects(cli.buildIndex(undefined, run), { code: 'DISK_FULL' })
      await assertServes(server, 'wp7x', 'p7.md')
      await rm(filler)
      assert.equal((await cli.buildIndex(undefined, run)).documents, 200)
    } finally {
      for (const end of opened) await end()
      await undo()
    }
  },
)
