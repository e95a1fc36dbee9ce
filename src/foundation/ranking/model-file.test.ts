import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { RankingScorer } from '../../contracts/ranking-model.ts'
import { isTouchstoneError } from '../errors/touchstone-error.ts'
import { parseRankingModel, sealRankingModel } from './model-file.ts'

const tree = { feature: [1, 0, 0], threshold: [0.5, 0, 0], right: [2, 0, 0], value: [0, -1, 1] }
const trees: RankingScorer = { kind: 'trees', bias: 0, trees: [tree] }
const sealed = (scorer: RankingScorer, report?: unknown) =>
  sealRankingModel({
    featuresVersion: 1,
    features: ['coverage', 'nearness'],
    pool: 60,
    scorer,
    ...(report === undefined ? {} : { report }),
  })

test('a model that is written and read is the same, whatever its weights [F1]', () => {
  fc.assert(
    fc.property(fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { minLength: 2, maxLength: 2 }), (weights) => {
      const model = sealed({ kind: 'linear', bias: 0, weights: weights.map((weight) => weight + 0) })
      assert.deepEqual(parseRankingModel(JSON.parse(JSON.stringify(model)), 'm.json'), JSON.parse(JSON.stringify(model)))
    }),
  )
})

test('the hash names what decides scores: not the report, but everything else', () => {
  const { hash } = sealed(trees)
  assert.match(hash, /^[0-9a-f]{32}$/)
  assert.equal(sealed(trees, { made: 'today' }).hash, hash)
  const others = [
    sealed({ kind: 'linear', bias: 0, weights: [1, 2] }),
    sealed({ ...trees, trees: [{ ...tree, value: [0, -1, 1.000001] }] }),
    sealRankingModel({ featuresVersion: 2, features: ['coverage', 'nearness'], pool: 60, scorer: trees }),
    sealRankingModel({ featuresVersion: 1, features: ['nearness', 'coverage'], pool: 60, scorer: trees }),
    sealRankingModel({ featuresVersion: 1, features: ['coverage', 'nearness'], pool: 61, scorer: trees }),
  ]
  assert.equal(new Set([hash, ...others.map((model) => model.hash)]).size, 6)
})

const bad: readonly (readonly [what: string, model: unknown, reason: RegExp])[] = [
  ['changed afterwards', { ...sealed(trees), pool: 10 }, /changed after it was written/],
  ['another format', { ...sealed(trees), format: 'touchstone-ranking-model@2' }, /format/],
  ['no model', { hello: 1 }, /format/],
  ['a walk that never ends', sealed({ ...trees, trees: [{ ...tree, right: [1, 0, 0] }] }), /contradict/],
  ['a child outside', sealed({ ...trees, trees: [{ ...tree, right: [3, 0, 0] }] }), /contradict/],
  ['arrays of other lengths', sealed({ ...trees, trees: [{ ...tree, value: [0] }] }), /contradict/],
  ['a feature that is not named', sealed({ ...trees, trees: [{ ...tree, feature: [2, 0, 0] }] }), /does not name/],
  ['too many weights', sealed({ kind: 'linear', bias: 0, weights: [1, 2, 3] }), /does not name/],
]
for (const [what, model, reason] of bad) {
  test(`refused: ${what}`, () => {
    assert.throws(
      () => parseRankingModel(model, 'm.json'),
      (error) => isTouchstoneError(error, 'RANKING_MODEL_INVALID') && reason.test(error.message),
    )
  })
}
