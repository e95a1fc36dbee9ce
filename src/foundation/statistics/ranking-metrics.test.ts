/** Ranking metrics against trec_eval's own figures, and what must hold for any ranking. */
import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { test } from 'node:test'
import fc from 'fast-check'
import { isTouchstoneError } from '../errors/touchstone-error.ts'
import { averagePrecision, inTrecOrder, ndcg, recall, reciprocalRank, rocArea } from './index.ts'

const shared = resolve(import.meta.dirname, '../../../../shared/data/statistics')

function near(actual: number, expected: number, tolerance = 5e-5, message = ''): void {
  assert.ok(Math.abs(actual - expected) <= tolerance, `${message} ${actual} is not ${expected} within ${tolerance}`)
}

/** The order that trec_eval finds in the edge cases, without their files. */
const orders: readonly (readonly [string, readonly (readonly [string, number])[], readonly string[]])[] = [
  [
    'descending score',
    [
      ['a', 1],
      ['b', 3],
      ['c', 2],
    ],
    ['b', 'c', 'a'],
  ],
  [
    'ties by descending id',
    [
      ['d1', 0.5],
      ['d9', 0.5],
      ['d2', 0.5],
    ],
    ['d9', 'd2', 'd1'],
  ],
  [
    'scores that are equal in single precision tie',
    [
      ['d1', 1 + 1e-9],
      ['d2', 1],
    ],
    ['d2', 'd1'],
  ],
  [
    'a document twice counts where it is better',
    [
      ['a', 1],
      ['b', 2],
      ['a', 3],
    ],
    ['a', 'b'],
  ],
  [
    'negative scores',
    [
      ['a', -2],
      ['b', -1],
    ],
    ['b', 'a'],
  ],
  ['nothing', [], []],
]
for (const [title, scored, expected] of orders)
  test(`order of a ranking: ${title} [E2]`, () => {
    assert.deepEqual(inTrecOrder(scored.map(([document, score]) => ({ document, score }))), expected)
  })

const judged = new Map([
  ['d1', 3],
  ['d2', 2],
  ['d3', 0],
  ['d4', 1],
  ['d5', -1],
])
const ranking = ['d3', 'd9', 'd2', 'd1', 'd4']

test('the measures of one ranking are those of trec_eval [E2]', () => {
  near(ndcg(ranking, judged, 10), 0.5626)
  near(averagePrecision(ranking, judged, 1_000), 0.4778)
  near(reciprocalRank(ranking, judged, 10), 1 / 3, 1e-12)
  near(recall(ranking, judged, 10), 1, 0)
  near(recall(ranking, judged, 3), 1 / 3, 1e-12)
  assert.equal(reciprocalRank(ranking, judged, 2), 0)
  near(averagePrecision(ranking, judged, 3), 1 / 9, 1e-12)
})

test('nothing relevant, nothing ranked: 0, not undefined [E2]', () => {
  for (const measure of [ndcg, recall, reciprocalRank, averagePrecision]) {
    assert.equal(
      measure(
        ranking,
        new Map([
          ['d1', 0],
          ['d2', -1],
        ]),
        10,
      ),
      0,
    )
    assert.equal(measure([], judged, 10), 0)
  }
})

test('nDCG of the collected reference values [E2]', (context) => {
  const path = resolve(shared, 'reference-values.json')
  if (!existsSync(path)) return context.skip('there is no ../shared/data/statistics beside the project')
  const { ndcg: reference } = JSON.parse(readFileSync(path, 'utf8')) as {
    ndcg: { rels: number[]; ndcg: number; ndcgFull: number }
  }
  const gains = new Map(reference.rels.map((gain, place) => [`d${place}`, gain]))
  near(ndcg([...gains.keys()], gains, 10), reference.ndcg, 1e-6)
  // Two more relevant documents that were not found, with gains 3 and 2, over the ideal of the first six.
  const withMissing = new Map([...gains, ['x', 3], ['y', 2]])
  near(ndcg([...gains.keys()], withMissing, 6), reference.ndcgFull, 1e-6)
})

