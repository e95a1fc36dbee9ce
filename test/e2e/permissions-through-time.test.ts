/** Rights that change while the product runs: each change counts at the next question, everywhere, and reads no document again. */
import assert from 'node:assert/strict'
import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, test } from 'node:test'
import type { ComposedApplication } from '../../src/app/compose.ts'
import type { DocumentId, DocumentVersion, TraceId } from '../../src/contracts/identity.ts'
import { ask, citationsOf, ingest, NEVER, openApplication, readablePaths, search } from '../fixtures/application.ts'
import { companyConfig, companyFiles } from '../fixtures/company.ts'
import { type Ending, temporaryFolder, writeFiles } from '../fixtures/temp-folder.ts'

const LIMIT = { timeout: 60_000 }
const QUESTION = 'How many days of annual leave do I get?'
const SALARY = 'What is the salary band for principal engineers?'
const LEAVE = 'handbook:leave.md' as DocumentId

interface Company {
  readonly application: ComposedApplication
  /** Writes a file below the documents. */
  write(path: string, content: string): Promise<void>
  readonly docs: string
  readonly folder: string
}

async function company(ending: Ending): Promise<Company> {
  const folder = await temporaryFolder(ending, companyFiles)
  const application = await openApplication(ending, folder, companyConfig)
  await ingest(application)
  const docs = join(folder, 'docs')
  return { application, docs, folder, write: (path, content) => writeFile(join(docs, path), content) }
}

/** Opening costs more than a test: those that only edit files share one, each from the same beginning. */
const shared = await company({ after })

async function asItWas(): Promise<Company> {
  await rm(shared.docs, { recursive: true })
  await writeFiles(shared.folder, companyFiles)
  await ingest(shared.application)
  return shared
}

/** What a person who may not read the page on leave must find, wherever they look. */
async function assertGone(application: ComposedApplication, user: string, version: DocumentVersion): Promise<void> {
  const caller = { tenant: application.tenant, user }
  assert(!(await readablePaths(application, user)).includes('leave.md'), 'documents')
  for (const hit of await search(application, user, 'annual leave days')) assert.notEqual(hit.document, LEAVE, 'search')
  const answer = await ask(application, user, QUESTION)
  assert(!JSON.stringify(answer).includes('25 days'), 'answer')
  await assert.rejects(application.documentText(caller, LEAVE, version), { code: 'DOCUMENT_UNKNOWN' })
  for (const trace of await application.traces(caller, 100)) assert(!trace.documents.includes(LEAVE), 'traces')
}

async function versionOfLeave(application: ComposedApplication): Promise<DocumentVersion> {
  const [citation] = citationsOf(await ask(application, 'maria', QUESTION, { conversation: 'before' }))
  assert.equal(citation?.document, LEAVE)
  return citation.version
}

/** Each takes the page away from maria; `again` says what the ingest has to read. */
const revocations: readonly (readonly [
  string,
  (company: Company) => Promise<void>,
  { readonly changed?: 1; readonly deleted?: 1 },
])[] = [
  ['an edit of access.yaml', ({ write }) => write('access.yaml', 'readers: [group:people-ops]\n'), {}],
  ['a rule for the one file', ({ write }) => write('access.yaml', 'readers: [everyone]\nfiles: { leave.md: { readers: [group:people-ops] } }\n'), {}], // prettier-ignore
  ['a denial', ({ write }) => write('access.yaml', 'readers: [everyone]\ndeny: [group:engineering]\n'), {}],
  ['a second clause', ({ write }) => write('access.yaml', 'all: [{ any: [everyone] }, { any: [group:people-ops] }]\n'), {}],
  ['a broken access.yaml', ({ write }) => write('access.yaml', 'readers: [everyone\n'), {}],
  ['a misspelt reader', ({ write }) => write('access.yaml', 'readers: [people ops]\n'), {}],
  ['an emptied access.yaml', ({ write }) => write('access.yaml', ''), {}],
  ['a removed access.yaml', ({ docs }) => rm(join(docs, 'access.yaml')), {}],
  ['front matter', ({ write }) => write('leave.md', '---\naccess: { readers: [group:people-ops] }\n---\n# Annual leave\n\nEveryone gets 25 days.\n'), { changed: 1 }], // prettier-ignore
  ['broken front matter', ({ write }) => write('leave.md', '---\naccess: { readers: [everyone\n---\n# Annual leave\n\nEveryone gets 25 days.\n'), { changed: 1 }], // prettier-ignore
  ['a deletion', ({ docs }) => rm(join(docs, 'leave.md')), { deleted: 1 }],
]

