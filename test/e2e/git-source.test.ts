/** A git repository through the whole product: answers with commit and page, rights that change by a commit, a host that is down. */
import assert from 'node:assert/strict'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import type { TouchstoneConfig } from '../../src/app/config.ts'
import { systemClock } from '../../src/foundation/concurrency/clock.ts'
import { buildPdf } from '../../src/testing/document-files.ts'
import { ask, citationsOf, ingest, openApplication, readablePaths, search } from '../fixtures/application.ts'
import { createRepository, missingHttpBackend, startGitServer } from '../fixtures/git-server.ts'
import { temporaryFolder } from '../fixtures/temp-folder.ts'

const LIMIT = { timeout: 60_000 }
const access = { users: { ann: { groups: ['staff'] }, bob: {} }, groups: { staff: {} } }
const files = {
  'access.yaml': 'readers: [everyone]\n',
  'leave.md': '# Annual leave\n\nEveryone gets 25 days of annual leave a year.\n',
  'rates/dinner.pdf': buildPdf([[{ text: 'Dinner is reimbursed up to 45 euros.' }]]),
  'node_modules/x.md': '# Not read\n',
}

function configured(options: object): TouchstoneConfig {
  return { sources: { pages: { kind: 'git', ...options } }, access } as TouchstoneConfig
}

test('pages of a repository answer, and a commit changes texts, names and rights [A1, A4]', LIMIT, async (t) => {
  const folder = await temporaryFolder(t)
  const repository = await createRepository(join(folder, 'repository'))
  const first = await repository.commit(files, 2)
  const config = configured({ repository: 'repository', fileUrl: 'https://git.example.org/{commit}/{path}' })
  const application = await openApplication(t, folder, config)
  const report = await ingest(application)
  assert.deepEqual([report.documents.added, report.failures], [2, []])
  const answer = await ask(application, 'bob', 'How many days of annual leave do I get?')
  assert.equal(citationsOf(answer)[0]?.document, 'pages:leave.md')
  assert.equal((await search(application, 'bob', 'dinner reimbursed'))[0]?.page, 1, 'a PDF meets its parser')
  const rows = await application.foundation.state.selectFrom('documents').select(['path', 'metadata', 'modified_at']).execute()
  const leave = rows.find(({ path }) => path === 'leave.md')
  assert.deepEqual(JSON.parse(leave?.metadata ?? ''), { commit: first, url: `https://git.example.org/${first}/leave.md` })
  assert.equal(new Date(leave?.modified_at ?? 0).toISOString(), '2026-01-02T12:00:00.000Z')

  await repository.commit({ 'access.yaml': 'readers: [group:staff]\n' })
  const revoked = await ingest(application)
  assert.deepEqual([revoked.documents.unchanged, revoked.documents.changed], [2, 0])
  assert.deepEqual(await readablePaths(application, 'bob'), [])
  assert.deepEqual(await readablePaths(application, 'ann'), ['leave.md', 'rates/dinner.pdf'])

  repository.git('mv', 'leave.md', 'holiday.md')
  await repository.commit({ 'rates/dinner.pdf': null })
  const renamed = await ingest(application)
  assert.deepEqual([renamed.documents.added, renamed.documents.deleted], [1, 2])
  assert.deepEqual(await readablePaths(application, 'ann'), ['holiday.md'])

  repository.git('branch', '-m', 'main', 'other')
  await assert.rejects(ingest(await openApplication(t, folder, configured({ repository: 'repository', ref: 'main' }))), { code: 'GIT_REVISION_MISSING' }) // prettier-ignore
  assert.deepEqual(await readablePaths(application, 'ann'), ['holiday.md'], 'a run that fails deletes nothing')
})

test(
  'while the host is down, what was read before is served up to the bound and not longer [A1, A4]',
  { ...LIMIT, skip: missingHttpBackend() ?? false },
  async (t) => {
    const folder = await temporaryFolder(t)
    const repository = await createRepository(join(folder, 'repository'), files)
    const server = await startGitServer(t, dirname(repository.folder))
    const clock = { ...systemClock, ahead: 0, now: () => systemClock.now() + clock.ahead }
    const config = configured({ repository: `${server.url}/repository`, maxLagMinutes: 30 })
    const application = await openApplication(t, folder, config, { clock })
    await ingest(application)
    await server.close()
    clock.ahead = 20 * 60_000
    await assert.rejects(ingest(application), { code: 'SOURCE_LISTING_FAILED' })
    assert.equal((await readablePaths(application, 'bob')).length, 2)
    clock.ahead = 31 * 60_000
    assert.deepEqual(await readablePaths(application, 'bob'), [])
  },
)
