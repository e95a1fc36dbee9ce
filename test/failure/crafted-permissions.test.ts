/** Names, files and edits made to widen access: none may. */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import type { ComposedApplication } from '../../src/app/compose.ts'
import type { TouchstoneConfig } from '../../src/app/config.ts'
import type { DocumentId, DocumentVersion } from '../../src/contracts/identity.ts'
import { ask, ingest, NEVER, openApplication, readablePaths, search } from '../fixtures/application.ts'
import { temporaryFolder, writeFiles, type FileTree } from '../fixtures/temp-folder.ts'

const LIMIT = { timeout: 60_000 }
const config = {
  sources: { d: { kind: 'folder', path: 'docs' } },
  access: { users: { ann: { groups: ['hr'] }, bob: { groups: ['hr'] }, eve: {} }, groups: { hr: {} } },
} satisfies TouchstoneConfig

async function open(context: TestContext, files: FileTree): Promise<{ application: ComposedApplication; folder: string }> {
  const folder = await temporaryFolder(context, files)
  const application = await openApplication(context, folder, config)
  await ingest(application)
  return { application, folder }
}

test('a folder named like a chain of places takes over no rights [A4]', LIMIT, async (context) => {
  const { application, folder } = await open(context, {
    'docs/access.yaml': 'readers: [group:hr]\n',
    'docs/a/access.yaml': 'files:\n  b.md: { readers: [group:hr] }\ndeny: [user:eve]\n',
    'docs/a/b.md': '# S\n\nThe secret bonus of Walter is 77777 euros.\n',
  })
  for (const name of ['a|file:a/b.md', 'a","file:a/b.md'])
    await writeFiles(folder, {
      [`docs/${name}/access.yaml`]: 'readers: [everyone]\n',
      [`docs/${name}/note.md`]: '# C\n\nLunch.\n',
    })
  await ingest(application)
  assert(!(await readablePaths(application, 'eve')).includes('a/b.md'))
  assert((await readablePaths(application, 'ann')).includes('a/b.md'))
})

test('a folder opened in the run that shortens a page publishes nothing of the old page [A4]', LIMIT, async (context) => {
  for (const opened of ['removed', 'edited'] as const) {
    const { application, folder } = await open(context, {
      'docs/access.yaml': 'readers: [everyone]\n',
      'docs/x/access.yaml': 'readers: [group:hr]\n',
      'docs/x/s.md': '# S\n\nThe salary of Walter is 9191.\n',
    })
    const [before] = await search(application, 'ann', 'salary of Walter')
    if (opened === 'removed') await rm(join(folder, 'docs/x/access.yaml'))
    else await writeFiles(folder, { 'docs/x/access.yaml': 'readers: [everyone]\n' })
    await writeFiles(folder, { 'docs/x/s.md': '# S\n\nThe salary of Walter is redacted.\n' })
    const seen: string[] = []
    const running = ingest(application).finally(() => seen.push('done'))
    while (!seen.includes('done')) {
      const hits = await search(application, 'eve', 'salary of Walter')
      assert(!JSON.stringify(hits).includes('9191'), `${opened}: during the run`)
      await setTimeout(5)
    }
    await running
    assert(JSON.stringify(await search(application, 'eve', 'salary of Walter')).includes('redacted'))
    const caller = { tenant: application.tenant, user: 'eve' }
    const old = application.documentText(caller, 'd:x/s.md' as DocumentId, before?.version as DocumentVersion)
    await assert.rejects(old, { code: 'DOCUMENT_UNKNOWN' }, `${opened}: the old version`)
  }
})

test('a page that grants more in its new version does not lend that to its old one [A4]', LIMIT, async (context) => {
  const { application, folder } = await open(context, {
    'docs/access.yaml': 'readers: [everyone]\n',
    'docs/s.md': '---\naccess: { readers: [group:hr] }\n---\n# S\n\nThe salary of Walter is 9191.\n',
  })
  const [before] = await search(application, 'ann', 'salary of Walter')
  await writeFiles(folder, {
    'docs/s.md': '---\naccess: { readers: [everyone] }\n---\n# S\n\nThe salary of Walter is redacted.\n',
  })
  await ingest(application)
  const caller = { tenant: application.tenant, user: 'eve' }
  const old = application.documentText(caller, 'd:s.md' as DocumentId, before?.version as DocumentVersion)
  await assert.rejects(old, { code: 'DOCUMENT_UNKNOWN' })
})

