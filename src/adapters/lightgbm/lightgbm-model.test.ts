/** Models made by test/fixtures/ranking-models/make-models.py with LightGBM 4.7.0; the expected scores are the library's own. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createScorer } from '../../foundation/ranking/ranking-scorer.ts'
import { isTouchstoneError } from '../../foundation/errors/touchstone-error.ts'
import { readExpectedScores, readModelFixture } from '../../../test/fixtures/ranking-models/read-fixture.ts'
import { isLightGbmModel, readLightGbmModel } from './lightgbm-model.ts'

const text = await readModelFixture('lightgbm.txt')

test('a LightGBM model scores as in the library, to the bit, on thresholds and beside them too [A5]', async () => {
  const { rows, lightgbm } = await readExpectedScores()
  const model = readLightGbmModel(text, 'lightgbm.txt')
  assert.deepEqual(model.features, ['chunk-score', 'coverage', 'nearness', 'length'])
  assert.equal(model.scorer.trees.length, 4)
  const scores = createScorer(model.scorer, 4).score(Float64Array.from(rows.flat()))
  assert.deepEqual([...scores], lightgbm)
  assert.ok(new Set(lightgbm).size > 20)
})

const refused: readonly (readonly [what: string, from: string | RegExp, to: string, reason: RegExp])[] = [
  ['categories', /^decision_type=2/m, 'decision_type=1', /categories/],
  ['zeros that mean missing', /^decision_type=2/m, 'decision_type=4', /zero_as_missing/],
  ['linear leaves', 'is_linear=0', 'is_linear=1', /linear leaves/],
  ['several classes', 'num_class=1', 'num_class=3', /classes/],
  ['averages', 'objective=lambdarank', 'objective=lambdarank\naverage_output', /random forest/],
  ['no names', /^feature_names=.*\n/m, '', /name its features/],
  ['a circle', /^left_child=\d+/m, 'left_child=0', /contradict/],
  ['a feature beyond', /^split_feature=\d/m, 'split_feature=9', /contradict/],
  ['a missing leaf', /^leaf_value=\S+ /m, 'leaf_value=', /a leaf is missing/],
  ['no number', /^threshold=\S+/m, 'threshold=x', /no number/],
]
for (const [what, from, to, reason] of refused) {
  test(`refused: ${what}`, () => {
    const changed = text.replace(from, to)
    assert.ok(changed !== text)
    assert.throws(
      () => readLightGbmModel(changed, 'm.txt'),
      (error) => isTouchstoneError(error, 'RANKING_MODEL_INVALID') && reason.test(error.message),
    )
  })
}

test('LightGBM models are recognised by their first lines', () => {
  assert.equal(isLightGbmModel(text), true)
  assert.equal(isLightGbmModel('{"learner":{}}'), false)
})
