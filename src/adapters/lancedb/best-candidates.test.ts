import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { findCandidates, type TopList } from './best-candidates.ts'
import { bestRows, sumScores } from './row-scores.ts'

/** Scores of few values, so that sums tie; by row id. */
const matches = fc.uniqueArray(fc.tuple(fc.nat(40), fc.nat(6)), { selector: ([row]) => row, maxLength: 40 })
const list = fc
  .record({ weight: fc.constantFrom(0.5, 1, 3), hits: matches, depth: fc.integer({ min: 1, max: 45 }) })
  .map(({ weight, hits, depth }) => {
    const sorted = hits.map(([row, score]) => [row, 1 + score / 3] as const).toSorted((left, right) => right[1] - left[1])
    return { whole: toList(weight, sorted, true), top: toList(weight, sorted.slice(0, depth), sorted.length < depth) }
  })

function toList(weight: number, hits: readonly (readonly [number, number])[], isWhole: boolean): TopList {
  const scores = Float32Array.from(hits, ([, score]) => score)
  return { weight, rows: Float64Array.from(hits, ([row]) => row), scores, isWhole }
}

test('no row that is one of the best, or ties with the last of them, is missed; whole lists always suffice', () => {
  let found = 0
  fc.assert(
    fc.property(
      fc.array(list, { minLength: 1, maxLength: 3 }),
      fc.integer({ min: 1, max: 6 }),
      fc.integer({ min: 1, max: 3 }),
      (lists, limit, every) => {
        const admits = (row: number): boolean => row % every === 0
        const { rows, scores } = sumScores(lists.map(({ whole }) => whole))
        const kept = Array.from(rows, (row, place) => [row, scores[place] ?? 0] as const).filter(([row]) => admits(row))
        const best = bestRows(
          { rows: Float64Array.from(kept, ([row]) => row), scores: Float64Array.from(kept, ([, score]) => score) },
          limit,
        )
        const candidates = findCandidates(
          lists.map(({ top }) => top),
          admits,
          limit,
        )
        if (lists.every(({ top }) => top.isWhole)) assert.ok(candidates)
        if (candidates === undefined) return
        found++
        assert.deepEqual(new Set(best.keys()).difference(new Set(candidates)), new Set())
        assert.ok(candidates.every(admits))
      },
    ),
    { numRuns: 1_000 },
  )
  assert.ok(found > 100)
})
