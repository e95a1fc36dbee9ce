import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { sql } from 'kysely'
import type { ConversationId, TenantId, TraceId } from '../../contracts/identity.ts'
import type { TraceRecord } from '../../contracts/telemetry.ts'
import { openSqliteState, sqliteTraits } from '../../adapters/sqlite/open-sqlite-state.ts'
import type { Clock } from '../concurrency/clock.ts'
import { systemIds } from '../concurrency/random.ts'
import { createConversationStore } from './conversation-repository.ts'
import { createJobQueue } from './job-queue.ts'
import { acquireLease } from './lease.ts'
import { migrateState } from './migrate-state.ts'
import { createTraceRepository } from './trace-repository.ts'

const folder = await mkdtemp(join(tmpdir(), 'touchstone-state-'))
after(() => rm(folder, { recursive: true, force: true }))

function fixedClock(): Clock & { set(ms: number): void } {
  let now = 1_000_000
  const nothing = (): void => {}
  return {
    now: () => now,
    elapsed: () => now,
    sleep: async () => {},
    after: () => nothing,
    set: (ms) => {
      now = ms
    },
  }
}

test('migrations go forth, back and forth again to the same schema [I4]', async () => {
  const state = await openSqliteState(':memory:')
  const schema = async (): Promise<unknown> => (await sql`select name, sql from sqlite_master order by name`.execute(state)).rows
  const before = await schema()
  await migrateState(state, sqliteTraits, 'memory', 'none')
  assert.notDeepEqual(await schema(), before)
  await migrateState(state, sqliteTraits, 'memory')
  assert.deepEqual(await schema(), before)
  await state.destroy()
})

test('a state of a newer version is refused by name, and stays untouched [I4]', async () => {
  const path = join(folder, 'newer.sqlite')
  const state = await openSqliteState(path)
  await sql`insert into kysely_migration (name, timestamp) values ('9999', '2030-01-01')`.execute(state)
  await state.destroy()
  await assert.rejects(openSqliteState(path), { code: 'STATE_NEWER' })
})

test('a damaged state file is told as such [I4]', async () => {
  const path = join(folder, 'damaged.sqlite')
  await writeFile(path, 'this is not a database, not even a little one, but it is long enough to look like a header'.repeat(20))
  await assert.rejects(openSqliteState(path), { code: 'STATE_CORRUPT' })
  await assert.rejects(openSqliteState(join(path, 'state.sqlite')), { code: 'STATE_UNAVAILABLE' })
})

test('a job is leased, retried with growing delay, and buried when its attempts are used up [I4]', async () => {
  const state = await openSqliteState(':memory:')
  const clock = fixedClock()
  const queue = createJobQueue(state, 'main', clock, systemIds)
  const id = await queue.enqueue('work', { n: 1 }, { key: 'k', maxAttempts: 2 })
  assert.equal(await queue.enqueue('work', { n: 1 }, { key: 'k' }), id, 'one waiting job per key')
  const first = await queue.take(['work'], 1_000)
  assert.equal(first?.attempt, 1)
  assert.equal(await queue.take(['work'], 1_000), undefined, 'leased jobs are hidden')
  await queue.fail(first!, 'broke')
  assert.equal(await queue.take(['work'], 1_000), undefined, 'not before its delay')
  clock.set(clock.now() + 60_000)
  const second = await queue.take(['work'], 1_000)
  assert.equal(second?.attempt, 2)
  await queue.fail(second!, 'broke again')
  assert.deepEqual(
    (await queue.deadLetters()).map((dead) => [dead.job.id, dead.message]),
    [[id, 'broke again']],
  )
  await state.destroy()
})

test('a job whose process died comes back when its lease is over, and the dead process cannot finish it [I4]', async () => {
  const state = await openSqliteState(':memory:')
  const clock = fixedClock()
  const queue = createJobQueue(state, 'main', clock, systemIds)
  await queue.enqueue('work', {})
  const lost = await queue.take(['work'], 1_000)
  clock.set(clock.now() + 2_000)
  const again = await queue.take(['work'], 1_000)
  assert.equal(again?.id, lost?.id)
  await queue.complete(lost!)
  assert.equal(await queue.extend(again!, 1_000), true, 'still leased to the second')
  await queue.complete(again!)
  clock.set(clock.now() + 5_000)
  assert.equal(await queue.take(['work'], 1_000), undefined)
  await state.destroy()
})

test('one lease at a time, free again when it expires or when a clock had jumped ahead [A1]', async () => {
  const state = await openSqliteState(':memory:')
  const clock = fixedClock()
  const first = await acquireLease(state, 'ingest', 'a', clock)
  assert.ok('release' in first)
  const refused = await acquireLease(state, 'ingest', 'b', clock)
  assert.ok('heldBy' in refused && refused.heldBy === 'a')
  clock.set(clock.now() + 16_000)
  const second = await acquireLease(state, 'ingest', 'b', clock)
  assert.ok('release' in second, 'an expired lease is free')
  clock.set(clock.now() - 3_600_000)
  assert.ok('release' in (await acquireLease(state, 'ingest', 'c', clock)), 'a lease from the far future locks nobody out')
  await state.destroy()
})

test('a conversation belongs to one user and one feature [B1]', async () => {
  const state = await openSqliteState(':memory:')
  const store = createConversationStore(state, fixedClock())
  const id = 'c' as ConversationId
  const maria = { tenant: 'main' as TenantId, user: 'maria' }
  const turn = { question: 'q', standalone: 'q', answer: 'a', documents: [] }
  await store.append(id, maria, 'answers', turn)
  assert.deepEqual(await store.recall(id, maria, 'answers', 5), [turn])
  await assert.rejects(store.recall(id, { ...maria, user: 'tom' }, 'answers', 5), { code: 'CONVERSATION_UNKNOWN' })
  await assert.rejects(store.append(id, { ...maria, user: 'tom' }, 'answers', turn), { code: 'CONVERSATION_UNKNOWN' })
  await assert.rejects(store.recall(id, maria, 'other', 5), { code: 'CONVERSATION_UNKNOWN' })
  assert.deepEqual(await store.recall(id, { ...maria, tenant: 'other' as TenantId }, 'answers', 5), [])
  await state.destroy()
})

test('traces are bounded in age and number by default [G1, H3]', async () => {
  const state = await openSqliteState(':memory:')
  const clock = fixedClock()
  const repository = createTraceRepository(state, { days: 1, maxTraces: 150 }, clock, assert.ifError)
  const trace = (n: number): TraceRecord => ({
    id: `t${n}` as TraceId,
    tenant: 'main',
    kind: 'answer',
    startedAtMs: clock.now(),
    durationMs: 1,
    status: 'ok',
    attributes: {},
    spans: [],
    documents: [],
  })
  for (let n = 0; n < 302; n++) {
    clock.set(clock.now() + 1)
    await repository.write(trace(n))
  }
  const kept = await repository.list('main', 1_000)
  assert.ok(kept.length <= 252, `${kept.length} kept`)
  clock.set(clock.now() + 2 * 86_400_000)
  for (let n = 400; n < 501; n++) await repository.write(trace(n))
  assert.equal(await repository.get('main', 't301' as TraceId), undefined)
  await state.destroy()
})
