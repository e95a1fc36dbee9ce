/** `eval check` and `eval erase` as people call them. */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'

const bin = join(import.meta.dirname, '../../../../bin/touchstone.js')

function touchstone(...args: readonly string[]): Promise<{ readonly code: number; readonly said: Record<string, unknown> }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [bin, ...args, '--json'], (error, stdout) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, said: JSON.parse(stdout) as Record<string, unknown> })
    })
  })
}

test('a set is checked and locked, a case erased, and the version stays [E1]', async (context) => {
  const folder = mkdtempSync(join(tmpdir(), 'touchstone-eval-check-'))
  context.after(() => rmSync(folder, { recursive: true }))
  const [suite, prompt] = [join(folder, 'set.yaml'), join(folder, 'prompt.txt')]
  writeFileSync(prompt, 'Example: who may see what Ada Lovelace earns? Nobody.')
  writeFileSync(
    suite,
    `- { id: a, as: m, question: How many days of leave?, expect: { facts: [25 days] } }
- { id: b, as: m, question: Who may see what Ada Lovelace earns?, expect: { abstain: true } }\n`,
  )
  const seen = await touchstone('eval', 'check', suite, '--against', prompt)
  assert.deepEqual([seen.code, seen.said['contaminated']], [1, [{ case: 'b', text: prompt, share: 1 }]])
  const locked = await touchstone('eval', 'check', suite, '--lock')
  assert.deepEqual([locked.code, locked.said['problems']], [0, []])
  const erased = await touchstone('eval', 'erase', suite, 'b', '--why', 'she asked')
  assert.deepEqual(erased, { code: 0, said: { erased: ['b'], version: locked.said['version'] } })
  assert.doesNotMatch(readFileSync(suite, 'utf8'), /Lovelace/)
  const again = await touchstone('eval', 'check', suite)
  assert.deepEqual([again.code, again.said['version']], [0, locked.said['version']])
  assert.equal((await touchstone('eval', 'erase', suite, 'nobody', '--why', 'x')).code, 2)
})
