/** What a git repository lists, with which declarations, how it follows its history, and what it refuses. */
import assert from 'node:assert/strict'
import { chmod, lchown, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { test, type TestContext } from 'node:test'
import type { Connector, ListingFailure, SourceItem } from '../../contracts/connector.ts'
import { combineDeclarations } from '../../foundation/access/acl-decision.ts'
import { connectorParts } from '../../testing/connector-parts.ts'
import { createRepository, missingHttpBackend, startGitServer, type TestRepository } from '../../../test/fixtures/git-server.ts'
import { temporaryFolder, type FileTree } from '../../../test/fixtures/temp-folder.ts'
import { gitConnector } from './git.ts'
import { filePageOf, fillFileUrl, repositorySchema, revisionSchema } from './git-repository.ts'

const signal = new AbortController().signal
const withoutHttp = missingHttpBackend() ?? false

interface Source {
  readonly folder: string
  readonly repository: TestRepository
  connect(options?: object, more?: Parameters<typeof connectorParts>[2]): Connector
}

async function source(t: TestContext, files?: FileTree): Promise<Source> {
  const folder = await temporaryFolder(t)
  const repository = await createRepository(join(folder, 'repository'), files)
  const connect: Source['connect'] = (options = {}, more = {}) => {
    const environment = { PATH: process.env['PATH'] ?? '', HOME: folder, ...more.environment }
    const parts = connectorParts('docs', folder, { ...more, environment })
    const connector = gitConnector.create(gitConnector.parseOptions({ repository: 'repository', ...options }), parts)
    t.after(() => connector.settle?.())
    return connector
  }
  return { folder, repository, connect }
}

async function list(connector: Connector): Promise<{ items: SourceItem[]; failures: ListingFailure[] }> {
  const listed = await Array.fromAsync(connector.list(signal))
  return {
    items: listed.filter((entry): entry is SourceItem => !('code' in entry)),
    failures: listed.filter((entry) => 'code' in entry),
  }
}

const paths = async (connector: Connector): Promise<string[]> => (await list(connector)).items.map(({ path }) => path)

async function read(connector: Connector, path: string): Promise<string> {
  const item = (await list(connector)).items.find((candidate) => candidate.path === path)
  assert(item, `${path} is not listed`)
  return Buffer.from(await connector.fetch(item, signal)).toString()
}

const files = {
  'b.md': 'b',
  'docs/a.md': 'a',
  'docs/access.yaml': 'readers: [everyone]',
  'docs/deep/c.txt': 'c',
  '.github/hidden.md': 'h',
  'node_modules/x/readme.md': 'x',
}

const selections: readonly (readonly [string, object, readonly string[]])[] = [
  ['everything but what is hidden, in a fixed order', {}, ['b.md', 'docs/a.md', 'docs/deep/c.txt']],
  ['what is included', { include: ['**/*.md'] }, ['b.md', 'docs/a.md']],
  ['without what is excluded', { exclude: ['docs/deep/**'] }, ['b.md', 'docs/a.md']],
  ['one folder', { path: 'docs/' }, ['a.md', 'deep/c.txt']],
  ['a branch', { ref: 'draft' }, ['b.md', 'docs/a.md', 'docs/deep/c.txt', 'draft.md']],
  ['a tag', { ref: 'v1' }, ['b.md', 'docs/a.md', 'docs/deep/c.txt']],
  ['a file URL', { repository: 'FILE' }, ['b.md', 'docs/a.md', 'docs/deep/c.txt']],
]

test('a repository lists what is wanted of a branch, a tag or a folder [A1]', async (t) => {
  const { connect, repository, folder } = await source(t, files)
  repository.git('tag', '-a', 'v1', '-m', 'one')
  repository.git('checkout', '--quiet', '-b', 'draft')
  await repository.commit({ 'draft.md': 'd' })
  repository.git('checkout', '--quiet', 'main')
  for (const [what, { repository: url, ...options }, expected] of selections as readonly [
    string,
    { repository?: string },
    string[],
  ][]) {
    const address = url === undefined ? {} : { repository: `file://${folder}/repository` }
    assert.deepEqual(await paths(connect({ ...options, ...address })), expected, what)
  }
  const commit = repository.git('rev-parse', 'draft')
  assert((await paths(connect({ ref: commit }))).includes('draft.md'), 'a commit')
})

test('declarations are those of a folder: rules, access.yaml, single files; what stands above the chosen folder counts [A4]', async (t) => {
  const { connect } = await source(t, {
    'access.yaml': 'readers: [everyone]\ndeny: [user:eve]',
    'hr/access.yaml': 'readers: [group:hr]\nfiles:\n  pay.md: { readers: [group:board] }',
    'hr/pay.md': 'p',
    'hr/deep/pay.md': 'p',
    'broken/access.yaml': 'readers: [everyone',
    'broken/x.md': 'x',
    'odd/Access.yml': 'readers: [everyone]',
    'odd/x.md': 'x',
  })
  const readers = async (options: object): Promise<Record<string, unknown>> => {
    const { items } = await list(connect(options))
    return Object.fromEntries(
      items.map((item) => [item.path, combineDeclarations(item.access.map(({ declaration }) => declaration))]),
    )
  }
  assert.deepEqual(await readers({ access: [{ path: 'hr/deep/**', deny: ['user:tom'] }] }), {
    'broken/x.md': undefined,
    'hr/deep/pay.md': { deny: ['user:eve', 'user:tom'], all: [{ any: ['group:hr'] }] },
    'hr/pay.md': { deny: ['user:eve'], all: [{ any: ['group:board'] }] },
    'odd/x.md': undefined,
  })
  assert.deepEqual(await readers({ path: 'hr/deep' }), { 'pay.md': { deny: ['user:eve'], all: [{ any: ['group:hr'] }] } })
  assert.deepEqual(await readers({ path: 'broken' }), { 'x.md': undefined })
})

test('a mark is the content; commit, date and page say when and where it came to be so [A1]', async (t) => {
  const { connect, repository } = await source(t)
  const first = await repository.commit({ 'a.md': 'one', 'ä b/c.md': 'c' }, 3)
  const second = await repository.commit({ 'b.md': 'two' }, 5)
  repository.git('checkout', '--quiet', '-b', 'side', first)
  await repository.commit({ 'side.md': 's' }, 6)
  repository.git('checkout', '--quiet', 'main')
  const page = 'https://git.example.org/{commit}/{path}'
  const describe = async (): Promise<Record<string, unknown>> =>
    Object.fromEntries(
      (await list(connect({ fileUrl: page }))).items.map((item) => [
        item.path,
        [item.metadata?.['commit'], new Date(item.modifiedAtMs).getUTCDate(), item.metadata?.['url']],
      ]),
    )
  assert.deepEqual(await describe(), {
    'a.md': [first, 3, `https://git.example.org/${first}/a.md`],
    'b.md': [second, 5, `https://git.example.org/${second}/b.md`],
    'ä b/c.md': [first, 3, `https://git.example.org/${first}/%C3%A4%20b/c.md`],
  })
  const marks = async (): Promise<Map<string, string>> =>
    new Map((await list(connect())).items.map((item) => [item.path, item.changeMark]))
  const before = await marks()
  repository.git('mv', 'a.md', 'renamed.md')
  await repository.commit({ 'b.md': 'three' }, 8)
  const after = await marks()
  assert.equal(after.get('renamed.md'), before.get('a.md'), 'a rename keeps the content')
  assert.equal(after.has('a.md'), false)
  assert.notEqual(after.get('b.md'), before.get('b.md'))
})

test('it follows commits, rewritten history and removed files, and mends a copy that a kill has damaged [A1]', async (t) => {
  const { connect, repository, folder } = await source(t, { 'a.md': 'one', 'b.md': 'b' })
  const connector = connect()
  assert.equal(await read(connector, 'a.md'), 'one')
  await repository.commit({ 'a.md': 'two', 'b.md': null })
  assert.deepEqual(await paths(connector), ['a.md'])
  assert.equal(await read(connector, 'a.md'), 'two')
  repository.git('checkout', '--quiet', '--orphan', 'fresh')
  await repository.commit({ 'a.md': 'rewritten' })
  repository.git('branch', '-M', 'fresh', 'main')
  assert.equal(await read(connector, 'a.md'), 'rewritten')
  await connector.settle?.()
  const cache = join(folder, 'cache/docs')
  const [mirror = ''] = await readdir(cache)
  for (const path of ['shallow.lock', 'refs/touchstone/tip.lock']) await writeFile(join(cache, mirror, path), '')
  await repository.commit({ 'a.md': 'after the kill' })
  assert.equal(await read(connector, 'a.md'), 'after the kill')
  await connector.settle?.()
  await writeFile(join(cache, mirror, 'HEAD'), 'nonsense')
  await rm(join(cache, mirror, 'objects'), { recursive: true })
  assert.equal(await read(connector, 'a.md'), 'after the kill')
})

test('links are not followed, submodules and LFS contents not read, large and binary files as they are [A1, A4]', async (t) => {
  const { connect, repository } = await source(t, {
    'docs/a.md': 'a',
    'secret/s.md': 's',
    'docs/large.md': 'x'.repeat(101),
    'docs/lfs.pdf': 'version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 3\n',
    'docs/binary.bin': Uint8Array.from([0, 255, 10, 13, 0]),
    '.gitattributes': '* text=auto eol=crlf\n',
    'docs/unix.txt': 'a\nb\n',
  })
  const docs = join(repository.folder, 'docs')
  await symlink('a.md', join(docs, 'inside.md'))
  await symlink('../secret/s.md', join(docs, 'outside.md'))
  await symlink('/etc/passwd', join(docs, 'absolute.md'))
  await symlink('../secret', join(docs, 'folder'))
  repository.git('update-index', '--add', '--cacheinfo', `160000,${'1'.repeat(40)},docs/module`)
  await repository.commit({})
  const connector = connect({ path: 'docs', maxFileBytes: 100 })
  const { items, failures } = await list(connector)
  assert.deepEqual(
    items.map(({ path }) => path),
    ['a.md', 'binary.bin', 'large.md', 'lfs.pdf', 'unix.txt'],
  )
  assert.deepEqual(failures.map(({ path, code }) => `${path} ${code}`), ['absolute.md', 'folder', 'outside.md'].map((path) => `${path} SOURCE_LINK_OUTSIDE`)) // prettier-ignore
  const fetch = (path: string): Promise<Uint8Array> =>
    connector.fetch(
      items.find((item) => item.path === path)!,
      signal,
    )
  await assert.rejects(fetch('large.md'), { code: 'SOURCE_ITEM_TOO_LARGE' })
  await assert.rejects(fetch('lfs.pdf'), /Git LFS/)
  assert.deepEqual([...(await fetch('binary.bin'))], [0, 255, 10, 13, 0])
  assert.equal(Buffer.from(await fetch('unix.txt')).toString(), 'a\nb\n', 'no filter, no line ending is converted')
  await assert.rejects(connector.fetch({ ...items[0]!, changeMark: '0'.repeat(40) }, signal), { code: 'SOURCE_ITEM_CHANGED' })
})

test('nothing that a repository configures is run: hooks, filters, fsmonitor, helpers [H4]', async (t) => {
  const { connect, repository, folder } = await source(t, { 'a.md': 'a', '.gitattributes': '* filter=evil diff=evil\n' })
  const evil = join(folder, 'evil.sh')
  const proof = join(folder, 'proof')
  await writeFile(evil, `#!/bin/sh\ntouch ${proof}\ncat\n`)
  await chmod(evil, 0o755)
  const settings = ['core.fsmonitor', 'filter.evil.smudge', 'filter.evil.clean', 'diff.evil.textconv', 'uploadpack.packObjectsHook', 'core.sshCommand', 'credential.helper', 'core.askPass', 'core.alternateRefsCommand', 'gpg.program', 'core.pager'] // prettier-ignore
  const connector = connect()
  for (const name of settings) repository.git('config', name, evil)
  for (const hook of ['post-checkout', 'pre-auto-gc', 'reference-transaction', 'post-merge', 'update']) {
    await writeFile(join(repository.folder, '.git/hooks', hook), await readFile(evil))
    await chmod(join(repository.folder, '.git/hooks', hook), 0o755)
  }
  assert.equal(await read(connector, 'a.md'), 'a')
  assert((await readdir(folder)).includes('evil.sh') && !(await readdir(folder)).includes('proof'), 'something was run')
})

const failures: readonly (readonly [string, object, string])[] = [
  ['a repository that is missing', { repository: 'nowhere' }, 'GIT_REPOSITORY_MISSING'],
  ['a folder that is none', { repository: '.' }, 'GIT_REPOSITORY_MISSING'],
  ['a branch that is missing', { ref: 'nowhere' }, 'GIT_REVISION_MISSING'],
  ['a commit that is missing', { ref: '1'.repeat(40) }, 'GIT_REVISION_MISSING'],
  ['a folder that is missing', { path: 'nowhere' }, 'SOURCE_PATH_MISSING'],
  ['a path that is a file', { path: 'a.md' }, 'SOURCE_PATH_MISSING'],
  ['a port where nobody listens', { repository: 'http://127.0.0.1:9/x.git' }, 'SOURCE_LISTING_FAILED'],
  ['a host that is unknown', { repository: 'https://nowhere.invalid/x.git' }, 'SOURCE_LISTING_FAILED'],
  ['a token that is not set', { repository: 'https://nowhere.invalid/x.git', token: { env: 'UNSET' } }, 'GIT_ACCESS_REFUSED'],
]

test('what is wrong is told by a code that names the setting, and git that is missing by the version that is needed [A1]', async (t) => {
  const { connect, folder } = await source(t, { 'a.md': 'a' })
  for (const [what, options, code] of failures)
    await assert.rejects(list(connect(options)), (error: { code?: string; message?: string }) => {
      assert.equal(error.code, code, `${what}: ${error.message}`)
      assert(!/\{\w+\}/.test(error.message ?? ''), error.message)
      return true
    })
  await createRepository(join(folder, 'empty'))
  await assert.rejects(list(connect({ repository: 'empty' })), { code: 'GIT_REVISION_MISSING' })
  const without = connect({}, { environment: { PATH: folder } })
  await assert.rejects(list(without), (error: Error) => /GIT_MISSING/.test(String((error as { code?: string }).code)) && /2\.31/.test(error.message)) // prettier-ignore
  await writeFile(join(folder, 'git'), '#!/bin/sh\necho git version 2.17.1\n', { mode: 0o755 })
  await assert.rejects(list(without), { code: 'GIT_MISSING', message: /2\.17\.1.*2\.31/ })
  await assert.rejects(Array.fromAsync(connect().list(AbortSignal.abort())), { name: 'AbortError' })
})

test(
  'over HTTP with a token: sent where it belongs, shown nowhere, refused by name when it is wrong [A1, H4]',
  { skip: withoutHttp },
  async (t) => {
    const { connect, repository, folder } = await source(t, { 'a.md': 'one' })
    const secret = 'tok3n-of-ann'
    const server = await startGitServer(t, dirname(repository.folder), secret)
    const url = `${server.url}/repository`
    const options = { repository: url, token: { env: 'GIT_TOKEN' } }
    const connector = connect(options, { secrets: { GIT_TOKEN: secret } })
    assert.equal(await read(connector, 'a.md'), 'one')
    await repository.commit({ 'a.md': 'two' })
    assert.equal(await read(connector, 'a.md'), 'two')
    assert(
      server.authorizations.every((header) => Buffer.from(header.slice(6), 'base64').toString() === `x-access-token:${secret}`),
    )
    await connector.settle?.()
    for (const path of await readdir(join(folder, 'cache'), { recursive: true, withFileTypes: true }))
      if (path.isFile()) assert(!(await readFile(join(path.parentPath, path.name))).includes(secret), path.name)
    for (const wrong of [{ repository: url }, options])
      await assert.rejects(
        list(connect(wrong, { secrets: { GIT_TOKEN: 'wrong' } })),
        (error: { code?: string; message?: string }) => {
          assert.equal(error.code, 'GIT_ACCESS_REFUSED', error.message)
          assert(
            !error.message?.includes('wrong') && !error.message?.includes(Buffer.from('x-access-token:wrong').toString('base64')),
          )
          return true
        },
      )
    await assert.rejects(list(connect({ ...options, repository: `${server.url}/none` }, { secrets: { GIT_TOKEN: secret } })), { code: 'GIT_REPOSITORY_MISSING' }) // prettier-ignore
  },
)

test(
  'a repository of another account is named with the cure [A1, H4]',
  { skip: process.getuid?.() !== 0 && 'only root can give files away' },
  async (t) => {
    const { connect, repository } = await source(t, { 'a.md': 'a' })
    for (const path of ['', ...(await readdir(repository.folder, { recursive: true }))])
      await lchown(join(repository.folder, path), 12_345, 12_345)
    await assert.rejects(list(connect()), { code: 'GIT_OWNER_DOUBTED', message: /safe\.directory .*repository/ })
  },
)

const refusedAddresses = ['', '-x', '--upload-pack=evil', 'ext::sh -c evil', 'fd::17', '::x', 'git://host/x', 'ftp://host/x', 'https://user@host/x', 'https://a:b@host/x', 'ssh://-oProxyCommand=evil/x', 'ssh://-x@host/x', 'file://host/x', 'a\nb', 'EXT::sh'] // prettier-ignore
const acceptedAddresses = ['.', '../docs', '/srv/docs.git', 'https://github.com/o/r.git', 'http://intranet/r', 'ssh://git@host:2222/r', 'git@github.com:o/r.git', 'file:///srv/r'] // prettier-ignore
const refusedRevisions = [
  '',
  '-x',
  '--all',
  'a b',
  'a:b',
  '+main',
  'a..b',
  'a^',
  'a~1',
  '*',
  'HEAD@{1}',
  'a\\b',
  '/a',
  'a/',
  'a.lock',
  'a\u0000',
  '.a',
]
const acceptedRevisions = ['HEAD', 'main', 'release/2.0', 'v1.2.3', 'a'.repeat(40), 'refs/heads/x', 'fix-#12']

test('addresses and revisions that git would take for something else are refused [D1, H4]', () => {
  for (const address of refusedAddresses) assert.equal(repositorySchema.safeParse(address).success, false, address)
  for (const address of acceptedAddresses) assert.equal(repositorySchema.safeParse(address).success, true, address)
  for (const revision of refusedRevisions) assert.equal(revisionSchema.safeParse(revision).success, false, revision) // prettier-ignore
  for (const revision of acceptedRevisions) assert.equal(revisionSchema.safeParse(revision).success, true, revision)
  const repository = 'https://host/x'
  for (const options of [
    {},
    { repository: 'http://host/x', token: { env: 'T' } },
    { repository: 'x', token: { env: 'T' } },
    { repository, path: '../x' },
    { repository, path: '/x' },
    { repository, path: 'a/./b' },
    { repository, fileUrl: 'javascript:alert(1)' },
    { repository, token: 'literal' },
  ])
    // prettier-ignore
    assert.throws(() => gitConnector.parseOptions(options), JSON.stringify(options))
})

test('pages of well-known hosts show the file at its commit [A1]', () => {
  const at = (repository: string): string | undefined => {
    const template = filePageOf(repository)
    return template && fillFileUrl(template, 'c0ffee', 'a b/ü$&.md')
  }
  const path = 'a%20b/%C3%BC%24%26.md'
  for (const repository of [
    'https://github.com/o/r',
    'https://github.com/o/r.git',
    'git@github.com:o/r.git',
    'ssh://git@github.com/o/r.git',
  ])
    assert.equal(at(repository), `https://github.com/o/r/blob/c0ffee/${path}`, repository)
  assert.equal(at('https://gitlab.com/a/b/c.git'), `https://gitlab.com/a/b/c/-/blob/c0ffee/${path}`)
  for (const repository of ['https://git.example.org/o/r', '/srv/github.com/r', '../r']) assert.equal(at(repository), undefined)
})
