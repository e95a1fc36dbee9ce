import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { fitWeight } from './fitted-weight.ts'
import { createSeededRandom } from './seeded-random.ts'

const WEIGHTS = Array.from({ length: 11 }, (_, at) => at / 10)

/** Queries whose quality peaks at a weight, each with noise of its own that says nothing about the weight. */
function queriesWithPeak(peak: number, count: number, noise: number, seed = 1): number[][] {
  const random = createSeededRandom(seed)
  const draw = (): number => random.integer(1_000) / 1_000
  return Array.from({ length: count }, () => {
    const own = draw()
    return WEIGHTS.map((weight) => own + 0.5 - 0.4 * (weight - peak) ** 2 + noise * (draw() - 0.5))
  })
}

const rows: readonly (readonly [what: string, peak: number, queries: number, expected: number])[] = [
  ['too few queries', 0.9, 49, 0.5],
  ['fifty queries go half the way', 0.9, 50, 0.7],
  ['many queries go nearly all the way', 0.9, 950, 0.88],
  ['a collection where words are worth more', 0.1, 150, 0.2],
  ['where the default is best it stays', 0.5, 300, 0.5],
]
for (const [what, peak, queries, expected] of rows) {
  test(`${what} [A6]`, () => {
    const fitted = fitWeight({ weights: WEIGHTS, qualities: queriesWithPeak(peak, queries, 0), fallback: 0.5 })
    assert.ok(Math.abs(fitted.weight - expected) < 1e-9, String(fitted.weight))
    assert.equal(fitted.queries, queries)
    assert.equal(fitted.isFitted, expected !== 0.5)
  })
}

test('of noise nothing is learned most of the time, and then little', () => {
  let fitted = 0
  for (let seed = 1; seed <= 40; seed++) {
    const random = createSeededRandom(seed)
    const qualities = Array.from({ length: 80 }, () => WEIGHTS.map(() => random.integer(1_000) / 1_000))
    if (fitWeight({ weights: WEIGHTS, qualities, fallback: 0.5 }).isFitted) fitted++
  }
  assert.ok(fitted <= 24, `${fitted} of 40`)
})

test('the weight lies between the default and the candidates, and queries in another order within a fold give the same', () => {
  const row = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 11, maxLength: 11 })
  fc.assert(
    fc.property(fc.array(row, { minLength: 50, maxLength: 80 }), (qualities) => {
      const fitted = fitWeight({ weights: WEIGHTS, qualities, fallback: 0.5 })
      assert.ok(fitted.weight >= 0 && fitted.weight <= 1)
      assert.equal(fitted.gain > 0, fitted.isFitted)
      const swapped = [...qualities.slice(5, 10), ...qualities.slice(0, 5), ...qualities.slice(10)]
      assert.ok(Math.abs(fitWeight({ weights: WEIGHTS, qualities: swapped, fallback: 0.5 }).weight - fitted.weight) < 1e-9)
    }),
    { numRuns: 30 },
  )
})
