import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { BestSoFar, bestRows, sumScores } from './row-scores.ts'

/** Row ids of few fragments and offsets, so that lists share rows and fragments share offsets. */
const rowId = fc
  .tuple(fc.nat(3), fc.oneof(fc.nat(20), fc.nat(2 ** 32 - 1)))
  .map(([fragment, offset]) => fragment * 2 ** 32 + offset)
const list = fc
  .record({ weight: fc.constantFrom(0.5, 1, 3), hits: fc.uniqueArray(fc.tuple(rowId, fc.nat(50)), { selector: ([row]) => row }) })
  .map(({ weight, hits }) => ({
    weight,
    rows: Float64Array.from(hits, ([row]) => row),
    scores: Float32Array.from(hits, ([, score]) => score / 7),
  }))

test('the score of a row is the weighted sum over the lists that have it', () => {
  fc.assert(
    fc.property(fc.array(list, { maxLength: 4 }), (lists) => {
      const sums = new Map<number, number>()
      for (const { weight, rows, scores } of lists)
        rows.forEach((row, place) => sums.set(row, (sums.get(row) ?? 0) + weight * (scores[place] ?? 0)))
      const { rows, scores } = sumScores(lists)
      assert.deepEqual(new Map(Array.from(rows, (row, place) => [row, scores[place]])), sums)
    }),
  )
})

test('the best rows are those that no other beats, with all that tie with the last', () => {
  fc.assert(
    fc.property(list, fc.integer({ min: 1, max: 12 }), (scored, depth) => {
      const all = sumScores([scored])
      const best = bestRows(all, depth)
      const cut = Math.min(...best.values())
      const expected = Array.from(all.rows).filter((_, place) => (all.scores[place] ?? 0) >= cut)
      assert.deepEqual(new Set(best.keys()), new Set(expected))
      assert.ok(best.size >= Math.min(depth, all.rows.length))
      assert.ok([...best.values()].filter((score) => score > cut).length < depth)
    }),
  )
})

test('one by one, the best are the same', () => {
  fc.assert(
    fc.property(list, fc.integer({ min: 1, max: 12 }), (scored, depth) => {
      const all = sumScores([scored])
      const soFar = new BestSoFar(depth)
      for (const [place, row] of all.rows.entries()) soFar.offer(row, all.scores[place] ?? 0)
      assert.deepEqual(bestRows(soFar.scored(), depth), bestRows(all, depth))
    }),
  )
})
