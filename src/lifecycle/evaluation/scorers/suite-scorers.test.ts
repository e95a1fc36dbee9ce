/** Which scorers a suite has, and what comes of several values of one name. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { evaluationCase, plainScorerParts, systemOutput } from '../../../testing/scorer-parts.ts'
import { systemClock } from '../../../foundation/concurrency/clock.ts'
import { meaningsOf, scoreOutput } from '../runs/score-output.ts'
import { createSuiteScorers } from './suite-scorers.ts'

const expecting = evaluationCase({ expect: { facts: [['25 days']], not: [], abstain: false } })
const score = async (scorers: Parameters<typeof scoreOutput>[2], text: string, testCase = expecting) =>
  scoreOutput(testCase, systemOutput(text), scorers, systemClock, 5_000)

test('what cases expect and must never show is scored without being named [E2]', async () => {
  const scorers = createSuiteScorers({ cases: [expecting], scorers: [] }, plainScorerParts)
  assert.deepEqual(await score(scorers, '25 days'), {
    scores: { correct: 1, wrong: 0, abstained_wrong: 0, leaked: 0 },
  })
  const plain = evaluationCase()
  assert.deepEqual(createSuiteScorers({ cases: [plain], scorers: [] }, plainScorerParts), [])
  const named = [{ scorer: 'leak', options: {}, metric: 'told' }]
  const [leak, ...others] = createSuiteScorers({ cases: [plain], scorers: named }, plainScorerParts)
  assert.deepEqual(others, [])
  assert.deepEqual(leak?.meanings, { told: { better: 'lower', mustNever: true } })
})

test('checks of one case apply to it alone; several values of a name are averaged [E2]', async () => {
  const check = { scorer: 'facts', options: {}, metric: 'said' }
  const other = evaluationCase({ id: 'other', checks: [{ scorer: 'leak', options: {}, metric: 'said' }, check] })
  const cases = [
    { ...expecting, checks: [check] },
    { ...other, expect: expecting.expect, never: ['25'] },
  ] as const
  const scorers = createSuiteScorers({ cases, scorers: [] }, plainScorerParts)
  const values = async (at: 0 | 1) => (await score(scorers, '25 days', cases[at])).scores['said']
  assert.deepEqual([await values(0), await values(1)], [1, 1])
  assert.equal((await score(scorers, '5 days', cases[1])).scores['said'], 0)
  assert.equal((await score(scorers, 'from 25 on', cases[1])).scores['said'], 0.5)
})

test('a check of a case that has nothing to compare with leaves it unscored; a scorer of the suite does not apply [E2]', async () => {
  const exact = { scorer: 'exact', options: {} }
  const own = evaluationCase({ checks: [exact] })
  const { scores, error } = await score(createSuiteScorers({ cases: [own], scorers: [] }, plainScorerParts), 'x', own)
  assert.deepEqual(scores, {})
  assert.match(String(error), /exact gives no value for the case "case-1": the case gives it nothing to compare with/)
  const plain = evaluationCase()
  const suite = createSuiteScorers({ cases: [plain], scorers: [exact] }, plainScorerParts)
  assert.deepEqual(await score(suite, 'x', plain), { scores: {} })
  const skipping = { scorer: 'module', options: { run: () => null } }
  const skipped = evaluationCase({ checks: [skipping] })
  const skips = createSuiteScorers({ cases: [skipped], scorers: [] }, plainScorerParts)
  assert.deepEqual(await score(skips, 'x', skipped), { scores: {} })
})

test('a check that is called otherwise names its main value, and the others below it [E2]', async () => {
  const suite = { cases: [expecting], scorers: [{ scorer: 'facts', options: {}, metric: 'said' }] }
  const scorers = createSuiteScorers(suite, plainScorerParts).slice(1)
  assert.deepEqual((await score(scorers, 'no')).scores, { said: 0, 'said.wrong': 1, 'said.abstained_wrong': 0 })
  assert.deepEqual(meaningsOf(scorers), { 'said.wrong': { better: 'lower' }, 'said.abstained_wrong': { better: 'lower' } })
})

test('a value that cannot be had costs none of the others [E2]', async () => {
  const thrown = new RangeError('no')
  const { scores, error } = await score(
    [
      { score: async () => ({ a: 1, b: Number.NaN }) },
      {
        score: () => {
          throw thrown
        },
      },
      { score: async () => ({ c: 2, d: 0 }) },
    ],
    '',
  )
  assert.deepEqual(scores, { a: 1, d: 0 })
  // The first says why; the records need no more.
  assert.match(String(error), /its b is NaN, which is not in \[0, 1\]/)
})

test('meanings of all metrics come together [E2]', () => {
  const scorers = createSuiteScorers({ cases: [expecting], scorers: [] }, plainScorerParts)
  assert.deepEqual(meaningsOf(scorers), {
    wrong: { better: 'lower' },
    abstained_wrong: { better: 'lower' },
    leaked: { better: 'lower', mustNever: true },
  })
})
