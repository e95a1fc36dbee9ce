/** How a person names what is compared: the newest run of a target, by every name that it goes by. */
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { temporaryFolder } from '../../../test/fixtures/temp-folder.ts'
import { readComparedRun } from './compared-run.ts'

function manifest(run: string, target: object): string {
  const suite = { name: 's', path: 's', version: 'v', filter: [] }
  return JSON.stringify({ format: 'touchstone/1', run, suite, cases: [['a', 'h']], repeats: 1, target, meanings: {} })
}

test('a run is found by its id, its folder, and its target as it was asked for or turned out [E5]', async (t) => {
  const folder = await temporaryFolder(t, {
    '1/run.json': manifest('1', { spec: 'feature:answers', id: 'feature:answers@abc' }),
    '2/run.json': manifest('2', { spec: 'feature:answers', id: 'feature:answers@abc' }),
    '3/run.json': manifest('3', { spec: 'feature:answers@candidate', id: 'feature:answers@def' }),
    '4/run.json': manifest('4', { spec: 'module:answers.ts', id: 'module:answers.ts' }),
  })
  for (const [named, run] of [
    ['1', '1'],
    [join(folder, '1'), '1'],
    ['answers', '2'],
    ['feature:answers', '2'],
    ['answers@abc', '2'],
    ['answers@candidate', '3'],
    ['feature:answers@def', '3'],
    ['module:answers.ts', '4'],
  ] as const)
    assert.equal((await readComparedRun(named, folder)).run, run, named)
  await assert.rejects(readComparedRun('answer', folder), { code: 'RUN_UNKNOWN' })
})
