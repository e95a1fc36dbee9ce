/** The examples of pushing, run as they stand against a real server. */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { promisify } from 'node:util'
import type { ComposedApplication } from '../../src/app/compose.ts'
import { openApplication, readablePaths } from '../fixtures/application.ts'
import { PROJECT_ROOT } from '../fixtures/command-line.ts'
import { giveKey, startServer } from '../fixtures/http-server.ts'
import { temporaryFolder } from '../fixtures/temp-folder.ts'

const run = promisify(execFile)

/** @returns what it printed, or nothing when the program is not there */
async function example(context: TestContext, program: string, file: string, sources: readonly string[]) {
  const isThere = await run(program, ['--version']).then(() => true, () => false) // prettier-ignore
  if (!isThere) return context.skip(`skipped: there is no ${program}`)
  const folder = await temporaryFolder(context)
  const config = { sources: Object.fromEntries(sources.map((id) => [id, { kind: 'push' }])), access: { users: { ann: {} } } }
  const application: ComposedApplication = await openApplication(context, folder, config)
  const { url } = await startServer(context, application)
  const env = { PATH: process.env['PATH'], TOUCHSTONE_URL: url, TOUCHSTONE_KEY: await giveKey(application, { role: 'push' }) }
  const shell = file.endsWith('.sh') ? 'sh' : program
  const { stdout } = await run(shell, [join(PROJECT_ROOT, 'examples/push', file)], { env, timeout: 60_000 })
  return { lines: stdout.trim().split('\n'), readable: await readablePaths(application, 'ann') }
}

test('the Python example pushes, repeats, edits and deletes [A1, I1]', async (context) => {
  const done = await example(context, 'python3', 'push.py', ['tickets'])
  if (done === undefined) return
  assert.deepEqual(done.lines, [
    'created searchable',
    'unchanged',
    'updated',
    'tickets:1 created',
    'tickets:2 REQUEST_INVALID',
    'tickets:4711 deleted',
  ])
  assert.deepEqual(done.readable, ['1'])
})

test('the shell example pushes JSON, a file and lines [A1, I1]', async (context) => {
  const done = await example(context, 'curl', 'push.sh', ['notes'])
  if (done === undefined) return
  const outcomes = done.lines.flatMap((line) => {
    const answer = JSON.parse(line) as { outcome?: string; items?: { outcome: string }[] }
    return answer.items?.map(({ outcome }) => outcome) ?? [answer.outcome]
  })
  assert.deepEqual(outcomes, ['created', 'created', 'created', 'deleted'])
  assert.deepEqual(done.readable, ['line-4', 'shifts.md'])
})