test('trec_eval on its edge cases: every figure of every query [E2]', (context) => {
  if (!existsSync(resolve(shared, 'trec-edge'))) return context.skip('there is no ../shared/data/statistics beside the project')
  const read = (file: string): string[][] =>
    readFileSync(resolve(shared, 'trec-edge', file), 'utf8')
      .trim()
      .split('\n')
      .map((line) => line.trim().split(/\s+/))
  const expected = new Map(read('expected.v9.c.txt').map(([measure, query, value]) => [`${measure} ${query}`, Number(value)]))
  const judgements = Map.groupBy(read('qrels.txt'), ([query]) => query ?? '')
  const runs = Map.groupBy(read('run.txt'), ([query]) => query ?? '')
  const means = { map: 0, ndcg_cut_10: 0, recip_rank: 0, recall_10: 0 }
  for (const [query, lines] of judgements) {
    const gains = new Map(lines.map(([, , document = '', gain]) => [document, Number(gain)]))
    const scored = (runs.get(query) ?? []).map(([, , document = '', , score]) => ({ document, score: Number(score) }))
    const ordered = inTrecOrder(scored)
    const found = {
      map: averagePrecision(ordered, gains, 1_000),
      ndcg_cut_10: ndcg(ordered, gains, 10),
      recip_rank: reciprocalRank(ordered, gains, 1_000),
      recall_10: recall(ordered, gains, 10),
    }
    for (const [measure, value] of Object.entries(found)) {
      // A query that the run does not have stands in the means only.
      const listed = expected.get(`${measure} ${query}`)
      if (runs.has(query)) near(value, listed ?? Number.NaN, 5e-5, `${measure} of ${query}:`)
      means[measure as keyof typeof means] += value / judgements.size
    }
  }
  for (const [measure, mean] of Object.entries(means))
    near(mean, expected.get(`${measure} all`) ?? Number.NaN, 5e-5, `${measure} of all:`)
})

const documentId = fc.integer({ min: 0, max: 30 }).map((number) => `d${number}`)
const anyRanking = fc.uniqueArray(documentId, { maxLength: 30 })
const anyJudgements = fc
  .array(fc.tuple(documentId, fc.integer({ min: -1, max: 4 })), { maxLength: 20 })
  .map((pairs) => new Map(pairs))

test('for any ranking: within 0 and 1; the ideal order scores 1; recall never falls with depth [E2]', () => {
  fc.assert(
    fc.property(anyRanking, anyJudgements, fc.integer({ min: 1, max: 40 }), (order, gains, depth) => {
      for (const measure of [ndcg, recall, reciprocalRank, averagePrecision]) {
        const value = measure(order, gains, depth)
        assert.ok(value >= 0 && value <= 1 + 1e-12, `${measure.name} gives ${value}`)
      }
      assert.ok(recall(order, gains, depth + 1) >= recall(order, gains, depth))
      const ideal = [...gains].sort(([, left], [, right]) => right - left).map(([document]) => document)
      if ([...gains.values()].some((gain) => gain >= 1))
        for (const measure of [ndcg, reciprocalRank]) near(measure(ideal, gains, depth), 1, 1e-12)
    }),
  )
})

test('for any two neighbours: putting the more relevant one first never lowers nDCG or average precision [E2]', () => {
  fc.assert(
    fc.property(
      anyRanking.filter(({ length }) => length > 1),
      anyJudgements,
      fc.nat(),
      (order, gains, at) => {
        const place = at % (order.length - 1)
        const [left = '', right = ''] = order.slice(place, place + 2)
        fc.pre((gains.get(right) ?? 0) > (gains.get(left) ?? 0))
        const better = order.with(place, right).with(place + 1, left)
        assert.ok(ndcg(better, gains, 40) >= ndcg(order, gains, 40) - 1e-12)
        assert.ok(averagePrecision(better, gains, 40) >= averagePrecision(order, gains, 40) - 1e-12)
      },
    ),
  )
})

test('the ROC area is the share of pairs in the right order, ties half', () => {
  assert.equal(rocArea([3, 4], [1, 2]), 1)
  assert.equal(rocArea([1], [2]), 0)
  assert.equal(rocArea([1, 1], [1]), 0.5)
  const scores = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 20 })
  fc.assert(
    fc.property(scores, scores, (positives, negatives) => {
      const pairs = positives.flatMap((positive) => negatives.map((negative) => Math.sign(positive - negative) / 2 + 0.5))
      near(rocArea(positives, negatives), pairs.reduce((sum, pair) => sum + pair, 0) / pairs.length, 1e-12)
    }),
  )
  assert.throws(
    () => rocArea([], [1]),
    (error) => isTouchstoneError(error, 'STATISTIC_UNDEFINED'),
  )
})
