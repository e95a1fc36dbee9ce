/** Rights that changed between two runs make cases stale: they say nothing of the release, and still count when something leaks. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { RecordedRun, RunRecord } from '../../contracts/recorded-run.ts'
import { decideRelease } from './decide-release.ts'
import { defaultPolicy } from './gate-policy.ts'

const CASES = 400

function runOf(run: string, recordOf: (place: number) => Partial<RunRecord>): RecordedRun {
  const records = Array.from({ length: CASES }, (_, place): RunRecord => ({
    case: `case-${place}`,
    repeat: 0,
    outcome: 'scored',
    scores: { correct: 1, leaked: 0 },
    slice: {},
    evidence: 'as before',
    ...recordOf(place),
  }))
  return { format: 'touchstone/1', run, target: run, meanings: { leaked: { better: 'lower', mustNever: true } }, planned: CASES, records, unsupported: [] } // prettier-ignore
}

const decide = (candidate: RecordedRun) =>
  decideRelease(
    runOf('live', () => ({})),
    candidate,
    defaultPolicy,
    { today: '2026-11-23' },
  )
const withdrawn = (scores: RunRecord['scores']) => ({ scores, evidence: 'may not be read any more' })

test('a few stale cases are left out and named; a loss among them is none of the release [E1, E5]', () => {
  const { verdict, metrics, notes } = decide(runOf('new', (place) => (place < 6 ? withdrawn({ correct: 0, leaked: 0 }) : {})))
  assert.deepEqual([verdict, metrics[0]?.n, metrics[0]?.worse], ['pass', CASES - 6, 0])
  assert.match(notes.join('\n'), /6 stale cases are left out.*case-0, case-1/)
})

test('many stale cases are unmeasurable: the baseline is to be run again [E1, E5]', () => {
  const { verdict, reasons, exitStatus } = decide(
    runOf('new', (place) => (place < 20 ? withdrawn({ correct: 0, leaked: 0 }) : {})),
  )
  assert.deepEqual([verdict, exitStatus], ['unmeasurable', 2])
  assert.match(reasons.join('\n'), /20 of 400 cases are stale.*run the baseline again/)
})

test('what must never happen counts in a stale case, too [E1, E5, D7]', () => {
  const { verdict, mustNever } = decide(runOf('new', (place) => (place === 3 ? withdrawn({ correct: 1, leaked: 1 }) : {})))
  assert.deepEqual([verdict, mustNever[0]?.violations, mustNever[0]?.cases], ['block', 1, ['case-3']])
})

test('runs that know no rights have no stale cases [E5]', () => {
  const bare = runOf('new', () => ({}))
  const { verdict } = decide({ ...bare, records: bare.records.map(({ evidence: _evidence, ...record }) => record) })
  assert.equal(verdict, 'pass')
})
