/** What a folder lists, with which declarations, and what it refuses to fetch. */
import assert from 'node:assert/strict'
import { mkdir, mkdtemp, rm, symlink, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { test, type TestContext } from 'node:test'
import type { Connector, ListingFailure, SourceItem } from '../../contracts/connector.ts'
import { combineDeclarations } from '../../foundation/access/acl-decision.ts'
import { systemClock } from '../../foundation/concurrency/clock.ts'
import { connectorParts } from '../../testing/connector-parts.ts'
import { folderConnector } from './folder.ts'

const signal = new AbortController().signal

interface Tree {
  readonly root: string
  connect(options?: object): Connector
}

async function tree(t: TestContext, files: Readonly<Record<string, string>>): Promise<Tree> {
  const root = await mkdtemp(join(tmpdir(), 'touchstone-folder-'))
  t.after(() => rm(root, { recursive: true, force: true }))
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true })
    await writeFile(join(root, path), content)
  }
  const parts = connectorParts('docs', dirname(root))
  const connect = (options = {}): Connector =>
    folderConnector.create(folderConnector.parseOptions({ path: root, ...options }), parts)
  return { root, connect }
}

async function list(connector: Connector): Promise<{ items: SourceItem[]; failures: ListingFailure[] }> {
  const listed = await Array.fromAsync(connector.list(signal))
  return {
    items: listed.filter((entry): entry is SourceItem => !('code' in entry)),
    failures: listed.filter((entry) => 'code' in entry),
  }
}

const paths = async (connector: Connector): Promise<string[]> => (await list(connector)).items.map(({ path }) => path)

const files = {
  'b.md': 'b',
  'a.md': 'a',
  'notes.txt': 'n',
  '.hidden.md': 'h',
  '.git/config.md': 'g',
  'node_modules/x/readme.md': 'x',
  'deep/er/c.md': 'c',
  'deep/access.yaml': 'readers: [everyone]',
}

const selections: readonly (readonly [string, object, readonly string[]])[] = [
  ['everything but what is hidden, in a fixed order', {}, ['a.md', 'b.md', 'deep/er/c.md', 'notes.txt']],
  ['what is included', { include: ['**/*.md'] }, ['a.md', 'b.md', 'deep/er/c.md']],
  ['without what is excluded', { exclude: ['deep/**', 'a.*'] }, ['b.md', 'notes.txt']],
  ['exclusion before inclusion', { include: ['**/*.md'], exclude: ['**/*.md'] }, []],
  ['nothing hidden, even when it is included', { include: ['**/.hidden.md', '.git/**'] }, []],
]

for (const [what, options, expected] of selections)
  test(`a folder lists ${what} [A1]`, async (t) => {
    assert.deepEqual(await paths((await tree(t, files)).connect(options)), expected)
  })

test('declarations come from the outermost place to the innermost: rules, folders, the single file [A4]', async (t) => {
  const { connect } = await tree(t, {
    'access.yaml': 'readers: [everyone]',
    'hr/access.yaml': 'readers: [group:hr]\ndeny: [user:tom]\nfiles:\n  pay.md: { readers: [group:board] }',
    'hr/pay.md': 'p',
    'hr/deep/pay.md': 'p',
  })
  const access = [{ path: 'hr/**', readers: ['group:rule'] }, { path: '**', deny: ['user:eve'] }, { path: 'other/**', readers: [] }] // prettier-ignore
  const { items } = await list(connect({ access }))
  const places = Object.fromEntries(items.map((item) => [item.path, item.access.map(({ place }) => place)]))
  assert.deepEqual(places, {
    'hr/deep/pay.md': ['rule:0', 'rule:1', 'folder:', 'folder:hr'],
    'hr/pay.md': ['rule:0', 'rule:1', 'folder:', 'folder:hr', 'file:hr/pay.md'],
  })
  const acls = items.map((item) => combineDeclarations(item.access.map(({ declaration }) => declaration)))
  assert.deepEqual(acls, [
    { deny: ['user:eve', 'user:tom'], all: [{ any: ['group:hr'] }] },
    { deny: ['user:eve', 'user:tom'], all: [{ any: ['group:board'] }] },
  ])
})

test('a file without any declaration has none, which means nobody [A4]', async (t) => {
  const [item] = (await list((await tree(t, { 'a.md': 'a' })).connect())).items
  assert.deepEqual(item?.access, [])
  assert.equal(combineDeclarations([]), undefined)
})

const mistakes: readonly (readonly [string, string])[] = [
  ['broken YAML', 'readers: [everyone'],
  ['an empty file', ''],
  ['a list', '- everyone'],
  ['a name twice', 'readers: [everyone]\nreaders: [group:hr]'],
  ['an unknown word', 'reader: [everyone]'],
  ['readers that are a text', 'readers: everyone'],
  ['somebody who is no principal', 'readers: [all of us]'],
  ['readers and all', 'readers: [everyone]\nall: [{ any: [everyone] }]'],
  ['files that are a list', 'readers: [everyone]\nfiles: [a.md]'],
  ['a file further down', 'readers: [everyone]\nfiles: { sub/a.md: { readers: [group:hr] } }'],
]

