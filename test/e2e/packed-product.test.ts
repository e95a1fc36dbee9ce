/** What npm packs, installed in a folder of its own: init, start, ask over HTTP, stop; and what an old Node is told. */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdir, readdir, rename, symlink } from 'node:fs/promises'
import { delimiter, dirname, join } from 'node:path'
import { after, test } from 'node:test'
import { promisify } from 'node:util'
import { createTouchstoneClient } from '../../src/client/index.ts'
import { ended, parsed, PROJECT_ROOT, start, touchstone } from '../fixtures/command-line.ts'
import { temporaryFolder } from '../fixtures/temp-folder.ts'

const run = promisify(execFile)
const folder = await temporaryFolder({ after }, { 'pages/parking.md': '# Parking\n\nVisitors park for 7 euros a day.\n' })
const modules = join(folder, 'node_modules')
const bin = join(modules, 'touchstone/bin/touchstone.js')

async function install(): Promise<string[]> {
  const npm = process.env['npm_execpath'] ?? join(PROJECT_ROOT, 'node_modules/npm/bin/npm-cli.js')
  const [command, args] = existsSync(npm) ? [process.execPath, [npm]] : ['npm', []]
  const { stdout } = await run(command, [...args, 'pack', '--json', '--pack-destination', folder], { cwd: PROJECT_ROOT })
  const [{ filename, files }] = JSON.parse(stdout.slice(stdout.indexOf('['))) as [{ filename: string; files: { path: string }[] }]
  await run('tar', ['-xzf', join(folder, filename), '-C', folder])
  await mkdir(modules)
  for (const name of await readdir(join(PROJECT_ROOT, 'node_modules')))
    // Everything but what only the checkout has: its Node and its tools.
    if (!name.startsWith('.') && name !== 'node') await symlink(join(PROJECT_ROOT, 'node_modules', name), join(modules, name))
  await rename(join(folder, 'package'), join(modules, 'touchstone'))
  return files.map(({ path }) => path)
}

const files = await install()

test('the package holds the product and nothing of the house [I4]', () => {
  for (const needed of ['bin/touchstone.js', 'dist/app/cli/main.js', 'dist/app/index.d.ts', 'README.md', 'LICENSE'])
    assert(files.includes(needed), needed)
  assert.deepEqual(
    files.filter((path) => /^(?:src|test|bench|examples|evals|scripts)\/|\.test\.|^touchstone\.config/.test(path)),
    [],
  )
})

test('installed from the tarball: init, start, ask over HTTP, stop [I1, I4]', { timeout: 90_000 }, async (t) => {
  const cwd = folder
  const init = await touchstone(['init', '--path', 'pages', '--users', 'ann', '--json'], { cwd, bin })
  assert.equal(init.code, 0, init.stderr)
  const server = start(['start', '--port', '0', '--json'], { cwd, bin })
  t.after(async () => void (await ended(server, 'SIGKILL')))
  const [output] = (await once(server.stdout!, 'data')) as [Buffer]
  const { url } = JSON.parse(output.toString()) as { url: string }
  const client = createTouchstoneClient({ url, user: 'ann' })
  const answer = await client.answer({ question: 'What do visitors pay for parking?' })
  const [citation] = answer.sentences[0]!.citations
  const text = await client.documentText(citation!.document, citation!.version)
  assert.equal(text.slice(citation!.start, citation!.end), citation!.quote)
  assert.match(citation!.quote, /7 euros/)
  assert.equal(await ended(server, 'SIGTERM'), 0)
  const doctor = await touchstone(['doctor', '--json'], { cwd, bin })
  assert.equal(doctor.code, 0, doctor.stdout)
  assert(parsed<{ items: { status: string }[] }>(doctor).items.every(({ status }) => status !== 'failed'))
})

test('every entry of the package can be imported [I1, I4]', { timeout: 30_000 }, async () => {
  const entries = ['', '/client', '/contracts', '/knowledge', '/serving', '/lifecycle', '/statistics', '/testing']
  const script = `for (const entry of ${JSON.stringify(entries)}) await import('touchstone' + entry)`
  await run(process.execPath, ['--input-type=module', '--eval', script], {
    cwd: folder,
    env: { PATH: process.env['PATH'] ?? '' },
  })
})

test('an old Node is told which one is needed and how to get it [I4]', { timeout: 30_000 }, async (t) => {
  const old = await findOldNode()
  if (old === undefined) return t.skip('this machine has no Node older than 24 outside node_modules')
  const failure = await run(old, [bin, 'doctor'], { cwd: folder }).catch((error: unknown) => error)
  const { code, stderr, stdout } = failure as { code: number; stderr: string; stdout: string }
  assert.deepEqual([code, stdout], [2, ''])
  assert.match(stderr, /needs Node 24 or newer; this is Node \d+/)
  assert.match(stderr, /https:\/\/nodejs\.org|npm install node@24/)
  await mkdir(join(modules, 'node/bin'), { recursive: true })
  await symlink(process.execPath, join(modules, 'node/bin/node'))
  const cured = await run(old, [bin, '--version'], { cwd: folder })
  assert.match(cured.stdout, /^\d+\.\d+\.\d+/, 'with the package "node" beside it, that one runs')
})

async function findOldNode(): Promise<string | undefined> {
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((path) => !path.includes('node_modules'))
  for (const candidate of folders.map((path) => join(path, 'node'))) {
    if (!existsSync(candidate) || dirname(candidate) === dirname(process.execPath)) continue
    const { stdout } = await run(candidate, ['--version'])
    if (Number(/^v(\d+)/.exec(stdout)?.[1]) < 24) return candidate
  }
  return undefined
}