test('each way of revoking takes a page away at the next question, in every place [A1, A4]', LIMIT, async (t) => {
  for (const [what, revoke, read] of revocations)
    await t.test(what, async () => {
      const { application } = await asItWas()
      const version = await versionOfLeave(application)
      await revoke(shared)
      const { documents, failures } = await ingest(application)
      const { changed = 0, deleted = 0 } = read
      const unchanged = 3 - changed - deleted
      assert.deepEqual(documents, { added: 0, changed, deleted, unchanged, failed: 0 }, JSON.stringify(failures))
      await assertGone(application, 'maria', version)
    })
})

test(
  'a page that moves into a confidential folder is gone under its old name and withheld under its new [A1, A4]',
  LIMIT,
  async () => {
    const { application, docs } = await asItWas()
    const version = await versionOfLeave(application)
    await rename(join(docs, 'leave.md'), join(docs, 'people/leave.md'))
    const { documents } = await ingest(application)
    assert.deepEqual([documents.added, documents.deleted], [1, 1])
    await assertGone(application, 'maria', version)
    assert.deepEqual(await readablePaths(application, 'maria'), ['travel.md'])
    assert((await readablePaths(application, 'petra')).includes('people/leave.md'))
  },
)

test('memberships count at once, without an ingest, also when another process changes them [A4]', LIMIT, async (t) => {
  const { application, folder } = await company(t)
  const { tenant, principals } = application
  assert.equal((await ask(application, 'maria', SALARY)).abstained, true)
  const other = await openApplication(t, folder, companyConfig)
  await principals.putUser(tenant, { id: 'maria', name: 'Maria', disabled: false, groups: ['engineering', 'people-ops'] }, 'api')
  assert.match((await ask(application, 'maria', SALARY)).text, /98000/)
  assert.match((await ask(other, 'maria', SALARY)).text, /98000/)
  await principals.putUser(tenant, { id: 'maria', name: 'Maria', disabled: false, groups: ['engineering'] }, 'api')
  for (const either of [application, other]) {
    assert.equal((await ask(either, 'maria', SALARY)).abstained, true)
    assert.equal((await search(either, 'maria', 'salary band')).filter(({ path }) => path.startsWith('people/')).length, 0)
  }
  await other.principals.putGroup(tenant, { id: 'engineering', name: 'Engineering', parents: ['people-ops'] }, 'api')
  assert.match((await ask(application, 'maria', SALARY)).text, /98000/, 'a group inside a group')
  await other.principals.deleteGroup(tenant, 'engineering')
  assert.equal((await ask(application, 'maria', SALARY)).abstained, true)
})

test('whoever is disabled gets nothing at once, not even their traces [A4, H2]', LIMIT, async (t) => {
  const { application } = await company(t)
  const { tenant, principals } = application
  const caller = { tenant, user: 'petra' }
  const { id } = await ask(application, 'petra', SALARY)
  await principals.putUser(tenant, { id: 'petra', name: 'Petra', disabled: true, groups: ['people-ops'] }, 'api')
  const disabled = { code: 'USER_DISABLED' }
  await assert.rejects(ask(application, 'petra', SALARY), disabled)
  await assert.rejects(search(application, 'petra', 'salary'), disabled)
  await assert.rejects(readablePaths(application, 'petra'), disabled)
  await assert.rejects(application.traces(caller, 10), disabled)
  await assert.rejects(application.trace(caller, id as TraceId), disabled)
  const { users } = await application.whoCanRead('handbook:people/salaries.md')
  assert.deepEqual(users, [])
})

test('a conversation forgets answers whose documents were taken away [A4, B1]', LIMIT, async () => {
  const { application, write } = await asItWas()
  const conversation = 'holidays'
  await ask(application, 'maria', QUESTION, { conversation })
  assert.match((await ask(application, 'maria', 'Can it be carried over?', { conversation })).text, /five days/)
  await write('access.yaml', 'readers: [everyone]\nfiles: { leave.md: { readers: [group:people-ops] } }\n')
  await ingest(application)
  const later = await ask(application, 'maria', 'And how many days was it again?', { conversation })
  assert.doesNotMatch(JSON.stringify(later), /25 days|five days|leave\.md/)
})

