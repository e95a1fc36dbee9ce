/** Shows that the rules about syntax, globals, documents and machine paths catch what they are for. */
import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { bannedGlobals } from './banned-globals.ts'
import { globalBans } from './banned-globals.data.ts'
import { brokenLinks, readmeViolations, unmentionedFolders } from './documentation.ts'
import { forbiddenSyntax } from './forbidden-syntax.ts'
import { machineFolders } from './machine-paths.data.ts'
import { machinePaths } from './machine-paths.ts'
import { parseSourceFile } from './source-file.ts'

const syntax: readonly (readonly [text: string, problem: RegExp | undefined, path?: string])[] = [
  ['const a: any = 1', /uses `any`/],
  ['function f(a: Record<string, any>) {}', /uses `any`/],
  ['const any = 1; const a: unknown = any', undefined],
  [`throw new Error('x')`, /bare Error/],
  [`throw Error('x')`, /bare Error/],
  ['class A extends Error {}', /bare Error/],
  ['class A extends Error {}', undefined, 'src/foundation/errors/touchstone-error.ts'],
  [`throw new TouchstoneError('INTERNAL')`, undefined],
  ['if (a instanceof Error) b()', undefined],
  ['export default 1', /default export/],
  ['const a = 1; export { a as default }', /default export/],
  ['export default defineConfig({})', undefined, 'touchstone.config.ts'],
]
for (const [text, problem, path = 'src/app/x.ts'] of syntax) {
  test(`syntax: \`${text}\` in ${path} is ${problem ? 'refused' : 'allowed'}`, () => {
    const messages = forbiddenSyntax([parseSourceFile(path, text)]).map((each) => each.message)
    assert.equal(messages.length, problem ? 1 : 0, messages.join('\n'))
    if (problem) assert.match(messages[0] ?? '', problem)
  })
}

