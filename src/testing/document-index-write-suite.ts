/** What a document index must do with writes, snapshots and several handles, as tests; part of documentIndexSuite. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ChunkId, DocumentVersion } from '../contracts/identity.ts'
import { isTouchstoneError } from '../foundation/errors/touchstone-error.ts'
import { document, ids, indexRecord, inScopes, scope, search, type WithIndex } from './document-index-records.ts'

export function writeTests(withIndex: WithIndex): void {
  test('the same id and version is replaced, another version stands beside it', () =>
    withIndex(async (index) => {
      await index.upsert('chunks', [indexRecord('d', 0, 'old'), indexRecord('d', 0, 'leave'), indexRecord('d', 1, 'leave')])
      await index.upsert('chunks', [indexRecord('d', 0, 'travel')])
      assert.deepEqual(ids(await search(index, 'old')), [])
      assert.deepEqual(ids(await search(index, 'leave')), ['d#1'])
      assert.deepEqual(ids(await search(index, 'travel')), ['d#0'])
      await index.upsert('chunks', [indexRecord('d', 0, 'travel', { version: 'v2' as DocumentVersion })])
      assert.deepEqual((await search(index, 'travel')).map(({ version }) => version).toSorted(), ['v1', 'v2'])
      assert.deepEqual((await index.stats()).records, { chunks: 3, documents: 0 })
    }))

  test('a word of every row is found in rows just written and just moved, not only in settled ones', () =>
    withIndex(async (index) => {
      const write = (from: number): Promise<void> =>
        index.upsert(
          'chunks',
          Array.from({ length: 30 }, (_, i) => indexRecord(`d${from + i}`, 0, `leave leave leave word${i}`)),
        )
      await write(0)
      assert.equal((await search(index, 'leave')).length, 30)
      await index.optimise()
      await write(30)
      assert.equal((await search(index, 'leave')).length, 60)
      await index.moveScope([document('d3'), document('d40')], scope(2))
      assert.equal((await search(index, 'leave')).length, 58)
      assert.deepEqual(ids(await search(index, 'leave', inScopes([2]))), ['d3#0', 'd40#0'])
    }))

  test('a deleted document is gone at the next query from both levels; with keep, only other versions [A1]', () =>
    withIndex(async (index) => {
      const v2 = 'v2' as DocumentVersion
      for (const id of ["it's", 'other', 'third']) {
        await index.upsert('chunks', [indexRecord(id, 0, 'leave'), indexRecord(id, 1, 'leave', { version: v2 })])
        await index.upsert('documents', [indexRecord(id, 0, 'leave', { id: `${id}#` as ChunkId })])
      }
      await index.optimise()
      await index.deleteDocuments([{ id: document("it's") }, { id: document('other'), keep: v2 }, { id: document('unknown') }])
      assert.deepEqual(ids(await search(index, 'leave')), ['other#1', 'third#0', 'third#1'])
      assert.deepEqual(ids(await search(index, 'leave', inScopes([1]), 10, 'documents')), ['third#'])
      await index.deleteDocuments([])
      assert.deepEqual((await index.stats()).records, { chunks: 3, documents: 1 })
    }))

  test('the inventory names every version with its places and scopes, and nothing of other rows', () =>
    withIndex(async (index) => {
      assert.deepEqual(await index.inventory(), [])
      const v2 = 'v2' as DocumentVersion
      await index.upsert('chunks', [
        indexRecord('d', 1, 'leave'),
        indexRecord('d', 0, 'leave'),
        indexRecord('d', 0, 'leave', { version: v2 }),
      ])
      await index.upsert('documents', [indexRecord('d', -1, 'leave', { id: 'd#' as ChunkId })])
      await index.moveScope([document('d')], scope(2))
      const held = (await index.inventory()).toSorted((left, right) => (left.version < right.version ? -1 : 1))
      assert.deepEqual(held.map(({ version, whole, scopes }) => [version, whole, scopes]), [['v1', true, [2]], [v2, false, [2]]]) // prettier-ignore
      assert.deepEqual(held.map(({ chunks }) => chunks.map(([ordinal]) => ordinal)), [[0, 1], [0]]) // prettier-ignore
    }))

  test('a document moved to another scope is read under the new one only, and nothing else changes [A1]', () =>
    withIndex(async (index) => {
      await index.upsert('chunks', [
        indexRecord('d', 0, 'leave'),
        indexRecord('d', 1, 'leave leave'),
        indexRecord('e', 0, 'leave'),
      ])
      await index.upsert('documents', [indexRecord('d', 0, 'leave', { id: 'd#' as ChunkId })])
      await index.optimise()
      const before = (await index.chunksOf([document('d')], inScopes([1]))).map((hit) => ({ ...hit, scope: 2 }))
      await index.moveScope([document('d')], scope(2))
      assert.deepEqual(ids(await search(index, 'leave')), ['e#0'])
      assert.deepEqual(ids(await search(index, 'leave', inScopes([2]))).toSorted(), ['d#0', 'd#1'])
      assert.deepEqual(await search(index, 'leave', inScopes([1]), 10, 'documents'), [])
      assert.deepEqual(await index.chunksOf([document('d')], inScopes([2])), before)
      await index.moveScope([], scope(3))
    }))

  test('writes of hundreds of documents at once, and chunks of a document in order', () =>
    withIndex(async (index) => {
      const many = Array.from({ length: 450 }, (_, i) => indexRecord(`d${i}`, 449 - i, 'leave'))
      await index.upsert('chunks', many)
      await index.moveScope(
        many.map((record) => record.document),
        scope(5),
      )
      assert.equal((await search(index, 'leave', inScopes([5]), 1000)).length, 450)
      await index.deleteDocuments(many.slice(0, 449).map((record) => ({ id: record.document, keep: 'v2' as DocumentVersion })))
      assert.deepEqual(ids(await search(index, 'leave', inScopes([5]))), ['d449#0'])
      await index.upsert(
        'chunks',
        [3, 1, 2, 10].map((ordinal) => indexRecord('o', ordinal, 'x')),
      )
      assert.deepEqual(ids(await index.chunksOf([document('o')], inScopes([1]))), ['o#1', 'o#2', 'o#3', 'o#10'])
    }))
}

export function lifeTests(withIndex: WithIndex): void {
  test('restoring a snapshot brings the content back; an unknown name is an error', () =>
    withIndex(async (index) => {
      await index.upsert('chunks', [indexRecord('a', 0, 'leave')])
      await index.upsert('documents', [indexRecord('a', 0, 'leave')])
      await index.snapshot('before: 1/2 "ü"')
      await index.deleteDocuments([{ id: document('a') }])
      await index.upsert('chunks', [indexRecord('b', 0, 'leave')])
      await index.optimise()
      assert.deepEqual(ids(await search(index, 'leave')), ['b#0'])
      await index.restore('before: 1/2 "ü"')
      assert.deepEqual(ids(await search(index, 'leave')), ['a#0'])
      assert.deepEqual((await index.stats()).records, { chunks: 1, documents: 1 })
      await index.upsert('chunks', [indexRecord('c', 0, 'leave')])
      await index.snapshot('before: 1/2 "ü"')
      await index.deleteDocuments([{ id: document('a') }])
      await index.restore('before: 1/2 "ü"')
      assert.deepEqual(ids(await search(index, 'leave')), ['a#0', 'c#0'])
      await assert.rejects(index.restore('never taken'), (error) => isTouchstoneError(error, 'SNAPSHOT_UNKNOWN'))
    }))

  test('two handles see each other at the next query, and both may write', () =>
    withIndex(async (index, engine) => {
      const other = await engine.open('main', 'definition-1')
      for (let round = 0; round < 5; round++) {
        await Promise.all([
          index.upsert('chunks', [indexRecord(`a${round}`, 0, `leave round${round}`)]),
          other.upsert('chunks', [indexRecord(`b${round}`, 0, `leave round${round}`)]),
        ])
        assert.deepEqual(ids(await search(index, `round${round}`)), [`a${round}#0`, `b${round}#0`])
        assert.deepEqual(ids(await search(other, `round${round}`)), [`a${round}#0`, `b${round}#0`])
        await Promise.all([index.optimise(), other.deleteDocuments([{ id: document(`a${round}`) }])])
        assert.deepEqual(ids(await search(index, `round${round}`)), [`b${round}#0`])
      }
      await other.close()
    }))

  test('tenants and definitions are apart, whatever their names', () =>
    withIndex(async (index, engine) => {
      await index.upsert('chunks', [indexRecord('d', 0, 'leave')])
      for (const [tenant, definition] of [
        ['Main', 'definition-1'],
        ['main', 'Definition-1'],
        ['../main', 'x/y'],
        ['tenänt #1%20', 'd'],
      ]) {
        const apart = await engine.open(tenant ?? '', definition ?? '')
        assert.deepEqual(await search(apart, 'leave'), [], `${tenant} ${definition}`)
        await apart.upsert('chunks', [indexRecord('own', 0, 'leave')])
        await apart.close()
      }
      assert.deepEqual(ids(await search(index, 'leave')), ['d#0'])
    }))

  test('an index opened again has everything; a closed one says so', () =>
    withIndex(async (index, engine) => {
      await index.upsert('chunks', [indexRecord('d', 0, 'leave')])
      await index.upsert('documents', [indexRecord('d', 0, 'leave', { id: 'd#' as ChunkId })])
      await index.close()
      await index.close()
      await assert.rejects(search(index, 'leave'), (error) => isTouchstoneError(error, 'INDEX_UNAVAILABLE'))
      const again = await engine.open('main', 'definition-1')
      assert.deepEqual(ids(await search(again, 'leave')), ['d#0'])
      const stats = await again.stats()
      assert.deepEqual(stats.records, { chunks: 1, documents: 1 })
      assert.ok(stats.sizeBytes > 0)
      await again.close()
    }))
}
