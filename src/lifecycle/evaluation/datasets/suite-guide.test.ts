/** What the guide and the example say is what the program takes. */
import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { plainScorerParts } from '../../../testing/scorer-parts.ts'
import { createSuiteScorers } from '../scorers/suite-scorers.ts'
import { selectSplit } from './holdout.ts'
import { loadDataset } from './load-dataset.ts'

const root = join(import.meta.dirname, '../../../..')

test('the set of the guide is valid, and its program scores [E1, E11]', async (context) => {
  const guide = readFileSync(join(root, 'docs/guides/write-a-suite.md'), 'utf8')
  const [cases = '', about = ''] = [...guide.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, block]) => block ?? '')
  const folder = mkdtempSync(join(tmpdir(), 'touchstone-guide-'))
  context.after(() => rmSync(folder, { recursive: true }))
  writeFileSync(join(folder, 'dataset.yaml'), about)
  writeFileSync(join(folder, 'cases.yaml'), cases)
  const set = await loadDataset(folder)
  assert.deepEqual(
    set.cases.map(({ id, cluster }) => [id, cluster]),
    [
      ['holiday/turn-1', 'holiday'],
      ['holiday/turn-2', 'holiday'],
      ['holiday/turn-3', 'holiday'],
      ['ticket-17', 'tickets-of-may'],
    ],
  )
  assert.equal(createSuiteScorers(set, plainScorerParts).length, 6)
})

test('the suite in TypeScript of the examples is valid [E1, E11]', async () => {
  const set = await loadDataset(join(root, 'examples/suite/leave.suite.ts'))
  assert.deepEqual(
    (await selectSplit(set, undefined)).map(({ id }) => id),
    ['leave-days', 'leave-talk/turn-1', 'leave-talk/turn-2'],
  )
})
