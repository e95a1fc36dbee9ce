/** An ingest killed at any moment: readers only ever see whole versions, what they saw stays, and the next run goes on. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { test } from 'node:test'
import { createLanceDbEngine } from '../../src/adapters/lancedb/lancedb-index.ts'
import type { ComposedApplication } from '../../src/app/compose.ts'
import type { IngestReport } from '../../src/contracts/ingest-report.ts'
import { servingIndex } from '../../src/foundation/storage/live-indexes.ts'
import { openApplication, readablePaths, search } from '../fixtures/application.ts'
import { ended, startScript } from '../fixtures/command-line.ts'
import { seededRandom } from '../../src/testing/seeded-random.ts'
import { documentName, documentText, revisionOf } from '../fixtures/generated-documents.ts'
import { temporaryFolder, writeFiles } from '../fixtures/temp-folder.ts'

const KILLS = Number(process.env['TOUCHSTONE_KILLS'] ?? 12)
const SEED = Number(process.env['TOUCHSTONE_SEED'] ?? Math.floor(Math.random() * 1e6))
const DOCUMENTS = 150
/** More chunks than one batch takes, so that a run publishes several times. */
const SECTIONS = 24
/** Past the time after which a killed process's lease ends, where it is not taken over at once. */
const LEASE_OVER_MS = existsSync('/proc/self/ns/pid') ? 0 : 20_000
/** When a kill comes: after this share of the documents is read, and so much later. */
interface Moment {
  readonly progress: number
  readonly delayMs: number
}

/** Half of the kills meet the reading, half the writing of the last batch and what follows. */
function randomMoment(random: () => number): Moment {
  return random() < 0.5 ? { progress: random(), delayMs: random() * 100 } : { progress: 1, delayMs: random() * 500 }
}

const config = {
  // Without a bound documents are served while the first run goes on, and whatever the processes' clocks say.
  sources: { docs: { kind: 'folder', path: 'docs', maxLagMinutes: null, access: [{ path: '**', readers: ['everyone'] }] } },
  access: { users: { ann: {} } },
}

/** Files as they are now: number of the document to its revision. */
type Files = Map<number, number>

test(
  `${KILLS} kills at random moments of an ingest lose nothing and show nothing half [A1, A4]`,
  { timeout: 60_000 + KILLS * 20_000 },
  async (t) => {
    t.diagnostic(`TOUCHSTONE_SEED=${SEED}`)
    const random = seededRandom(SEED)
    const folder = await temporaryFolder(t)
    const files: Files = new Map()
    const reader = await openApplication(t, folder, config)
    const paths = { config: join(folder, 'process.config.mjs'), data: join(folder, 'state') }
    await writeFiles(folder, { 'process.config.mjs': `export default ${JSON.stringify(config)}\n` })
    for (let number = 0; number < DOCUMENTS; number++) await write(folder, files, number, 1)
    let seen: Files = new Map()
    let killedAtWork = 0
    for (let kill = 1; kill <= KILLS; kill++) {
      const moment = randomMoment(random)
      const report = await ingestAndKill(paths, kill * LEASE_OVER_MS, moment)
      if (report === undefined) killedAtWork++
      const now = await readWhole(reader)
      for (const [number, revision] of seen)
        // What was deleted in between may be gone; what was edited may be newer; nothing else may change.
        if (files.has(number)) assert((now.get(number) ?? 0) >= revision, `kill ${kill}: document ${number} went back or away`)
      for (const number of now.keys())
        assert(files.has(number) || seen.has(number), `kill ${kill}: deleted document ${number} came back`)
      if (report !== undefined) assert.deepEqual(sorted(now), sorted(files))
      seen = now
      await edit(folder, files, random)
    }
    assert(killedAtWork > 0, 'no run was killed before it ended; the kills prove nothing')
    const last = await ingestAndKill(paths, (KILLS + 1) * LEASE_OVER_MS, undefined)
    assert(last)
    assert.equal(last.documents.failed, 0)
    assert.equal(last.documents.added + last.documents.changed + last.documents.unchanged, files.size)
    assert.deepEqual(sorted(await readWhole(reader)), sorted(files))
    await assertIndexAgrees(reader, folder)
    t.diagnostic(`${killedAtWork} of ${KILLS} runs were killed before they ended`)
  },
)