const MISTYPED: readonly (readonly [string, FileTree])[] = [
  ['front matter that is never closed', { 'docs/x.md': '---\naccess: { readers: [group:hr] }\n\n# X\n\nText.\n' }],
  ['front matter in TOML', { 'docs/x.md': '+++\naccess = "hr"\n+++\n\n# X\n\nText.\n' }],
  ['a blank line before the front matter', { 'docs/x.md': '\n---\naccess: { readers: [group:hr] }\n---\n# X\n\nText.\n' }],
  ['access with a capital', { 'docs/x.md': '---\nAccess: { readers: [group:hr] }\n---\n# X\n\nText.\n' }],
  ['readers without access', { 'docs/x.md': '---\nreaders: [group:hr]\n---\n# X\n\nText.\n' }],
  ['Access.yaml', { 'docs/Access.yml': 'readers: [group:hr]\n', 'docs/x.md': '# X\n\nText.\n' }],
  ['.access.yaml', { 'docs/.access.yaml': 'readers: [group:hr]\n', 'docs/x.md': '# X\n\nText.\n' }],
]
for (const [what, files] of MISTYPED)
  test(`a rule that is not understood means nobody: ${what} [A4]`, LIMIT, async (context) => {
    const beside: FileTree = { 'docs/sub/access.yaml': 'readers: [everyone]\n' }
    const moved = Object.fromEntries(Object.entries(files).map(([path, text]) => [path.replace('docs/', 'docs/sub/in/'), text]))
    const { application } = await open(context, { ...beside, ...moved })
    assert.deepEqual(await readablePaths(application, 'eve'), [])
  })

test('a rule for a file that does not exist is reported [A4]', LIMIT, async (context) => {
  const folder = await temporaryFolder(context, {
    'docs/access.yaml': 'readers: [everyone]\nfiles: { Doc.md: { readers: [group:hr] } }\n',
    'docs/doc.md': '# D\n\nText.\n',
  })
  const report = await ingest(await openApplication(context, folder, config))
  assert.deepEqual(
    report.failures.map(({ code }) => code),
    ['ACCESS_RULE_UNMATCHED'],
  )
})

test('an access.yaml that is a pipe means nobody and holds nothing up [A4]', LIMIT, async (context) => {
  if (process.platform === 'win32') return context.skip('no pipes in folders here')
  const folder = await temporaryFolder(context, { 'docs/doc.md': '# D\n\nText.\n' })
  execFileSync('mkfifo', [join(folder, 'docs/access.yaml')])
  const application = await openApplication(context, folder, config)
  await ingest(application)
  assert.deepEqual(await readablePaths(application, 'ann'), [])
})

test('a user disabled, moved or removed by the API stays so over restarts [A4, H2]', LIMIT, async (context) => {
  const folder = await temporaryFolder(context, { 'docs/access.yaml': 'readers: [group:hr]\n', 'docs/d.md': '# D\n\nText.\n' })
  const first = await openApplication(context, folder, config)
  await ingest(first)
  const { principals, tenant } = first
  await principals.putUser(tenant, { id: 'bob', name: 'Bob', disabled: true, groups: ['hr'] }, 'api')
  await principals.deleteUser(tenant, 'ann')
  const second = await openApplication(context, folder, config)
  await assert.rejects(ask(second, 'bob', 'Text?'), { code: 'USER_DISABLED' })
  await assert.rejects(ask(second, 'ann', 'Text?'), { code: 'USER_UNKNOWN' })
  await second.principals.putUser(tenant, { id: 'ann', name: 'Ann', disabled: false, groups: ['hr'] }, 'api')
  const third = await openApplication(context, folder, config)
  assert.deepEqual(await readablePaths(third, 'ann'), ['d.md'])
})

test(
  'a path filter tells nothing of documents that may not be read, and no pattern holds the process up [A4, D1]',
  LIMIT,
  async (context) => {
    const { application } = await open(context, {
      'docs/access.yaml': 'readers: [group:hr]\n',
      'docs/layoffs-q4-hamburg-plant.md': '# L\n\nText.\n',
    })
    const caller = { tenant: application.tenant, user: 'eve' }
    const filter = { path: 'l+(*+(*))Z' }
    const found = await application.search({ caller, feature: 'answers', query: 'text', filter, limit: 5, signal: NEVER })
    assert.deepEqual(found.items, [])
  },
)
