/** What a document index that holds vectors must do with them, as tests; part of documentIndexSuite. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { IndexRecord } from '../contracts/document-index.ts'
import type { DocumentVersion } from '../contracts/identity.ts'
import { document, ids, indexRecord, inScopes, scope, search, vectorRecords, type WithIndex } from './document-index-records.ts'

/** Dimensions with which the index of each of these tests is opened. */
export const SUITE_DIMENSIONS = 8

const towards = (...values: number[]): Float32Array => Float32Array.from({ length: SUITE_DIMENSIONS }, (_, at) => values[at] ?? 0)
const pointing = (...values: number[]): { vector: Int8Array } => ({ vector: Int8Array.from(towards(...values)) })

export function vectorTests(withIndex: WithIndex): void {
  test('nearest by cosine first, whatever the lengths; a row without a vector is no hit', () =>
    withIndex(async (index) => {
      await index.upsert('chunks', [
        indexRecord('same', 0, 'a', pointing(3, 4)),
        indexRecord('near', 0, 'b', pointing(90, 60)),
        indexRecord('across', 0, 'c', pointing(-100, 75)),
        indexRecord('against', 0, 'd', pointing(-6, -8)),
        indexRecord('none', 0, 'e'),
      ])
      await index.upsert('documents', [indexRecord('same', -1, 'a')])
      for (const step of ['as written', 'folded']) {
        if (step === 'folded') await index.optimise()
        const hits = (await index.searchVectors?.(towards(0.6, 0.8), inScopes([1]), 10)) ?? []
        assert.deepEqual(ids(hits), ['same#0', 'near#0', 'across#0', 'against#0'], step)
        const expected = [1, (0.6 * 9 + 0.8 * 6) / Math.hypot(9, 6), 0, -1]
        for (const [at, { score }] of hits.entries()) assert.ok(Math.abs(score - (expected[at] ?? 0)) < 0.001, `${at}: ${score}`)
        assert.deepEqual(ids((await index.searchVectors?.(towards(0.6, 0.8), inScopes([1]), 2)) ?? []), ['same#0', 'near#0'])
        assert.deepEqual(await index.searchVectors?.(towards(), inScopes([1]), 10), [])
      }
    }))

  test('an empty index finds nothing; an aborted signal ends the search', () =>
    withIndex(async (index) => {
      assert.deepEqual(await index.searchVectors?.(towards(1), inScopes([1]), 10), [])
      await index.upsert('chunks', [indexRecord('d', 0, 'a', pointing(1))])
      await assert.rejects(index.searchVectors?.(towards(1), inScopes([1]), 10, AbortSignal.abort()) ?? Promise.resolve(), {
        name: 'AbortError',
      })
    }))

  test('ties come by ascending id, also at the cut', () =>
    withIndex(async (index) => {
      const same = Array.from({ length: 30 }, (_, i) => indexRecord(`d${String(i).padStart(2, '0')}`, 0, 'a', pointing(1, 2)))
      await index.upsert('chunks', same.toReversed())
      const hits = (await index.searchVectors?.(towards(1, 2), inScopes([1]), 10)) ?? []
      assert.deepEqual(ids(hits), ids(same.slice(0, 10).map((record) => ({ ...record, score: 1 }))))
    }))

  test('what is written, replaced, moved and deleted is so at the next query [A1]', () =>
    withIndex(async (index) => {
      const found = async (readable = inScopes([1])) => ids((await index.searchVectors?.(towards(1), readable, 10)) ?? [])
      await index.upsert('chunks', [indexRecord('a', 0, 'x', pointing(9, 1)), indexRecord('b', 0, 'x', pointing(9, 2))])
      await index.optimise()
      await index.upsert('chunks', [indexRecord('c', 0, 'x', pointing(9)), indexRecord('a', 0, 'x', pointing(9, 3))])
      assert.deepEqual(await found(), ['c#0', 'b#0', 'a#0'])
      await index.moveScope([document('c'), document('b')], scope(2))
      assert.deepEqual(await found(), ['a#0'])
      assert.deepEqual(await found(inScopes([2])), ['c#0', 'b#0'])
      await index.upsert('chunks', [indexRecord('a', 0, 'x', { version: 'v2' as DocumentVersion, ...pointing(9, 4) })])
      await index.deleteDocuments([{ id: document('b') }, { id: document('a'), keep: 'v2' as DocumentVersion }])
      const kept = (await index.searchVectors?.(towards(1), inScopes([1, 2]), 10)) ?? []
      assert.deepEqual(
        kept.map(({ id, version }) => [id, version]),
        [
          ['c#0', 'v1'],
          ['a#0', 'v2'],
        ],
      )
      assert.deepEqual(ids(await search(index, 'x', inScopes([1, 2]))), ['a#0', 'c#0'])
    }))

  test('a restored snapshot brings vectors back, and what came since is gone', () =>
    withIndex(async (index) => {
      const found = async () => ids((await index.searchVectors?.(towards(1), inScopes([1]), 10)) ?? [])
      await index.upsert('chunks', [indexRecord('a', 0, 'x', pointing(1)), indexRecord('b', 0, 'x', pointing(2, 1))])
      await index.snapshot('kept')
      await index.upsert('chunks', [indexRecord('a', 0, 'x', pointing(0, 1)), indexRecord('c', 0, 'x', pointing(3, 1))])
      assert.deepEqual(await found(), ['c#0', 'b#0', 'a#0'])
      await index.restore('kept')
      assert.deepEqual(await found(), ['a#0', 'b#0'])
    }))

  test('narrowing holds for vectors as for words, and no scope is no hit [A1]', () =>
    withIndex(async (index) => {
      await index.upsert('chunks', [
        indexRecord('a', 0, 'x', pointing(1)),
        indexRecord('b', 0, 'x', { language: 'de', ...pointing(1) }),
        indexRecord('c', 0, 'x', { source: 'wiki', ...pointing(1) }),
        indexRecord('hidden', 0, 'x', { scope: scope(9), source: 'wiki', language: 'de', ...pointing(1) }),
      ])
      const found = async (...filter: Parameters<typeof inScopes>) =>
        ids((await index.searchVectors?.(towards(1), inScopes(...filter), 10)) ?? [])
      assert.deepEqual(await found([]), [])
      assert.deepEqual(await found([1]), ['a#0', 'b#0', 'c#0'])
      assert.deepEqual(await found([1], { languages: ['de'] }), ['b#0'])
      assert.deepEqual(await found([1], { sources: ['wiki'] }), ['c#0'])
      assert.deepEqual(await found([1], { documents: [document('a'), document('hidden')] }), ['a#0'])
      assert.deepEqual(await found([1], { documents: [] }), [])
      assert.deepEqual(await found([1], { sources: ["x') OR ('1'='1"] }), [])
    }))

  test('any subset of scopes gives the unfiltered ranking without the rest: no plan widens it or comes back short [A1]', () =>
    withIndex(async (index) => {
      const scopes = 500
      const records = vectorRecords(950, SUITE_DIMENSIONS, (i) => 1 + ((i * 7) % scopes))
      await index.upsert('chunks', records)
      await index.optimise()
      const every = Array.from({ length: scopes }, (_, i) => i + 1)
      const subset = fc.oneof(
        fc.subarray(every, { maxLength: 30 }),
        fc.subarray(every, { minLength: 400 }),
        fc.integer({ min: 1, max: scopes }).map((size) => every.slice(0, size)),
      )
      await fc.assert(
        fc.asyncProperty(subset, fc.nat(949), fc.integer({ min: 1, max: 60 }), async (chosen, seed, limit) => {
          const query = Float32Array.from(records[seed]?.vector ?? [])
          const readable = { scopes: new Set(chosen), scopesTotal: scopes }
          const hits = (await index.searchVectors?.(query, readable, limit)) ?? []
          const exact = exactRanking(query, records, new Set(chosen)).slice(0, limit)
          assert.equal(hits.length, exact.length)
          for (const [at, hit] of hits.entries()) {
            assert.ok(chosen.includes(hit.scope))
            // Of two that an engine's precision cannot tell apart either may come first.
            assert.ok(Math.abs(hit.score - (exact[at]?.cosine ?? 0)) < 1e-4, `${at}: ${hit.score} for ${exact[at]?.cosine}`)
          }
        }),
        { numRuns: 40 },
      )
    }))
}

/** Readable records by descending cosine, by plain arithmetic. */
export function exactRanking(
  query: Float32Array,
  records: readonly IndexRecord[],
  scopes: ReadonlySet<number>,
): readonly { readonly id: string; readonly cosine: number }[] {
  return records
    .filter((record) => scopes.has(record.scope))
    .map(({ id, vector = new Int8Array() }) => ({ id, cosine: cosine(query, vector) }))
    .sort((left, right) => right.cosine - left.cosine)
}

/** By plain arithmetic; 0 where one is all zeros. */
export function cosine(left: ArrayLike<number>, right: ArrayLike<number>): number {
  let [dot, leftSquares, rightSquares] = [0, 0, 0]
  for (let at = 0; at < left.length; at++) {
    const [a, b] = [left[at] ?? 0, right[at] ?? 0]
    dot += a * b
    leftSquares += a * a
    rightSquares += b * b
  }
  return leftSquares === 0 || rightSquares === 0 ? 0 : dot / Math.sqrt(leftSquares * rightSquares)
}
