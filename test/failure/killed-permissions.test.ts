/** Permission edits killed at any moment: what was acknowledged holds, and the edit under way happened wholly or not at all. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { test } from 'node:test'
import { isTouchstoneError } from '../../src/foundation/errors/touchstone-error.ts'
import { ingest, openApplication, readablePaths } from '../fixtures/application.ts'
import { ended, startScript } from '../fixtures/command-line.ts'
import { companyConfig, companyFiles } from '../fixtures/company.ts'
import { maySeeSalaries, personAfter } from '../fixtures/edited-person.ts'
import { temporaryFolder, writeFiles } from '../fixtures/temp-folder.ts'

const KILLS = Number(process.env['TOUCHSTONE_KILLS'] ?? 8)

test(
  `${KILLS} kills during permission edits: nothing acknowledged is lost, nobody reads more [A4, D7]`,
  { timeout: 60_000 + KILLS * 8_000 },
  async (t) => {
    const folder = await temporaryFolder(t, companyFiles)
    const reader = await openApplication(t, folder, companyConfig)
    await ingest(reader)
    await writeFiles(folder, { 'process.config.mjs': `export default ${JSON.stringify(companyConfig)}\n` })
    let last = -1
    let edits = 0
    for (let kill = 0; kill < KILLS; kill++) {
      const { begun, done } = await editAndKill(folder, last + 1, Math.random() * 120)
      assert(done >= last, 'no edit came through')
      const person = (await reader.principals.users(reader.tenant)).find(({ id }) => id === 'zoe')
      const now = [done, begun].find((edit) => person?.name === personAfter(edit).name)
      assert(now !== undefined, `after edit ${done} of ${begun} begun, the person is ${JSON.stringify(person)}`)
      assert.deepEqual(person, personAfter(now))
      assert.equal(await seesSalaries(reader), maySeeSalaries(now), `edit ${now}`)
      edits += now - last
      last = now
    }
    t.diagnostic(`${edits} edits under ${KILLS} kills`)
  },
)

async function seesSalaries(reader: Awaited<ReturnType<typeof openApplication>>): Promise<boolean> {
  try {
    return (await readablePaths(reader, 'zoe')).includes('people/salaries.md')
  } catch (error) {
    if (isTouchstoneError(error, 'USER_DISABLED')) return false
    throw error
  }
}

async function editAndKill(folder: string, from: number, delayMs: number): Promise<{ begun: number; done: number }> {
  const child = startScript('permission-process', join(folder, 'process.config.mjs'), join(folder, 'state'), String(from))
  const said = { begun: from - 1, done: from - 1 }
  let timer: NodeJS.Timeout | undefined
  try {
    createInterface({ input: child.stdout }).on('line', (line) => {
      Object.assign(said, JSON.parse(line))
      if (said.done >= from) timer ??= setTimeout(() => child.kill('SIGKILL'), delayMs)
    })
    await once(child, 'close')
    return said
  } finally {
    clearTimeout(timer)
    await ended(child, 'SIGKILL')
  }
}
