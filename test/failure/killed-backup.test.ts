/** Backups and restores killed at any moment: a folder with the name of a backup is a whole backup, and a state is the old one or the restored one. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { test } from 'node:test'
import { verifyBackup } from '../../src/app/backup/backup-manifest.ts'
import { isTouchstoneError } from '../../src/foundation/errors/touchstone-error.ts'
import type { ComposedApplication } from '../../src/app/compose.ts'
import { ingest, openApplication, readablePaths, search } from '../fixtures/application.ts'
import { backUp } from '../fixtures/backups.ts'
import { ended, startScript } from '../fixtures/command-line.ts'
import { seededRandom } from '../../src/testing/seeded-random.ts'
import { documentName, documentText } from '../fixtures/generated-documents.ts'
import { temporaryFolder, writeFiles } from '../fixtures/temp-folder.ts'

const KILLS = Number(process.env['TOUCHSTONE_KILLS'] ?? 12)
const SEED = Number(process.env['TOUCHSTONE_SEED'] ?? Math.floor(Math.random() * 1e6))
const LEASE_OVER_MS = 20_000
const BEFORE = 40
const AFTER = 25

const config = {
  sources: { docs: { kind: 'folder', path: 'docs', access: [{ path: '**', readers: ['everyone'] }] } },
  access: { users: { ann: {} } },
}
const files = (from: number, to: number, revision: number): Record<string, string> =>
  Object.fromEntries(
    Array.from({ length: to - from }, (_, at) => [`docs/${documentName(from + at)}`, documentText(from + at, revision, 6)]),
  )

test(
  `${KILLS} kills of backups and restores: never a half backup, never a half state [A4, I4]`,
  { timeout: 60_000 + KILLS * 8_000 },
  async (t) => {
    t.diagnostic(`TOUCHSTONE_SEED=${SEED}`)
    const random = seededRandom(SEED)
    const folder = await temporaryFolder(t, {
      ...files(0, BEFORE, 1),
      'process.config.mjs': `export default ${JSON.stringify(config)}\n`,
    })
    const serving = await openApplication(t, folder, config)
    await ingest(serving)
    await backUp(folder, config, 'whole')
    await rm(join(folder, 'docs'), { recursive: true })
    await writeFiles(folder, files(BEFORE, BEFORE + AFTER, 2))
    await ingest(serving)
    const outcomes = { backup: [0, 0], restore: [0, 0] }
    for (let kill = 1; kill <= KILLS; kill++) {
      const work = kill % 2 === 0 ? 'backup' : 'restore'
      const name = work === 'backup' ? `backup-${kill}` : 'whole'
      const isDone = await runAndKill(folder, work, name, kill * LEASE_OVER_MS, random)
      outcomes[work][isDone ? 1 : 0]!++
      if (work === 'backup') await assertWholeOrAbsent(join(folder, name), isDone)
      else await assertOldOrNew(serving, isDone)
    }
    t.diagnostic(`killed before the end, and after: ${JSON.stringify(outcomes)}`)
    assert(outcomes.backup[0]! + outcomes.restore[0]! > 0, 'nothing was killed before it ended; the kills prove nothing')
    assert(await runAndKill(folder, 'restore', 'whole', (KILLS + 1) * LEASE_OVER_MS, undefined))
    await assertOldOrNew(serving, true)
    await rm(join(folder, 'docs'), { recursive: true })
    await writeFiles(folder, files(0, BEFORE, 1))
    // A server whose clock is behind would take the sync for one of the future and withhold the source.
    const ahead = { ...serving.foundation.clock, now: () => Date.now() + (KILLS + 2) * LEASE_OVER_MS }
    const after = await openApplication(t, folder, config, { clock: ahead })
    await ingest(after)
    assert.equal((await readablePaths(after, 'ann')).length, BEFORE)
    assert.deepEqual(await serving.compareIndex(), { missing: [], disagreeing: [] })
    assert((await search(after, 'ann', 'shared heading')).length > 0)
  },
)

async function assertWholeOrAbsent(path: string, isDone: boolean): Promise<void> {
  const verified = await verifyBackup(path, () => {}).then(
    () => 'whole',
    (error: unknown) => {
      if (isTouchstoneError(error, 'BACKUP_INVALID') && /no readable manifest/.test(error.message)) return 'absent'
      throw error
    },
  )
  if (isDone) assert.equal(verified, 'whole')
}

/** Either every document of before the restore or every one of the backup, and of the latter none readable before it is read again. */
async function assertOldOrNew(serving: ComposedApplication, isDone: boolean): Promise<void> {
  const rows = await serving.foundation.state.selectFrom('documents').select('path').execute()
  assert(rows.length === (isDone ? BEFORE : rows.length === AFTER ? AFTER : BEFORE), `${rows.length} documents: half a restore`)
  const readable = await readablePaths(serving, 'ann')
  assert.equal(readable.length, rows.length === AFTER ? AFTER : 0)
  for (const hit of await search(serving, 'ann', 'shared heading')) assert(readable.includes(hit.path))
}

/** @returns whether it came to its end; it is killed at some step, and a little later */
async function runAndKill(
  folder: string,
  work: 'backup' | 'restore',
  name: string,
  aheadMs: number,
  random: (() => number) | undefined,
): Promise<boolean> {
  const child = startScript(
    'backup-process',
    work,
    join(folder, 'process.config.mjs'),
    join(folder, 'state'),
    join(folder, name),
    String(aheadMs),
  )
  // Half of the kills meet the copying, half what comes after it: the state's copy, or the transaction and what follows.
  const isLate = random !== undefined && random() < 0.5
  const step = random === undefined ? Infinity : Math.floor(random() * 190)
  const isMoment = (line: string, steps: number): boolean =>
    isLate ? line.startsWith(work === 'backup' ? 'state' : 'texts') : steps >= step
  let [steps, isDone] = [0, false]
  let timer: NodeJS.Timeout | undefined
  try {
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (line === 'done') isDone = true
      else if (isMoment(line, steps++)) timer ??= setTimeout(() => child.kill('SIGKILL'), (random?.() ?? 0) * 300)
    })
    await once(child, 'close')
    return isDone
  } finally {
    clearTimeout(timer)
    await ended(child, 'SIGKILL')
  }
}
