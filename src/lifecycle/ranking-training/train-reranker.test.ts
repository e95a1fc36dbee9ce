import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createScorer } from '../../foundation/ranking/ranking-scorer.ts'
import { createSeededRandom } from '../../foundation/statistics/seeded-random.ts'
import { ndcgOfScores, type CandidateCollection, type JudgedCandidates } from './judged-candidates.ts'
import { reportOn } from './reranker-report.ts'
import { trainReranker } from './train-reranker.ts'

/** Feature 0 is the order given, feature 1 tells what is relevant (`truth` of the time), feature 2 is noise. */
function collection(name: string, seed: number, truth = 0.9): CandidateCollection {
  const random = createSeededRandom(seed)
  const draw = (): number => random.integer(1_000) / 1_000
  const queries = Array.from({ length: 40 }, (_, id): JudgedCandidates => {
    const relevant = random.integer(10)
    const documents = Array.from({ length: 10 }, (__, at) => `d${at}`)
    const rows = documents.map((___, at) => [1 - at / 10, (at === relevant) === draw() < truth ? 1 : 0, draw()])
    const gains = Float64Array.from(documents, (___, at) => (at === relevant ? 1 : 0))
    const order = Float64Array.from(rows, ([first = 0]) => first)
    return {
      id: `${name}/${id}`,
      documents,
      features: Float64Array.from(rows.flat()),
      gains,
      judged: new Map([[`d${relevant}`, 1]]),
      baselines: { none: order, proximity: order },
    }
  })
  return { name, queries }
}

const train = (names: readonly string[], seed = 1) =>
  trainReranker({
    training: names.map((name, at) => collection(name, at + 1)),
    testing: [collection('unseen', 9)],
    width: 3,
    anchors: [0],
    seed,
  })

test('what all collections teach is learned, and what it is worth is measured where it was not learned [F5]', () => {
  const { scorer, report } = train(['a', 'b', 'c'])
  assert.deepEqual(
    report.collections.map(({ name, role }) => [name, role]),
    [
      ['a', 'left out'],
      ['b', 'left out'],
      ['c', 'left out'],
      ['unseen', 'never trained on'],
    ],
  )
  for (const { ndcg, gain } of report.collections) {
    assert.equal(ndcg.linear.n, 40)
    assert.ok(gain.linear.value > 0.1 && gain.linear.lower > 0 && gain.linear.nonInferior)
    assert.ok(Math.abs(ndcg.linear.value - ndcg.none.value - gain.linear.value) < 2e-4)
  }
  const unseen = collection('unseen', 9)
  const { score } = createScorer(scorer, 3)
  const mean = unseen.queries.reduce((sum, query) => sum + ndcgOfScores(query, score(query.features)), 0) / 40
  assert.ok(Math.abs(mean - (report.collections.at(-1)?.ndcg[report.chosen].value ?? 0)) < 1e-4)
})

test('the same judgements and seed give the same model and report to the bit', () => {
  assert.equal(JSON.stringify(train(['a', 'b'])), JSON.stringify(train(['a', 'b'])))
})

test('a collection that is left out teaches nothing: its own judgements do not move its figures', () => {
  const swapped = (truth: number) =>
    trainReranker({ training: [collection('a', 1), collection('b', 2, truth)], testing: [], width: 3, anchors: [0], seed: 1 })
      .report
  // Collection a is measured by a model of b alone, which teaches the contrary when its truth is turned round.
  assert.ok((swapped(0.9).collections[0]?.gain.linear.value ?? 0) > 0.1)
  assert.ok((swapped(0.02).collections[0]?.gain.linear.value ?? 0) < -0.05)
})

test('one collection alone is learned from and not measured', () => {
  assert.deepEqual(
    trainReranker({ training: [collection('a', 1)], testing: [], width: 3, anchors: [0], seed: 1 }).report.collections,
    [],
  )
})

const values = (mean: number): readonly number[] => Array.from({ length: 50 }, (_, at) => mean + (at % 2 === 0 ? 0.01 : -0.01))
const cases = [
  ['trees win by much', 0.5, 0.6, 'trees'],
  ['trees win by nothing', 0.5, 0.5, 'linear'],
  ['trees lose', 0.5, 0.4, 'linear'],
] as const
for (const [what, linear, trees, chosen] of cases)
  test(`${what}: ${chosen}`, () => {
    const ndcg = { none: values(0.5), proximity: values(0.5), linear: values(linear), trees: values(trees) }
    const report = reportOn([{ name: 'a', role: 'left out', ndcg }], 1)
    assert.equal(report.chosen, chosen)
    assert.equal(report.collections[0]?.gain.trees.nonInferior, trees >= 0.5)
  })

test('a document counts as its best candidate, ties as trec_eval has them', () => {
  const query: JudgedCandidates = {
    id: 'q',
    documents: ['a', 'b', 'a'],
    features: new Float64Array(),
    gains: Float64Array.of(1, 0, 1),
    judged: new Map([['a', 1]]),
    baselines: {},
  }
  assert.equal(ndcgOfScores(query, Float64Array.of(0.1, 0.5, 0.9)), 1)
  assert.equal(ndcgOfScores(query, Float64Array.of(0.1, 0.5, 0.2)), 1 / Math.log2(3))
})
