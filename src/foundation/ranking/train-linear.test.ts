import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { createScorer } from './ranking-scorer.ts'
import type { RankedQuery } from './stacked-queries.ts'
import { trainLinear } from './train-linear.ts'

const value = fc.integer({ min: -100, max: 100 }).map((hundredths) => hundredths / 100)
const queries = fc
  .array(fc.array(fc.tuple(value, value, fc.integer({ min: 0, max: 2 })), { minLength: 2, maxLength: 6 }), {
    minLength: 1,
    maxLength: 6,
  })
  .map((lists): RankedQuery[] =>
    lists.map((rows, id) => ({
      id: `q${id}`,
      features: Float64Array.from(rows.flatMap(([first, second]) => [first, second])),
      gains: Float64Array.from(rows.map(([, , gain]) => gain)),
    })),
  )

test('one question, one feature: the weight is where the derivative is zero [A5]', () => {
  const ridge = 0.5
  const { weights, bias } = trainLinear([{ id: 'q', features: Float64Array.of(0, 1), gains: Float64Array.of(0, 1) }], 1, {
    ridge,
    anchors: [],
  })
  // The feature's deviation is 1/2, so the standardised weight u is half the weight and the two scores are 2u apart:
  // d/du [ln(1 + e^(-2u)) + ridge/2 u^2] = 0.
  const u = weights[0]! / 2
  assert.ok(Math.abs(-2 / (1 + Math.exp(2 * u)) + ridge * u) < 1e-6)
  assert.ok(u > 0)
  assert.equal(bias, 0)
})

test('the order of questions changes nothing, and a shift of a whole question changes no weight', () => {
  fc.assert(
    fc.property(queries, value, (given, shift) => {
      const { weights } = trainLinear(given, 2, { ridge: 0.01, anchors: [] })
      assert.deepEqual(trainLinear(given.toReversed(), 2, { ridge: 0.01, anchors: [] }).weights, weights)
      const shifted = given.map((query) => ({ ...query, features: query.features.map((each) => each + shift) }))
      for (const [at, weight] of trainLinear(shifted, 2, { ridge: 0.01, anchors: [] }).weights.entries())
        assert.ok(Math.abs(weight - weights[at]!) < 1e-3 * (1 + Math.abs(weight)), `${weight} ${weights[at]}`)
    }),
  )
})

test('weights are finite, and a feature that is the same everywhere within each question gets none', () => {
  fc.assert(
    fc.property(queries, (given) => {
      const constant = given.map((query, id) => ({
        ...query,
        features: query.features.map((each, at) => (at % 2 === 1 ? id : each)),
      }))
      const { weights } = trainLinear(constant, 2, { ridge: 0.01, anchors: [] })
      assert.ok(weights.every(Number.isFinite))
      assert.ok(Math.abs(weights[1]!) < 1e-9)
    }),
  )
})

test('a strong pull leaves the anchor alone to order', () => {
  fc.assert(
    fc.property(queries, (given) => {
      const [, pulled = 0] = trainLinear(given, 2, { ridge: 1e6, anchors: [0] }).weights
      const widest = Math.max(...given.flatMap(({ features }) => [...features].filter((_, at) => at % 2 === 1).map(Math.abs)))
      assert.ok(Math.abs(pulled) * widest < 1e-3)
    }),
  )
})

test('what each feature added sums to the score', () => {
  const scorer = createScorer({ kind: 'linear', bias: 0.5, weights: [2, -1] }, 2)
  assert.deepEqual([...scorer.score(Float64Array.of(1, 1, 3, 0))], [1.5, 6.5])
  assert.deepEqual(scorer.explain(Float64Array.of(3, 1)), { base: 0.5, contributions: Float64Array.of(6, -1) })
})
