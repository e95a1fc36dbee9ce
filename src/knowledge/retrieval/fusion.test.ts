import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { IndexHit } from '../../contracts/document-index.ts'
import { indexRecord } from '../../testing/document-index-records.ts'
import { fuseLevels, fuseWithDense, mergeWordings } from './fusion.ts'

function hit(document: string, ordinal: number, score: number): IndexHit {
  const { terms: _terms, source: _source, language: _language, ...place } = indexRecord(document, ordinal, 'text')
  return { ...place, score }
}

const share = fc.double({ min: 0, max: 1, noNaN: true })
const list = fc
  .uniqueArray(fc.tuple(fc.integer({ min: 0, max: 6 }), fc.integer({ min: 0, max: 4 }), share), {
    selector: ([d, o]) => `${d}#${o}`,
  })
  .map((rows) => rows.map(([document, ordinal, score]) => hit(`d${document}`, ordinal, score)).sort((a, b) => b.score - a.score))

const fused: readonly (readonly [weight: number, expected: readonly (readonly [string, number])[]])[] = [
  [
    0,
    [
      ['a#0', 1],
      ['b#0', 0.5],
      ['a#1', 0.2],
    ],
  ],
  [
    0.5,
    [
      ['b#0', 0.75],
      ['a#0', 0.5],
      ['a#1', 0.1],
    ],
  ],
  [
    1,
    [
      ['b#0', 1],
      ['a#0', 0],
      ['a#1', 0],
    ],
  ],
]
for (const [weight, expected] of fused) {
  test(`with document weight ${weight} the order is ${expected.map(([id]) => id).join(', ')}`, () => {
    const chunks = [hit('a', 0, 1), hit('b', 0, 0.5), hit('a', 1, 0.2)]
    assert.deepEqual(
      fuseLevels(chunks, [hit('b', -1, 1)], weight).map(({ id, score }) => [id, score]),
      expected,
    )
  })
}

test('fusing keeps every chunk once, keeps scores in [0, 1], orders by score and id, and never ranks a better chunk of the same document lower', () => {
  fc.assert(
    fc.property(list, list, share, (chunks, documents, weight) => {
      const result = fuseLevels(chunks, documents, weight)
      assert.deepEqual(result.map(({ id }) => id).toSorted(), chunks.map(({ id }) => id).toSorted())
      const before = new Map(chunks.map(({ id, score }) => [id, score]))
      for (const [position, current] of result.entries()) {
        assert.ok(current.score >= 0 && current.score <= 1)
        const next = result[position + 1]
        if (next) assert.ok(current.score > next.score || (current.score === next.score && current.id < next.id))
        for (const later of result.slice(position + 1).filter(({ document }) => document === current.document))
          assert.ok(weight === 1 || current.score === later.score || (before.get(current.id) ?? 0) >= (before.get(later.id) ?? 0))
      }
    }),
  )
})

test('a wording more never lowers a row, and the same wording twice changes nothing', () => {
  fc.assert(
    fc.property(list, list, share, (first, second, weight) => {
      const alone = mergeWordings([{ weight: 1, hits: first }])
      assert.deepEqual(
        mergeWordings([
          { weight: 1, hits: first },
          { weight: 1, hits: first },
        ]),
        alone,
      )
      const both = new Map(
        mergeWordings([
          { weight: 1, hits: first },
          { weight, hits: second },
        ]).map(({ id, score }) => [id, score]),
      )
      for (const { id, score } of alone) assert.ok((both.get(id) ?? -1) >= score)
    }),
  )
})

test('with a list by meaning, what either list found is there once, and each list counts its share', () => {
  const chunks = [hit('a', 0, 1), hit('b', 0, 0.5)]
  const documents = [hit('c', -1, 1)]
  const dense = [hit('c', 0, 1), hit('b', 0, 0.8)]
  const both = fuseWithDense(chunks, documents, dense, { documentWeight: 0.2, denseWeight: 0.5 })
  assert.deepEqual(
    both.map(({ id, score }) => [id, Math.round(score * 1e6) / 1e6]),
    [
      ['b#0', 0.6],
      ['c#0', 0.6],
      ['a#0', 0.4],
    ],
  )
})

test('without weight, or with all of it, one side alone decides the scores', () => {
  fc.assert(
    fc.property(list, list, list, share, (chunks, documents, dense, documentWeight) => {
      const words = new Map(fuseLevels(chunks, documents, documentWeight).map(({ id, score }) => [id, score]))
      for (const { id, score } of fuseWithDense(chunks, documents, dense, { documentWeight, denseWeight: 0 }))
        if (words.has(id)) assert.equal(score, words.get(id))
      const meaning = new Map(dense.map(({ id, score }) => [id, score]))
      for (const { id, score } of fuseWithDense(chunks, documents, dense, { documentWeight, denseWeight: 1 }))
        assert.equal(score, meaning.get(id) ?? 0)
    }),
  )
})
