/** Models made by test/fixtures/ranking-models/make-models.py with XGBoost 3.2.0; the expected scores are the library's own. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { createScorer } from '../../foundation/ranking/ranking-scorer.ts'
import { isTouchstoneError } from '../../foundation/errors/touchstone-error.ts'
import { readExpectedScores, readModelFixture } from '../../../test/fixtures/ranking-models/read-fixture.ts'
import { isXgboostModel, largestBelow, readXgboostModel } from './xgboost-model.ts'

const text = JSON.stringify(JSON.parse(await readModelFixture('xgboost.json')))

test('an XGBoost model scores as in the library up to single precision, on thresholds and beside them too [A5]', async () => {
  const { rows, xgboost } = await readExpectedScores()
  const model = readXgboostModel(JSON.parse(text), 'xgboost.json')
  assert.deepEqual(model.features, ['chunk-score', 'coverage', 'nearness', 'length'])
  const scores = createScorer(model.scorer, 4).score(Float64Array.from(rows.flat()))
  for (const [row, score] of scores.entries())
    assert.ok(Math.abs(score - (xgboost[row] ?? Number.NaN)) < 1e-6, `row ${row}: ${score} and ${xgboost[row]}`)
  assert.ok(new Set(xgboost).size > 20)
})

test('a value goes left exactly where single precision is below the limit', () => {
  const single = fc.float({ noNaN: true, noDefaultInfinity: true })
  fc.assert(
    fc.property(
      single,
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.double({ min: -2e-7, max: 2e-7, noNaN: true }),
      (limit, far, off) => {
        for (const value of [far, limit, limit * (1 + off), largestBelow(limit)]) {
          if (Number.isFinite(Math.fround(value)))
            assert.equal(value <= largestBelow(limit), Math.fround(value) < limit, `${value} ${limit}`)
        }
      },
    ),
    { numRuns: 2_000 },
  )
})

const refused: readonly (readonly [what: string, from: string | RegExp, to: string, reason: RegExp])[] = [
  ['another booster', '"name":"gbtree"', '"name":"dart"', /gbtree/],
  ['another objective', '"name":"rank:ndcg"', '"name":"binary:logistic"', /rank:\*/],
  ['categories', '"categories_nodes":[]', '"categories_nodes":[0]', /categories/],
  ['no names', /"feature_names":\[[^\]]*\]/, '"feature_names":[]', /name its features/],
  ['a circle', /"left_children":\[1/, '"left_children":[0', /a node is missing/],
  ['a feature beyond', /"split_indices":\[\d/, '"split_indices":[9', /does not name/],
  ['no base', /"base_score":"[^"]*"/, '"base_score":"[x]"', /base_score/],
]
for (const [what, from, to, reason] of refused) {
  test(`refused: ${what}`, () => {
    const changed = text.replace(from, to)
    assert.ok(changed !== text)
    assert.throws(
      () => readXgboostModel(JSON.parse(changed), 'm.json'),
      (error) => isTouchstoneError(error, 'RANKING_MODEL_INVALID') && reason.test(error.message),
    )
  })
}

test('XGBoost models are recognised by their learner', () => {
  assert.equal(isXgboostModel(JSON.parse(text)), true)
  assert.equal(isXgboostModel({ kind: 'linear' }), false)
  assert.equal(isXgboostModel(null), false)
})