test('an access.yaml that is not understood means nobody, for its folder and all below [A4]', async (t) => {
  for (const [what, content] of mistakes) {
    const { connect } = await tree(t, {
      'access.yaml': 'readers: [everyone]',
      'x/access.yaml': content,
      'x/a.md': 'a',
      'x/sub/a.md': 'a',
      'y.md': 'y',
    })
    const { items } = await list(connect())
    const acls = items.map((item) => [item.path, combineDeclarations(item.access.map(({ declaration }) => declaration))?.all])
    assert.deepEqual(acls, [['x/a.md', undefined], ['x/sub/a.md', undefined], ['y.md', [{ any: ['everyone'] }]]], what) // prettier-ignore
  }
})

test('a wrong rule for one file closes that file only, also when its name is spelt with other code points [A4]', async (t) => {
  const composed = 'Gehälter.md'.normalize('NFC')
  const rules = `readers: [everyone]\nfiles:\n  ${composed}: { readers: [group:hr] }\n  b.md: { readers: hr }`
  const { connect } = await tree(t, { 'access.yaml': rules, [composed.normalize('NFD')]: 'a', 'b.md': 'b', 'c.md': 'c' })
  const { items } = await list(connect())
  const readers = Object.fromEntries(
    items.map((item) => [item.path.normalize(), combineDeclarations(item.access.map(({ declaration }) => declaration))?.all]),
  )
  assert.deepEqual(readers, { [composed]: [{ any: ['group:hr'] }], 'b.md': undefined, 'c.md': [{ any: ['everyone'] }] })
})

test('a mark changes with the bytes and not with the declarations [A1]', async (t) => {
  const { root, connect } = await tree(t, { 'a.md': 'one' })
  const mark = async (): Promise<string | undefined> => (await list(connect())).items[0]?.changeMark
  const before = await mark()
  await writeFile(join(root, 'access.yaml'), 'readers: [everyone]')
  assert.equal(await mark(), before)
  await writeFile(join(root, 'a.md'), 'two')
  assert.notEqual(await mark(), before)
})

test('fetching gives the bytes, or says by a code why not [A1]', async (t) => {
  const { root, connect } = await tree(t, {
    'a.md': 'bytes',
    'big.md': 'x'.repeat(101),
    'gone.md': 'g',
    'link.md': 'l',
    'sub/s.md': 's',
    'other/s.md': 'o',
  })
  const connector = connect({ maxFileBytes: 100 })
  const { items } = await list(connector)
  const fetch = (path: string): Promise<Uint8Array> =>
    connector.fetch(
      items.find((item) => item.path === path)!,
      signal,
    )
  assert.equal(Buffer.from(await fetch('a.md')).toString(), 'bytes')
  await assert.rejects(fetch('big.md'), { code: 'SOURCE_ITEM_TOO_LARGE' })
  await rm(join(root, 'gone.md'))
  await rm(join(root, 'link.md'))
  await symlink(join(root, 'a.md'), join(root, 'link.md'))
  await rm(join(root, 'sub'), { recursive: true })
  await symlink(join(root, 'other'), join(root, 'sub'))
  for (const path of ['gone.md', 'link.md', 'sub/s.md'])
    await assert.rejects(fetch(path), (error: { code?: string }) => ['SOURCE_ITEM_UNREADABLE', 'SOURCE_LINK_OUTSIDE'].includes(error.code ?? ''), path) // prettier-ignore
})

test('a file that is cut while it is read is a change, to be read again [A1]', async (t) => {
  const { root, connect } = await tree(t, { 'a.md': 'x'.repeat(40_000_000) })
  const connector = connect()
  const [item] = (await list(connector)).items
  const fetched = connector.fetch(item!, signal)
  let size = 40_000_000
  const cutting = (async () => {
    for (; size > 39_999_000; size -= 10) {
      await truncate(join(root, 'a.md'), size)
      await new Promise((resolve) => setImmediate(resolve))
    }
  })()
  await assert.rejects(fetched, { code: 'SOURCE_ITEM_CHANGED' })
  await cutting
})

test('a folder that is missing or is none is named; a listing that is cancelled ends [A1]', async (t) => {
  const { root, connect } = await tree(t, { 'a.md': 'a' })
  for (const path of [join(root, 'nowhere'), join(root, 'a.md')])
    await assert.rejects(list(connect({ path })), { code: 'SOURCE_PATH_MISSING' })
  await assert.rejects(Array.fromAsync(connect().list(AbortSignal.abort())), { name: 'AbortError' })
})

test('a watch calls back once after a burst of changes, and not after it is stopped [A1]', { timeout: 10_000 }, async (t) => {
  const { root, connect } = await tree(t, { 'sub/a.md': 'a' })
  const calls: number[] = []
  const stop = connect().watch?.(() => calls.push(systemClock.now()))
  t.after(() => stop?.())
  for (let at = 0; at < 5; at++) await writeFile(join(root, 'sub/a.md'), String(at))
  const until = systemClock.now() + 5_000
  while (calls.length === 0 && systemClock.now() < until) await systemClock.sleep(50)
  await systemClock.sleep(400)
  assert.equal(calls.length, 1)
  stop?.()
  await writeFile(join(root, 'sub/a.md'), 'later')
  await systemClock.sleep(500)
  assert.equal(calls.length, 1)
})

test('options that are wrong are refused [A1, D1]', () => {
  for (const options of [
    {},
    { path: '' },
    { path: 'x', include: 'all' },
    { path: 'x', maxFileBytes: 0 },
    { path: 'x', colour: 1 },
  ])
    assert.throws(() => folderConnector.parseOptions(options), JSON.stringify(options))
})
