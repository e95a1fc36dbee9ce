import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openSqliteState } from '../../adapters/sqlite/open-sqlite-state.ts'
import type { DocumentIndex } from '../../contracts/document-index.ts'
import type { DocumentId, DocumentVersion } from '../../contracts/identity.ts'
import { systemClock } from '../../foundation/concurrency/clock.ts'
import { createPublisher, type Publisher } from './document-batches.ts'
import type { IngestParts } from './ingest-parts.ts'
import type { PreparedDocument } from './prepare-document.ts'

/** A document that fills a batch by itself. */
function largeDocument(name: string): PreparedDocument {
  const text = 'word '.repeat(3_000)
  const section = { start: 0, end: text.length }
  return {
    item: { path: name, changeMark: '1', access: [], modifiedAtMs: 0, sizeBytes: 1 },
    id: `docs:${name}` as DocumentId,
    version: '1' as DocumentVersion,
    title: name,
    language: 'en',
    mediaType: 'text/plain',
    parsed: { text, blocks: [], metadata: {} },
    chunks: Array.from({ length: 3_000 }, (_, at) => ({ ordinal: at, start: at * 5, end: at * 5 + 4, headingPath: [], section })),
    sketch: new Uint32Array(),
  }
}

/** The index's first write waits until the test lets it go, or fails. */
async function openPublisher() {
  const held = Promise.withResolvers<void>()
  const writes: string[] = []
  const state = await openSqliteState(':memory:')
  const index = {
    upsert: async (level: string, records: readonly { readonly document: string }[]) => {
      writes.push(`${level} ${records[0]?.document ?? ''}`)
      await held.promise
    },
    deleteDocuments: async () => {},
  } as unknown as DocumentIndex
  const shared = { state, index, tenant: 'main', definition: 'd1', reading: 'r1', clock: systemClock }
  const parts = { ...shared, analysis: { terms: (text: string) => [text.slice(0, 4)] } } as unknown as IngestParts
  const publisher: Publisher = createPublisher(
    { id: 'docs', kind: 'folder', connector: {} as never },
    parts,
    new AbortController().signal,
  )
  const visible = async (): Promise<number> => (await state.selectFrom('documents').select('id').execute()).length
  return { publisher, held, writes, visible }
}

test('the next batch gathers while one is being written, and the one after waits [A1]', async () => {
  const { publisher, held, writes, visible } = await openPublisher()
  await publisher.add(largeDocument('a'))
  let isSecondTaken = false
  const second = publisher.add(largeDocument('b')).then(() => (isSecondTaken = true))
  while (writes.length === 0) await new Promise(setImmediate)
  assert.deepEqual([isSecondTaken, writes, await visible()], [false, ['chunks docs:a'], 0])
  held.resolve()
  await second
  await publisher.finish()
  assert.equal(await visible(), 2)
})

test('a write that fails is told to whoever adds next or finishes, and settling waits for its end [A1]', async () => {
  const { publisher, held, writes, visible } = await openPublisher()
  await publisher.add(largeDocument('a'))
  while (writes.length === 0) await new Promise(setImmediate)
  let isSettled = false
  const settled = publisher.settle().then(() => (isSettled = true))
  await new Promise(setImmediate)
  assert.equal(isSettled, false)
  held.reject(new RangeError('no room'))
  await settled
  await assert.rejects(publisher.add(largeDocument('b')), /no room/)
  await assert.rejects(publisher.finish(), /no room/)
  await publisher.settle()
  assert.equal(await visible(), 0)
})
