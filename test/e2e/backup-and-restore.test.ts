/** Backup and restore as an operator meets them: while serving, into a living and into a lost state, and never with rights that were taken away. */
import assert from 'node:assert/strict'
import { appendFile, cp, mkdir, readdir, readFile, rename, rm, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { createServiceKey } from '../../src/app/http/service-keys.ts'
import type { DocumentId, PrincipalId } from '../../src/contracts/identity.ts'
import type { PushOperation } from '../../src/contracts/pushed-document.ts'
import { systemIds } from '../../src/foundation/concurrency/random.ts'
import { isTouchstoneError } from '../../src/foundation/errors/touchstone-error.ts'
import { liftRestoreMark } from '../../src/foundation/storage/restore-marks.ts'
import { ask, ingest, NEVER, openApplication, readablePaths, search } from '../fixtures/application.ts'
import { backUp, restoreFrom } from '../fixtures/backups.ts'
import { companyConfig, companyFiles } from '../fixtures/company.ts'
import { temporaryFolder, writeFiles } from '../fixtures/temp-folder.ts'

const LIMIT = { timeout: 60_000 }
const QUESTION = 'How many days of annual leave do I get?'

test(
  'a backup taken and restored while a server serves: it goes on with the restored documents at its next query [I4]',
  LIMIT,
  async (t) => {
    const folder = await temporaryFolder(t, companyFiles)
    const serving = await openApplication(t, folder, companyConfig)
    await ingest(serving)
    const report = await backUp(folder, companyConfig, 'monday')
    assert.deepEqual(report.counts, { documents: 3, chunks: 4, users: 3, groups: 2, keys: 0 })
    await writeFiles(folder, { 'docs/leave.md': '# Annual leave\n\nEverybody gets 3 days of annual leave.\n' })
    await rm(join(folder, 'docs/travel.md'))
    await writeFiles(folder, { 'docs/new.md': '# New\n\nA page that came after the backup.\n' })
    await ingest(serving)
    const restored = await restoreFrom(folder, companyConfig, 'monday', { replace: true })
    assert.equal(restored.continued, true)
    assert.deepEqual(restored.documents, { restored: 2, kept: 1, removed: 1 })
    assert.deepEqual(restored.withheld, { sources: ['handbook'], declared: [], directory: false, keys: [] })
    assert.deepEqual(restored.index, { loaded: true, rebuilt: 0, unreadable: 0 })
    assert.deepEqual(await readablePaths(serving, 'maria'), [], 'withheld until the source has been read again')
    assert.deepEqual(await search(serving, 'maria', 'annual leave'), [])
    const [source] = await serving.sources()
    assert.equal(source?.withheld, 'restored')
    const [checked] = await serving.sources({ health: true })
    assert.match(checked?.health?.findings[0]?.cure ?? '', /ingest --source handbook/)
    await writeFiles(folder, companyFiles)
    await ingest(serving)
    assert.match((await ask(serving, 'maria', QUESTION)).text, /25 days/)
    assert.deepEqual((await search(serving, 'maria', 'dinner')).map(({ path }) => path), ['travel.md']) // prettier-ignore
    assert.equal((await serving.sources())[0]?.withheld, undefined)
  },
)

test('into a lost state everything comes back closed: documents, keys and people open one by one [A4, I4]', LIMIT, async (t) => {
  const folder = await temporaryFolder(t, companyFiles)
  const before = await openApplication({ after: () => {} }, folder, companyConfig)
  await ingest(before)
  await before.principals.putUser(before.tenant, { id: 'eve', name: 'Eve', disabled: false, groups: ['people-ops'] }, 'api')
  const wanted = {
    tenant: before.tenant,
    name: 'portal',
    principal: 'service:portal' as PrincipalId,
    role: 'ask',
    mayActForUsers: true,
  } as const
  const { key } = await createServiceKey(before.credentials, wanted, systemIds.bytes)
  await before.audit.append({ tenant: before.tenant, actor: 'test', action: 'before', target: 'x' })
  await backUp(folder, companyConfig, 'monday')
  await before.close()
  await rm(join(folder, 'state'), { recursive: true })
  const restored = await restoreFrom(folder, companyConfig, 'monday')
  assert.equal(restored.continued, false)
  assert.deepEqual(restored.withheld, { sources: ['handbook'], declared: [], directory: true, keys: [key.id] })
  const after = await openApplication(t, folder, companyConfig)
  const { tenant } = after
  assert.deepEqual((await after.audit.recent(tenant, 10)).map(({ action }) => action), ['restore', 'before']) // prettier-ignore
  assert.deepEqual((await after.principals.users(tenant)).map(({ id }) => id), ['erik', 'eve', 'maria', 'petra']) // prettier-ignore
  assert(((await after.credentials.find(key.id))?.key.revokedAtMs ?? 0) > 0)
  assert.equal((await ingest(after)).documents.unchanged, 3)
  assert.deepEqual(await readablePaths(after, 'maria'), [], 'nobody has confirmed who is in which group')
  assert.equal(await liftRestoreMark(after.foundation.state, tenant, ['directory'], ''), true)
  assert.deepEqual(await readablePaths(after, 'maria'), ['leave.md', 'travel.md'])
  assert.deepEqual(await readablePaths(after, 'eve'), ['leave.md', 'people/salaries.md', 'travel.md'])
  assert.equal(await after.credentials.confirm(tenant, key.id), true)
  assert.equal(await after.credentials.confirm(tenant, key.id), false)
  assert.equal((await after.credentials.find(key.id))?.key.revokedAtMs, undefined)
  assert.match((await ask(after, 'maria', QUESTION)).text, /25 days/)
})

test('what was taken away after the backup stays away: a user, a group, a key, a rule, a document [A4]', LIMIT, async (t) => {
  const folder = await temporaryFolder(t, companyFiles)
  const serving = await openApplication(t, folder, companyConfig)
  const { tenant, principals, credentials } = serving
  await ingest(serving)
  await principals.putUser(tenant, { id: 'eve', name: 'Eve', disabled: false, groups: ['people-ops'] }, 'api')
  const wanted = {
    tenant,
    name: 'portal',
    principal: 'service:portal' as PrincipalId,
    role: 'ask',
    mayActForUsers: true,
  } as const
  const { key } = await createServiceKey(credentials, wanted, systemIds.bytes)
  await backUp(folder, companyConfig, 'monday')
  await principals.putUser(tenant, { id: 'eve', name: 'Eve', disabled: true, groups: [] }, 'api')
  await principals.putUser(tenant, { id: 'petra', name: 'Petra', disabled: false, groups: [] }, 'api')
  await credentials.revoke(tenant, key.id)
  await writeFiles(folder, { 'docs/access.yaml': 'readers: [user:petra]\n' })
  await rm(join(folder, 'docs/travel.md'))
  await ingest(serving)
  const restored = await restoreFrom(folder, companyConfig, 'monday', { replace: true })
  assert.deepEqual(restored.documents, { restored: 1, kept: 2, removed: 0 })
  await assert.rejects(readablePaths(serving, 'eve'), { code: 'USER_DISABLED' })
  assert(((await credentials.find(key.id))?.key.revokedAtMs ?? 0) > 0)
  await ingest(serving)
  assert.deepEqual(await readablePaths(serving, 'maria'), [])
  assert.deepEqual(await readablePaths(serving, 'petra'), ['leave.md'])
})

test(
  'a folder added by hand to a lost state keeps its rights nowhere else: it is released, not only read again [A4]',
  LIMIT,
  async (t) => {
    const folder = await temporaryFolder(t, companyFiles)
    const config = { ...companyConfig, sources: {} }
    const before = await openApplication({ after: () => {} }, folder, config)
    const id = await before.addFolder(join(folder, 'docs'), ['everyone'])
    await ingest(before)
    await backUp(folder, config, 'monday')
    await before.close()
    await rm(join(folder, 'state'), { recursive: true })
    assert.deepEqual((await restoreFrom(folder, config, 'monday')).withheld.declared, [id])
    const after = await openApplication(t, folder, config)
    await ingest(after)
    assert.deepEqual(await readablePaths(after, 'maria'), [])
    await liftRestoreMark(after.foundation.state, after.tenant, ['source', 'declared'], id)
    assert.deepEqual(await readablePaths(after, 'maria'), ['leave.md', 'travel.md'])
  },
)

test('a source that was removed after the backup comes back only when it is released [A4]', LIMIT, async (t) => {
  const folder = await temporaryFolder(t, companyFiles)
  const config = { ...companyConfig, sources: {} }
  const serving = await openApplication(t, folder, config)
  const id = await serving.addFolder(join(folder, 'docs'), ['everyone'])
  await ingest(serving)
  await backUp(folder, config, 'monday')
  await serving.removeSource(id)
  const restored = await restoreFrom(folder, config, 'monday', { replace: true })
  assert.deepEqual([restored.continued, restored.withheld.declared], [true, [id]])
  await ingest(serving)
  assert.deepEqual(await readablePaths(serving, 'maria'), [])
})

test(
  'pushed documents: what is gone comes back unreleased, what is here keeps its newest rights and content [A1, A4]',
  LIMIT,
  async (t) => {
    const folder = await temporaryFolder(t, companyFiles)
    const config = { ...companyConfig, sources: { crm: { kind: 'push' } } }
    const serving = await openApplication(t, folder, config)
    const pusher = { actor: 'service:crm' as PrincipalId, mayCreateSource: false }
    const push = async (...operations: PushOperation[]): Promise<void> => {
      await serving.push({ operations, pusher, waitMs: 20_000, signal: NEVER })
    }
    await push(put('gone', 'Kettles are blue.', 'everyone'), put('here', 'Lamps are red.', 'everyone'))
    assert.deepEqual(await readablePaths(serving, 'maria'), ['gone', 'here'])
    await backUp(folder, config, 'monday')
    await push({ operation: 'delete', document: 'crm:gone' as DocumentId }, put('here', 'Lamps are green.', 'user:petra'))
    await push(put('later', 'Chairs are grey.', 'user:petra'))
    const restored = await restoreFrom(folder, config, 'monday', { replace: true })
    assert.deepEqual([restored.documents, restored.withheld.declared], [{ restored: 1, kept: 1, removed: 0 }, ['crm']])
    await push(put('newest', 'Tables are brown.', 'everyone'))
    assert.deepEqual(await readablePaths(serving, 'petra'), [], 'reading the state again proves nothing')
    await ingestAfterPush(serving)
    assert.deepEqual(await readablePaths(serving, 'maria'), [])
    await liftRestoreMark(serving.foundation.state, serving.tenant, ['declared'], 'crm')
    assert.deepEqual(await readablePaths(serving, 'maria'), ['gone', 'newest'])
    assert.deepEqual(await readablePaths(serving, 'petra'), ['gone', 'here', 'later', 'newest'])
    assert.match((await search(serving, 'petra', 'lamps'))[0]?.text ?? '', /green/)
    assert.match((await search(serving, 'maria', 'kettles'))[0]?.text ?? '', /blue/)
  },
)

function put(path: string, text: string, reader: string): PushOperation {
  const acl = { deny: [], all: [{ any: [reader as PrincipalId] }] }
  const document = `crm:${path}` as DocumentId
  return { operation: 'put', document, bytes: new TextEncoder().encode(text), isText: true, metadata: {}, acl }
}

test('a backup that is not whole is refused before anything is touched [I4]', LIMIT, async (t) => {
  const folder = await temporaryFolder(t, companyFiles)
  const application = await openApplication(t, folder, companyConfig)
  await ingest(application)
  await backUp(folder, companyConfig, 'whole')
  const damages: readonly (readonly [string, (path: string) => Promise<void>, RegExp])[] = [
    ['no manifest', (path) => rm(join(path, 'manifest.json')), /no readable manifest\.json/],
    ['half a manifest', (path) => truncate(join(path, 'manifest.json'), 200), /manifest\.json is no JSON/],
    ['a missing file', (path) => rm(join(path, 'state.sqlite')), /state\.sqlite is missing/],
    ['a longer file', (path) => appendFile(join(path, 'state.sqlite'), 'x'), /has \d+ bytes instead of/],
    ['another byte', flipOne, /SHA-256 differs/],
  ]
  const state = await snapshotOf(join(folder, 'state'))
  for (const [name, damage, reason] of damages) {
    await cp(join(folder, 'whole'), join(folder, name), { recursive: true })
    await damage(join(folder, name))
    await assert.rejects(restoreFrom(folder, companyConfig, name, { replace: true }), (error) => {
      assert(error instanceof Error && 'code' in error)
      assert.equal(error.code, 'BACKUP_INVALID', name)
      assert.match(error.message, reason)
      return true
    })
  }
  const newer = JSON.parse(await readFile(join(folder, 'whole/manifest.json'), 'utf8')) as Record<string, unknown>
  await writeFile(join(folder, 'whole/manifest.json'), JSON.stringify({ ...newer, format: 2, release: '9.0.0' }))
  await assert.rejects(restoreFrom(folder, companyConfig, 'whole', { replace: true }), { code: 'BACKUP_NEWER' })
  assert.deepEqual(await snapshotOf(join(folder, 'state')), state)
  assert.match((await ask(application, 'maria', QUESTION)).text, /25 days/)
})

async function flipOne(path: string): Promise<void> {
  const [data] = await readdir(join(path, 'index/chunks.lance/data'))
  const file = join(path, 'index/chunks.lance/data', data ?? '')
  const bytes = await readFile(file)
  const middle = Math.floor(bytes.length / 2)
  bytes[middle] = (bytes[middle] ?? 0) ^ 1
  await writeFile(file, bytes)
}

async function snapshotOf(folder: string): Promise<string[]> {
  return (await readdir(folder, { recursive: true })).filter((path) => !/state\.sqlite-|latest_version/.test(path)).sort()
}

test(
  'refused: a folder that is taken, a state that is not empty, a second backup, a restore beside an ingest [I4]',
  LIMIT,
  async (t) => {
    const folder = await temporaryFolder(t, companyFiles)
    const application = await openApplication(t, folder, companyConfig)
    await ingest(application)
    const { store, tenant } = application.foundation
    await backUp(folder, companyConfig, 'monday')
    await assert.rejects(backUp(folder, companyConfig, 'monday'), { code: 'BACKUP_EXISTS' })
    await mkdir(join(folder, 'empty'))
    await backUp(folder, companyConfig, 'empty')
    await assert.rejects(restoreFrom(folder, companyConfig, 'monday'), { code: 'RESTORE_NOT_EMPTY' })
    const backup = await store.leases.acquire(`backup/${tenant}`, 'another')
    await assert.rejects(backUp(folder, companyConfig, 'second'), { code: 'BACKUP_RUNNING' })
    if ('release' in backup) await backup.release()
    const ingesting = await store.leases.acquire(`ingest/${tenant}`, 'another')
    await assert.rejects(restoreFrom(folder, companyConfig, 'monday', { replace: true }), { code: 'INGEST_RUNNING' })
    await backUp(folder, companyConfig, 'beside-an-ingest')
    if ('release' in ingesting) await ingesting.release()
    assert.deepEqual((await readdir(folder)).filter((name) => name.endsWith('.partial')), []) // prettier-ignore
  },
)

test('a damaged state is put aside and what the backup holds takes its place, closed [A4, I4]', LIMIT, async (t) => {
  const folder = await temporaryFolder(t, companyFiles)
  const application = await openApplication({ after: () => {} }, folder, companyConfig)
  await ingest(application)
  await backUp(folder, companyConfig, 'monday')
  await application.close()
  await writeFile(join(folder, 'state/state.sqlite'), 'no database '.repeat(10_000))
  await assert.rejects(restoreFrom(folder, companyConfig, 'monday'), { code: 'STATE_CORRUPT' })
  const restored = await restoreFrom(folder, companyConfig, 'monday', { replace: true })
  assert.equal(restored.continued, false)
  assert.equal((await readdir(join(folder, 'state'))).filter((name) => name.includes('.damaged-')).length, 1)
  const after = await openApplication(t, folder, companyConfig)
  assert.deepEqual(await readablePaths(after, 'petra'), [])
  await ingest(after)
  assert.deepEqual(await readablePaths(after, 'petra'), ['leave.md', 'people/salaries.md', 'travel.md'])
})

test('an index copy that lags or leads the state is mended from the stored texts [A7, I4]', LIMIT, async (t) => {
  const folder = await temporaryFolder(t, companyFiles)
  const application = await openApplication({ after: () => {} }, folder, companyConfig)
  await ingest(application)
  await backUp(folder, companyConfig, 'early')
  await writeFiles(folder, {
    'docs/leave.md': '# Annual leave\n\nEverybody gets 30 days of annual leave.\n',
    'docs/new.md': '# New\n\nKettles.\n',
  })
  await rm(join(folder, 'docs/travel.md'))
  await ingest(application)
  await backUp(folder, companyConfig, 'late')
  await application.close()
  await rename(join(folder, 'late/index'), join(folder, 'late/unused'))
  await cp(join(folder, 'early/index'), join(folder, 'late/index'), { recursive: true })
  await mixManifests(folder)
  await rm(join(folder, 'state'), { recursive: true })
  const restored = await restoreFrom(folder, companyConfig, 'late')
  assert.deepEqual(restored.index, { loaded: true, rebuilt: 2, unreadable: 0 })
  const after = await openApplication(t, folder, companyConfig)
  await ingest(after)
  assert.match((await ask(after, 'maria', QUESTION)).text, /30 days/)
  assert.deepEqual((await search(after, 'maria', 'kettles')).map(({ path }) => path), ['new.md']) // prettier-ignore
  assert.deepEqual(await search(after, 'maria', 'dinner'), [])
})

/** The late backup with the early index, whole by its hashes. */
async function mixManifests(folder: string): Promise<void> {
  type Manifest = { files: { path: string }[] }
  const read = async (name: string): Promise<Manifest> =>
    JSON.parse(await readFile(join(folder, name, 'manifest.json'), 'utf8')) as Manifest
  const [early, late] = [await read('early'), await read('late')]
  const files = [
    ...late.files.filter(({ path }) => !path.startsWith('index/')),
    ...early.files.filter(({ path }) => path.startsWith('index/')),
  ]
  await writeFile(join(folder, 'late/manifest.json'), JSON.stringify({ ...late, files }))
}

/** What was pushed can be searched a moment before the run that indexed it lets go of its lease. */
async function ingestAfterPush(application: Parameters<typeof ingest>[0]): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    try {
      return void (await ingest(application))
    } catch (error) {
      if (!isTouchstoneError(error, 'INGEST_RUNNING') || attempt === 50) throw error
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
  }
}