async function write(folder: string, files: Files, number: number, revision: number): Promise<void> {
  files.set(number, revision)
  await writeFiles(folder, { [`docs/${documentName(number)}`]: documentText(number, revision, SECTIONS) })
}

async function edit(folder: string, files: Files, random: () => number): Promise<void> {
  const pick = (): number => [...files.keys()][Math.floor(random() * files.size)] ?? 0
  for (let count = 0; count < 12; count++) {
    const number = pick()
    await write(folder, files, number, (files.get(number) ?? 0) + 1)
  }
  for (let count = 0; count < 3; count++) {
    const number = pick()
    files.delete(number)
    await rm(join(folder, 'docs', documentName(number)))
  }
  const next = Math.max(...files.keys()) + 1
  for (let count = 0; count < 3; count++) await write(folder, files, next + count, 1)
}

/** @returns the report when it ended before the kill, or was not to be killed */
async function ingestAndKill(
  paths: { readonly config: string; readonly data: string },
  aheadMs: number,
  moment: Moment | undefined,
): Promise<IngestReport | undefined> {
  const child = startScript('ingest-process', paths.config, paths.data, String(aheadMs))
  let report: IngestReport | undefined
  let failure: string | undefined
  let timer: NodeJS.Timeout | undefined
  try {
    const lines = createInterface({ input: child.stdout })
    lines.on('line', (line) => {
      const said = JSON.parse(line) as { progress: number } | IngestReport | { error: { code: string } }
      if ('documents' in said) report = said
      else if ('error' in said) failure = line
      else if (moment !== undefined && said.progress >= moment.progress)
        timer ??= setTimeout(() => child.kill('SIGKILL'), moment.delayMs)
    })
    await once(child, 'close')
    assert.equal(failure, undefined)
    return report
  } finally {
    clearTimeout(timer)
    await ended(child, 'SIGKILL')
  }
}

/** Everything a reader can see, checked: one version per document, of one revision, every hit a slice of its text. */
async function readWhole(reader: ComposedApplication): Promise<Files> {
  const caller = { tenant: reader.tenant, user: 'ann' }
  const listed = await reader.documents(caller, { limit: 10_000 })
  const texts = new Map<string, string>()
  const now: Files = new Map()
  for (const { document, version, title } of listed) {
    const text = await reader.documentText(caller, document, version)
    texts.set(`${document} ${version}`, text)
    now.set(Number(/\d+/.exec(title)?.[0]), revisionOf(text))
  }
  for (const query of ['shared heading', 'topic5 rules', 'revision2', 'document7 section'])
    for (const hit of await search(reader, 'ann', query)) {
      const text = texts.get(`${hit.document} ${hit.version}`)
      assert(text !== undefined, `${hit.document}: a hit of a version that is not the visible one`)
      assert.equal(text.slice(hit.start, hit.end), hit.text)
      revisionOf(hit.text)
    }
  return now
}

async function assertIndexAgrees(reader: ComposedApplication, folder: string): Promise<void> {
  const rows = await reader.foundation.state.selectFrom('documents').select('chunks').execute()
  const pending = await reader.foundation.state.selectFrom('index_pending').selectAll().execute()
  assert.deepEqual(pending, [])
  const engine = createLanceDbEngine({ directory: join(folder, 'state/index') })
  const { name } = await servingIndex(reader.foundation.state, reader.tenant)
  const index = await engine.open(reader.tenant, name)
  try {
    const { records } = await index.stats()
    const chunks = rows.reduce((sum, row) => sum + row.chunks, 0)
    assert(chunks > 3_000, `${chunks} chunks fit into one batch`)
    assert.deepEqual(records, { documents: rows.length, chunks })
    assert.equal((await readablePaths(reader, 'ann')).length, rows.length)
  } finally {
    await index.close()
  }
}

function sorted(files: Files): readonly (readonly [number, number])[] {
  return [...files].sort(([left], [right]) => left - right)
}
