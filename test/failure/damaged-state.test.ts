/** A state or an index that is damaged, newer, locked or full: said by name, with a cure that works. */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { chmod, cp, mkdir, open, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { promisify } from 'node:util'
import { DatabaseSync } from 'node:sqlite'
import { isTouchstoneError } from '../../src/foundation/errors/touchstone-error.ts'
import { ask, ingest, openApplication, readablePaths, search } from '../fixtures/application.ts'
import { companyConfig, companyFiles } from '../fixtures/company.ts'
import { documentText } from '../fixtures/generated-documents.ts'
import { type Ending, temporaryFolder, writeFiles } from '../fixtures/temp-folder.ts'

const run = promisify(execFile)
const LIMIT = { timeout: 60_000 }
const QUESTION = 'How many days of annual leave do I get?'

/** A folder whose documents were read and whose application is closed again. */
async function readCompany(t: Ending): Promise<string> {
  const folder = await temporaryFolder(t, companyFiles)
  const application = await openApplication({ after: () => {} }, folder, companyConfig)
  await ingest(application)
  await application.close()
  return folder
}

/** Overwrites the middle of a file. */
async function damage(path: string, share = 0.8): Promise<void> {
  const { size } = await stat(path)
  const file = await open(path, 'r+')
  await file.write(Buffer.alloc(Math.ceil(size * share), 0x5a), 0, undefined, Math.floor((size * (1 - share)) / 2))
  await file.close()
}

test('a state of a newer version is refused, and nothing in it is changed [I4]', LIMIT, async (t) => {
  const folder = await readCompany(t)
  const state = new DatabaseSync(join(folder, 'state/state.sqlite'))
  state.exec(`insert into kysely_migration (name, timestamp) values ('9999', '2030-01-01')`)
  state.close()
  await assert.rejects(openApplication(t, folder, companyConfig), (error) => {
    assert(isTouchstoneError(error, 'STATE_NEWER'))
    assert.match(error.message, /newer version \(schema 9999, this one knows \d+\)\. Upgrade Touchstone/)
    return true
  })
})

test('a damaged state says so and names the cure [I4]', LIMIT, async (t) => {
  const folder = await readCompany(t)
  await writeFile(join(folder, 'state/state.sqlite'), 'this is no database, and it was none before either '.repeat(100))
  await assert.rejects(openApplication(t, folder, companyConfig), (error) => {
    assert(isTouchstoneError(error, 'STATE_CORRUPT'))
    assert.match(
      error.message,
      /Restore a backup with `npx touchstone restore DIR --replace`, or remove the folder and ingest again/,
    )
    return true
  })
  await rm(join(folder, 'state'), { recursive: true })
  const application = await openApplication(t, folder, companyConfig)
  assert.equal((await ingest(application)).documents.added, 3)
})

test('damage further inside the state is named too, when it is met [I4]', LIMIT, async (t) => {
  const folder = await readCompany(t)
  await damage(join(folder, 'state/state.sqlite'), 0.9)
  const met = async (): Promise<void> => {
    const application = await openApplication(t, folder, companyConfig)
    await ingest(application)
    await ask(application, 'maria', QUESTION)
  }
  await assert.rejects(met(), { code: 'STATE_CORRUPT' })
})

test('an index folder that is gone counts as nothing read, so that ask reads first [A1, I4]', LIMIT, async (t) => {
  const folder = await readCompany(t)
  await rm(join(folder, 'state/index'), { recursive: true })
  const application = await openApplication(t, folder, companyConfig)
  await application.ingestWhenEmpty({ signal: new AbortController().signal })
  assert.match((await ask(application, 'maria', QUESTION)).text, /25 days/)
})

test('the index of another copy or of yesterday shows nothing that the state does not confirm [A4, A7]', LIMIT, async (t) => {
  const folder = await readCompany(t)
  await cp(join(folder, 'state/index'), join(folder, 'index-of-yesterday'), { recursive: true })
  const before = await openApplication({ after: () => {} }, folder, companyConfig)
  await writeFiles(folder, { 'docs/leave.md': '# Annual leave\n\nEveryone gets 30 days of annual leave.\n' })
  await rm(join(folder, 'docs/travel.md'))
  await ingest(before)
  await before.close()
  await rm(join(folder, 'state/index'), { recursive: true })
  await cp(join(folder, 'index-of-yesterday'), join(folder, 'state/index'), { recursive: true })
  const application = await openApplication(t, folder, companyConfig)
  for (const hit of await search(application, 'maria', 'annual leave dinner')) assert.doesNotMatch(hit.text, /25 days|45 euros/)
})

test('a state folder that cannot be written is said by its path [I4]', LIMIT, async (t) => {
  const folder = await temporaryFolder(t, companyFiles)
  await writeFile(join(folder, 'state'), 'a file where a folder should be')
  await assert.rejects(openApplication(t, folder, companyConfig), (error) => {
    assert(isTouchstoneError(error, 'STATE_UNAVAILABLE'))
    assert(error.message.includes(join(folder, 'state')))
    return true
  })
  if (process.getuid?.() === 0) return t.diagnostic('root writes everywhere: the read-only folder is not tried')
  const closed = await readCompany(t)
  for (const path of [join(closed, 'state/state.sqlite'), join(closed, 'state')]) await chmod(path, 0o500)
  await assert.rejects(openApplication(t, closed, companyConfig), { code: 'STATE_UNAVAILABLE' })
  await chmod(join(closed, 'state'), 0o700)
})

test('a full disk is said as such; what was read before stays and is added to when there is room [A1, I4]', LIMIT, async (t) => {
  const folder = await temporaryFolder(t, companyFiles)
  const state = join(folder, 'state')
  await mkdir(state)
  const mounted = await run('mount', ['-t', 'tmpfs', '-o', 'size=6m', 'tmpfs', state]).then(
    () => true,
    () => false,
  )
  if (!mounted) return t.skip('this user cannot mount a small disk')
  const opened: { close(): Promise<void> }[] = []
  try {
    const application = await openApplication({ after: () => {} }, folder, companyConfig)
    opened.push(application)
    await ingest(application)
    const filler = Object.fromEntries(Array.from({ length: 60 }, (_, at) => [`docs/big-${at}.md`, documentText(at, 1, 120)]))
    await writeFiles(folder, filler)
    await assert.rejects(ingest(application), { code: 'DISK_FULL' })
    assert.match((await ask(application, 'maria', QUESTION)).text, /25 days/)
    for (const name of Object.keys(filler)) await rm(join(folder, name))
    const after = await openApplication({ after: () => {} }, folder, companyConfig)
    opened.push(after)
    const readable = await readablePaths(after, 'maria')
    assert(['leave.md', 'travel.md'].every((path) => readable.includes(path)))
    await run('mount', ['-o', 'remount,size=60m', state])
    assert.equal((await ingest(after)).documents.unchanged, 3)
  } finally {
    for (const application of opened) await application.close().catch(() => {})
    await run('umount', ['-l', state])
  }
})
