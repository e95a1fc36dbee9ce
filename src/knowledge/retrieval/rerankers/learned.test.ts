import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Passage } from '../../../contracts/document.ts'
import type { ChunkId, DocumentId, DocumentVersion } from '../../../contracts/identity.ts'
import type { RankingScorer } from '../../../contracts/ranking-model.ts'
import { sealRankingModel } from '../../../foundation/ranking/model-file.ts'
import { createRerankers } from './catalog.ts'
import { learned } from './learned.ts'
import { FEATURES_VERSION } from './ranking-features.ts'

function passage(path: string, text: string, rest: Partial<Passage> = {}): Passage {
  const document = `handbook:${path}` as DocumentId
  const place = { chunk: `${document}#0` as ChunkId, document, version: 'v' as DocumentVersion, start: 0, end: text.length }
  const names = { title: 'Handbook', path, source: 'handbook', language: 'en', headingPath: [] }
  return { ...place, ...names, text, metadata: {}, modifiedAtMs: 0, score: 1, ...rest }
}

const model = (scorer: RankingScorer, features = ['coverage', 'first-stage'], featuresVersion = FEATURES_VERSION) =>
  sealRankingModel({ featuresVersion, features, pool: 40, scorer })
const linear = model({ kind: 'linear', bias: 3, weights: [2, -1] })
const trees = model({
  kind: 'trees',
  bias: 0.5,
  trees: [{ feature: [0, 0, 0], threshold: [0.5, 0, 0], right: [2, 0, 0], value: [0.1, -1, 1.2] }],
})
const query = { text: 'parental leave', language: 'en', terms: ['parent', 'leav'] }
const { signal } = new AbortController()
const given = [
  passage('none.md', 'plants'),
  passage('half.md', 'leave', { score: 0.5 }),
  passage('both.md', 'parental leave', { score: 0.2 }),
]

for (const [kind, each] of [
  ['linear', linear],
  ['trees', trees],
] as const) {
  test(`a model of kind ${kind} orders passages by its scores, above zero, the worst at zero [A5]`, async () => {
    const reranker = learned.create(learned.parseOptions({}), { model: each })
    assert.equal(reranker.pool, 40)
    assert.equal(reranker.id, `learned@${each.hash}`)
    const ranked = await reranker.rerank(query, given, signal)
    assert.equal(ranked[0]?.path, 'both.md')
    assert.equal(ranked.at(-1)?.score, 0)
    assert.deepEqual(ranked.map(({ chunk }) => chunk).toSorted(), given.map(({ chunk }) => chunk).toSorted())
    assert.ok(ranked.every((one) => one.contributions === undefined && one.features === undefined))
  })

  test(`asked for an explanation, a model of kind ${kind} tells contributions that sum to the score, and changes none`, async () => {
    const reranker = learned.create(learned.parseOptions({}), { model: each })
    const plain = await reranker.rerank(query, given, signal)
    const explained = await reranker.rerank(
      query,
      given.map((one) => ({
        ...one,
        contributions: [{ name: 'lexical-chunks', value: 1, contribution: 1 }],
        features: { engine: 7 },
      })),
      signal,
    )
    assert.deepEqual(
      explained.map(({ chunk, score }) => [chunk, score]),
      plain.map(({ chunk, score }) => [chunk, score]),
    )
    for (const { score, contributions, features } of explained) {
      const sum = contributions?.reduce((total, { contribution }) => total + contribution, 0) ?? Number.NaN
      assert.ok(Math.abs(sum - score) < 1e-9)
      assert.ok(contributions?.every(({ name }) => name.startsWith('learned/')))
      assert.equal(features?.['engine'], 7)
      assert.ok('coverage' in (features ?? {}))
    }
  })
}

test('a replaced document comes behind its current edition, whatever the model says', async () => {
  const reranker = learned.create(learned.parseOptions({}), { model: linear })
  const ranked = await reranker.rerank(
    query,
    [passage('leave-2022.md', 'parental leave'), passage('leave-2024.md', 'leave'), passage('x.md', 'x')],
    signal,
  )
  assert.deepEqual(ranked.map(({ path }) => path).slice(0, 2), ['leave-2024.md', 'leave-2022.md'])
})

test('no passages are no error, and a model is found by its name and by its hash', async () => {
  assert.deepEqual(await learned.create(learned.parseOptions({}), { model: linear }).rerank(query, [], signal), [])
  const rerankers = createRerankers(
    new Map([
      ['learned', linear],
      ['learned:own.json', trees],
    ]),
  )
  assert.deepEqual(
    [...rerankers.keys()],
    ['proximity', 'learned', `learned@${linear.hash}`, 'learned:own.json', `learned@${trees.hash}`],
  )
})

const refused = [
  ['features that do not exist', model(linear.scorer, ['coverage', 'clicks']), /there is no feature "clicks"/],
  ['features of another version', model(linear.scorer, undefined, FEATURES_VERSION + 1), /version/],
] as const
for (const [what, each, reason] of refused)
  test(`refused: a model with ${what}`, () => {
    assert.throws(() => learned.create(learned.parseOptions({}), { model: each }), reason)
  })