test('the answer being streamed takes back what was revoked meanwhile [A4, B1]', LIMIT, async (t) => {
  const { application } = await company(t)
  const { tenant, principals } = application
  const caller = { tenant, user: 'petra' }
  const events = application.answer({ caller, feature: 'answers', question: SALARY, signal: NEVER })
  const first = await events.next()
  assert.equal(!first.done && first.value.type, 'sentence')
  await principals.putUser(tenant, { id: 'petra', name: 'Petra', disabled: false, groups: [] }, 'api')
  const rest = await Array.fromAsync(events)
  assert(rest.some((event) => event.type === 'retract'))
  const done = rest.at(-1)
  assert(done?.type === 'done' && done.abstained && !done.text.includes('98000'))
})

test('an edit of rights reads, parses and indexes nothing again [A1, A4]', LIMIT, async () => {
  const { application, write } = await asItWas()
  const rows = () =>
    application.foundation.state
      .selectFrom('documents')
      .select(['id', 'version', 'blob', 'chunks', 'indexed_at'])
      .orderBy('id')
      .execute()
  const before = await rows()
  await write('access.yaml', 'readers: [group:people-ops]\n')
  const report = await ingest(application)
  assert.deepEqual([report.documents.unchanged, report.chunks], [3, 0])
  assert.deepEqual(await rows(), before)
})

test('rights given back are effective again, and an older version of other rights stays closed [A4]', LIMIT, async () => {
  const { application, write } = await asItWas()
  const old = await versionOfLeave(application)
  await write('access.yaml', 'readers: [group:people-ops]\n')
  await write('leave.md', '# Annual leave\n\nShortened for everyone: ask People Operations.\n')
  await ingest(application)
  await write('access.yaml', 'readers: [everyone]\n')
  await ingest(application)
  assert((await readablePaths(application, 'maria')).includes('leave.md'))
  const caller = { tenant: application.tenant, user: 'maria' }
  await assert.rejects(application.documentText(caller, LEAVE, old), { code: 'DOCUMENT_UNKNOWN' })
})

test('an older version of unchanged rights still opens, so that citations of earlier answers do [A4]', LIMIT, async () => {
  const { application, write } = await asItWas()
  const old = await versionOfLeave(application)
  await write('leave.md', '# Annual leave\n\nEveryone gets 26 days of annual leave.\n')
  await ingest(application)
  const caller = { tenant: application.tenant, user: 'maria' }
  assert.match(await application.documentText(caller, LEAVE, old), /25 days/)
  assert.match((await ask(application, 'maria', QUESTION)).text, /26 days/)
})

test('a page replaced by something unreadable is withheld, also while the next run tries again [A1, A4]', LIMIT, async (t) => {
  const folder = await temporaryFolder(t, companyFiles)
  const limited = { handbook: { kind: 'folder', path: 'docs', maxFileBytes: 2_000 } }
  const application = await openApplication(t, folder, { ...companyConfig, sources: limited })
  await ingest(application)
  await writeFile(join(folder, 'docs/leave.md'), `# Leave\n\n${'The stricter rule may stand here. '.repeat(100)}`)
  const { failures } = await ingest(application)
  assert.deepEqual(failures.map(({ code }) => code), ['SOURCE_ITEM_TOO_LARGE']) // prettier-ignore
  assert.deepEqual(await readablePaths(application, 'maria'), ['travel.md'])
  await writeFile(join(folder, 'docs/a-new-page.md'), '# New\n\nNew.\n')
  const interrupted = new AbortController()
  const run = application.ingest({ onProgress: ({ done }) => done > 0 && interrupted.abort(), signal: interrupted.signal })
  await assert.rejects(run, { code: 'REQUEST_CANCELLED' })
  assert.deepEqual(await readablePaths(application, 'maria'), ['travel.md'])
  await writeFile(join(folder, 'docs/leave.md'), companyFiles['docs/leave.md']!)
  await ingest(application)
  assert((await readablePaths(application, 'maria')).includes('leave.md'), 'the sound page is back')
})

test('a source that is no longer configured is no longer served [A1, A4]', LIMIT, async (t) => {
  const { folder } = await company(t)
  await mkdir(join(folder, 'empty'))
  const application = await openApplication(t, folder, {
    ...companyConfig,
    sources: { other: { kind: 'folder', path: 'empty' } },
  })
  await ingest(application)
  assert.deepEqual(await readablePaths(application, 'maria'), [])
  assert.deepEqual((await application.sources()).map(({ id }) => id), ['other']) // prettier-ignore
})
