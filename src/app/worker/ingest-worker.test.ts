/** The worker reads what changes and what is due, also of sources that are added and removed while it runs. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openSqliteState } from '../../adapters/sqlite/open-sqlite-state.ts'
import { systemClock } from '../../foundation/concurrency/clock.ts'
import { systemIds } from '../../foundation/concurrency/random.ts'
import { createJobQueue } from '../../foundation/storage/job-queue.ts'
import type { IngestSource } from '../../knowledge/ingestion/ingest-parts.ts'
import { startIngestWorker } from './ingest-worker.ts'

interface WatchedSource extends IngestSource {
  change(): void
}

function watchedSource(id: string): WatchedSource {
  const callbacks = new Set<() => void>()
  return {
    id,
    kind: 'folder',
    connector: {
      list: async function* () {},
      fetch: async () => new Uint8Array(),
      watch: (onChange) => {
        callbacks.add(onChange)
        return () => void callbacks.delete(onChange)
      },
    },
    change: () => callbacks.forEach((callback) => callback()),
  }
}

async function until(holds: () => boolean): Promise<void> {
  const end = systemClock.now() + 10_000
  while (!holds() && systemClock.now() < end) await systemClock.sleep(20)
  assert(holds(), 'it did not come to be in 10 s')
}

test('sources added later are watched and refreshed, removed ones are not [A1]', async (t) => {
  const state = await openSqliteState(':memory:')
  t.after(() => state.destroy())
  const [first, second] = [watchedSource('first'), watchedSource('second')]
  let sources: readonly IngestSource[] = [first]
  const read: string[] = []
  const stop = await startIngestWorker({
    sources: async () => sources,
    queue: createJobQueue(state, 'main', { clock: systemClock, ids: systemIds, leaseMs: 60_000 }),
    clock: systemClock,
    work: async (source) => void read.push(source),
    log: (text) => assert.fail(text),
    watch: true,
    refreshMinutes: 0.01,
  })
  t.after(stop)
  first.change()
  await until(() => read.includes('first'))
  sources = [second]
  await until(() => read.includes('second'))
  // What was queued before is done first.
  await until(() => read.slice(-2).join() === 'second,second')
  read.length = 0
  first.change()
  second.change()
  await until(() => read.length > 1)
  assert.deepEqual([...new Set(read)], ['second'])
})
