/** JUnit that CI systems read: stable names, errors that are no failures, and no case lost. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { RecordedRun, RunRecord } from '../../../contracts/recorded-run.ts'
import { toJUnit } from './write-junit.ts'

function recordOf(changes: Partial<RunRecord>): RunRecord {
  return { case: 'a', repeat: 0, outcome: 'scored', scores: {}, slice: {}, ...changes }
}

function linesOf(records: readonly RunRecord[], planned = records.length): readonly string[] {
  const meanings: RecordedRun['meanings'] = { wrong: { better: 'lower' }, leaked: { better: 'lower', mustNever: true } }
  const run = { format: 'touchstone/1', run: 'r', target: 't', meanings, planned, records, unsupported: [] }
  return toJUnit('suite', run).split('\n')
}

const error = { code: 'CASE_TIMEOUT', message: 'too slow' }
const endings: readonly (readonly [about: string, record: Partial<RunRecord>, ending: RegExp])[] = [
  ['every metric is fine', { scores: { correct: 1, wrong: 0, leaked: 0 } }, /name="a" time="0\.000"\/>/],
  ['one is neither best nor worst', { scores: { rouge: 0.1 } }, /\/>$/],
  ['a metric is 0 that is better when higher', { scores: { correct: 0 } }, /<failure message="correct is 0">/],
  ['what must never be was', { scores: { correct: 1, leaked: 1 } }, /<failure message="leaked is 1">/],
  ['the system failed', { outcome: 'failed', error }, /<failure message="CASE_TIMEOUT: too slow">/],
  ['the surroundings failed', { outcome: 'errored', error }, /<error message="CASE_TIMEOUT: too slow">/],
  ['a scorer gave nothing', { outcome: 'unscored', scores: { leaked: 0 }, error }, /<error /],
  ['a scorer gave nothing, and another found a leak', { outcome: 'unscored', scores: { leaked: 1 }, error }, /<failure /],
  ['it was not run', { outcome: 'skipped' }, /<skipped /],
]
for (const [about, record, ending] of endings) {
  test(`a case of which ${about} ends so in JUnit [E2, E5]`, () => {
    const line = linesOf([recordOf(record)]).find((each) => each.includes('<testcase'))
    assert.match(line ?? '', ending)
  })
}

test('names are ids, classes suite and slice; what came from documents cannot break the file; missing cases are skipped [E5]', () => {
  const lines = linesOf(
    [
      recordOf({ case: 'x<&"\u0000', slice: { language: 'de' }, scores: { correct: 0 }, output: '<b>]]>\uD800' }),
      recordOf({ case: 'x', repeat: 2 }),
    ],
    4,
  )
  const text = lines.join('\n')
  assert.match(text, /<testsuite name="suite" tests="4" failures="1" errors="0" skipped="2"/)
  assert.match(text, /classname="suite\/language=de" name="x&lt;&amp;&quot;\uFFFD"/)
  assert.match(text, />&lt;b&gt;\]\]&gt;\uFFFD<\/failure>/)
  assert.match(text, /name="x #3"/)
  assert.equal(lines.filter((line) => line.includes('<testcase')).length, 4)
})
