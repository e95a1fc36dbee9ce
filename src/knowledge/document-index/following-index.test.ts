import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { createLanceDbEngine } from '../../adapters/lancedb/lancedb-index.ts'
import { ids, indexRecord, inScopes, search } from '../../testing/document-index-records.ts'
import { createFollowingIndex, indexName } from './following-index.ts'

test('the next query after a new epoch sees the new index, queries under way finish on the old one, and there is no way back [A7]', async (t) => {
  const directory = await mkdtemp(join(tmpdir(), 'touchstone-following-'))
  t.after(() => rm(directory, { recursive: true, force: true }))
  const engine = createLanceDbEngine({ directory })
  let epoch = 0
  const index = createFollowingIndex({
    place: async () => ({ name: 'd', sinceMs: epoch }),
    open: async ({ name, sinceMs }) => ({ index: await engine.open('main', indexName(name, sinceMs)) }),
  })
  await index.upsert('chunks', [indexRecord('old', 0, 'leave')])
  const other = await engine.open('main', indexName('d', 7))
  await other.upsert('chunks', [indexRecord('new', 0, 'leave')])
  await other.close()
  const underWay = Array.from({ length: 5 }, () => search(index, 'leave'))
  epoch = 7
  const found = (await Promise.all(underWay)).map((hits) => ids(hits).join())
  assert(
    found.every((hit) => hit === 'old#0' || hit === 'new#0'),
    found.join(),
  )
  assert.deepEqual(ids(await search(index, 'leave')), ['new#0'])
  epoch = 3
  assert.deepEqual(ids(await search(index, 'leave', inScopes([1]))), ['new#0'])
  assert.deepEqual((await engine.definitions('main')).toSorted(), ['d', 'd-7'])
  await index.close()
  await assert.rejects(index.stats(), { code: 'INDEX_UNAVAILABLE' })
})

test('a copy taken while another writes is an index of its own, without what came later [A7, I4]', async (t) => {
  const directory = await mkdtemp(join(tmpdir(), 'touchstone-copies-'))
  t.after(() => rm(directory, { recursive: true, force: true }))
  const engine = createLanceDbEngine({ directory: join(directory, 'index') })
  const index = await engine.open('main', 'd')
  for (let number = 0; number < 5; number++) await index.upsert('chunks', [indexRecord(`d${number}`, 0, 'leave')])
  await index.upsert('documents', [indexRecord('d0', 0, 'leave')])
  const copied = new AbortController()
  const writing = (async () => {
    for (let number = 5; !copied.signal.aborted && number < 60; number++) {
      await index.upsert('chunks', [indexRecord(`d${number}`, 0, 'leave')])
      if (number % 10 === 0) await index.optimise()
    }
  })()
  assert(engine.copies !== undefined)
  await engine.copies.save('main', 'd', join(directory, 'copy'), () => {})
  copied.abort()
  await writing
  await engine.copies.load('main', 'd-1', join(directory, 'copy'), () => {})
  const copy = await engine.open('main', 'd-1')
  const count = (await copy.stats()).records.chunks
  assert(count >= 5 && count <= (await index.stats()).records.chunks, String(count))
  assert.equal((await search(copy, 'leave', inScopes([1]), 100)).length, count)
  await copy.upsert('chunks', [indexRecord('of-the-copy', 0, 'dinner')])
  assert.deepEqual(ids(await search(copy, 'dinner')), ['of-the-copy#0'])
  assert.deepEqual(ids(await search(index, 'dinner')), [])
  await copy.close()
  await index.close()
  await engine.discard('main', 'd-1')
  assert.deepEqual(await engine.definitions('main'), ['d'])
})