const globals: readonly (readonly [text: string, problem: RegExp | undefined, path?: string])[] = [
  ['const now = Date.now()', /wall clock \(Date\.now\)/],
  ['const now = Date.now', /wall clock/],
  ['const { length } = [Date.now]', /wall clock/],
  ['const now = new Date()', /wall clock \(new Date\(\)\)/],
  ['const day = new Date(ms).toISOString()', undefined],
  ['const ms = Date.parse(text)', undefined],
  ['const a = Math.random()', /randomness/],
  ['const a = Math.max(1, 2)', undefined],
  ['const a = crypto.randomUUID()', /randomness/],
  [`import { randomBytes } from 'node:crypto'`, /randomness \(node:crypto#randomBytes\)/],
  [`import * as c from 'node:crypto'; c.randomBytes(1)`, /randomness \(crypto\.randomBytes\)/],
  [`import { createHash } from 'node:crypto'; createHash('sha256')`, undefined],
  ['const a = process.env.HOME', /environment/],
  [`const a = process['env']`, /environment/],
  ['const a = globalThis.process.env', /environment/],
  ['const { env } = process', undefined],
  [`import { env } from 'node:process'`, /environment/],
  [`import process from 'node:process'; process.env`, /environment/],
  ['const a = process.pid', undefined],
  ['const a = process.env.HOME', undefined, 'src/app/config.ts'],
  ['const a = process.env.HOME', undefined, 'src/app/config-loader.ts'],
  ['const a = process.env.HOME', /environment/, 'src/app/compose.ts'],
  ['setTimeout(f, 1)', /timer/],
  ['const later = setInterval', /timer/],
  [`import { setTimeout as sleep } from 'node:timers/promises'`, /timer/],
  [`import { setTimeout as sleep } from 'timers/promises'`, /timer/],
  ['AbortSignal.timeout(5)', undefined],
  ['socket.setTimeout(5)', undefined],
  ['console.log(1)', /console/],
  ['process.stdout.write(text)', /console/],
  ['process.stdout.write(text)', undefined, 'src/app/cli/print.ts'],
  ['process.exit(1)', /end of the process/],
  ['process.exitCode = 1', /end of the process/],
  ['await fetch(url)', /global fetch/],
  ['await fetch(url)', undefined, 'src/client/client.ts'],
  ['await connector.fetch(item)', undefined],
  ['export const a = { fetch: 1, async fetch2() {} }', undefined],
  ['interface A { fetch(item: string): void; setTimeout: number }', undefined],
  ['class A { fetch() { return 1 } }', undefined],
  ['function f(fetch: Fetch) { return fetch(1) }', undefined],
  [`import { fetch } from 'undici'; fetch(url)`, undefined],
  ['const a = performance.now()', /monotonic clock/],
  ['const a = performance.now()', undefined, 'src/foundation/telemetry/tracer.ts'],
]
for (const [text, problem, path = 'src/serving/x.ts'] of globals) {
  test(`globals: \`${text}\` in ${path} is ${problem ? 'refused' : 'allowed'}`, () => {
    const messages = bannedGlobals([parseSourceFile(path, text)]).map((each) => each.message)
    assert.equal(messages.length > 0, problem !== undefined, messages.join('\n'))
    if (problem) assert.match(messages[0] ?? '', problem)
  })
}

test('globals: every exception has a reason', () => {
  for (const { allowed, what } of globalBans) {
    for (const { files, reason } of allowed) assert.ok(reason.length > 10, `${what} in ${files} needs a reason`)
  }
})

test('documents: a relative link that leads nowhere is named with its line; others are left alone', (context) => {
  const root = mkdtempSync(join(tmpdir(), 'touchstone-links-'))
  context.after(() => rmSync(root, { recursive: true }))
  mkdirSync(join(root, 'docs'))
  writeFileSync(join(root, 'docs/a page.md'), '# A')
  const text = [
    '[good](docs/a%20page.md#part) [folder](docs) [web](https://example.com/x.md) [here](#part) <mail@example.com>',
    '[bad](docs/b.md)',
    '![image](missing.png)',
    '[by name][ref]',
    '',
    '[ref]: docs/c.md',
    '`[code](no/link.md)`',
  ].join('\n')
  const found = brokenLinks([{ path: 'README.md', text }], root).map(({ line, message }) => `${line} ${message.split(',')[0]}`)
  assert.deepEqual(found, ['2 links to docs/b.md', '3 links to missing.png', '4 links to docs/c.md'])
  assert.deepEqual(brokenLinks([{ path: 'docs/x.md', text: '[up](../docs/a%20page.md) [same](./a%20page.md)' }], root), [])
})

test('documents: a folder that ARCHITECTURE.md leaves out is named', () => {
  const text = '## `knowledge/retrieval/`: which passages?\n'
  const found = unmentionedFolders({ path: 'ARCHITECTURE.md', text }, [
    'src/knowledge',
    'src/knowledge/retrieval',
    'src/knowledge/ret',
  ])
  assert.deepEqual(
    found.map(({ message }) => message.split('.')[0]),
    ['does not mention src/knowledge/ret/'],
  )
})

test('documents: README is short and shows early how to run it', () => {
  const good = '# Touchstone\n\n```sh\nnpm ci && npm start\n```\n'
  assert.deepEqual(readmeViolations({ path: 'README.md', text: good }), [])
  assert.match(readmeViolations({ path: 'README.md', text: `${good}${'x\n'.repeat(150)}` })[0]?.message ?? '', /155 lines; 150/)
  assert.match(
    readmeViolations({ path: 'README.md', text: `${'x\n'.repeat(30)}${good}` })[0]?.message ?? '',
    /no runnable example by line 30/,
  )
  assert.match(readmeViolations({ path: 'README.md', text: '# T\n```sh\n```\n' })[0]?.message ?? '', /no runnable example/)
})

test('machine paths: a path of one machine is refused, a part of a longer path or of a URL is not', () => {
  for (const folder of machineFolders) {
    const path = ['', folder, 'ann', 'x.ts'].join('/')
    assert.equal(machinePaths([{ path: 'a.md', text: `\nsee ${path}` }])[0]?.line, 2, path)
    assert.equal(
      machinePaths([{ path: 'a.md', text: `docs${path} ./a${path} https://example.com${path} \${base}${path}` }]).length,
      0,
      path,
    )
  }
  assert.deepEqual(machinePaths([{ path: 'a.md', text: ['', 'home', 'user', 'docs'].join('/') }]), [])
})
