import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { sql } from 'kysely'
import { stateKinds } from '../../../test/fixtures/states.ts'
import { temporaryFolder } from '../../../test/fixtures/temp-folder.ts'
import type { ConversationId, TenantId, TraceId } from '../../contracts/identity.ts'
import type { TraceRecord } from '../../contracts/telemetry.ts'
import { openSqliteState } from '../../adapters/sqlite/open-sqlite-state.ts'
import type { Clock } from '../concurrency/clock.ts'
import { createConversationStore } from './conversation-repository.ts'
import { migrateState, stateMigrations } from './migrate-state.ts'
import { dialectOf } from './state-dialect.ts'
import { createRowLeases } from './row-leases.ts'
import type { StateDatabase } from './state-schema.ts'
import { createTraceRepository } from './trace-repository.ts'

const kinds = await stateKinds({ after })

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

function traceAt(clock: Clock, n: number): TraceRecord {
  const fixed = { tenant: 'main', kind: 'answer', durationMs: 1, status: 'ok', attributes: {}, spans: [], documents: [] } as const
  return { ...fixed, id: `t${n}` as TraceId, startedAtMs: clock.now() }
}

/** Tables with their columns, types and keys, as the database itself tells them. */
async function schemaOf(state: StateDatabase): Promise<unknown> {
  const tables = await state.introspection.getTables({ withInternalKyselyTables: true })
  return tables.map(({ name, columns }) => [name, columns]).sort()
}

for (const { name, open, place } of kinds) {
  test(`${name}: migrations go forth, back and forth again to the same schema [I4]`, async () => {
    const { db } = await open()
    const before = await schemaOf(db)
    await migrateState(db, 'here', 'none')
    assert.notDeepEqual(await schemaOf(db), before)
    await migrateState(db, 'here')
    assert.deepEqual(await schemaOf(db), before)
  })

  test(`${name}: each single migration goes back to the schema before it [I4]`, async () => {
    const { db } = await open()
    const steps = ['none', ...Object.keys(stateMigrations(dialectOf(db)))]
    const onTheWay = new Map<string, unknown>()
    for (const step of steps.toReversed().slice(1)) {
      await migrateState(db, 'here', step)
      onTheWay.set(step, await schemaOf(db))
    }
    for (const step of steps.slice(1, -1)) {
      await migrateState(db, 'here', step)
      assert.deepEqual(await schemaOf(db), onTheWay.get(step), step)
    }
    assert.equal(onTheWay.size, steps.length - 1)
    assert.deepEqual(JSON.stringify(onTheWay.get('none')).includes('documents'), false, 'the way back leaves nothing')
  })

  test(`${name}: a state of a newer version is refused by name, and stays untouched [I4]`, async () => {
    const here = await place()
    const { db } = await here.open()
    await sql`insert into kysely_migration (name, timestamp) values ('9999', '2030-01-01')`.execute(db)
    const before = await schemaOf(db)
    await assert.rejects(here.open(), { code: 'STATE_NEWER' })
    assert.deepEqual(await schemaOf(db), before)
  })

  test(`${name}: numbers of 64 bits, bytes and odd text come back as they went [I4]`, async () => {
    const { db } = await open()
    const bytes = Uint8Array.from({ length: 256 }, (_, at) => at)
    const text = 'ä 漢字 𝒳 "quoted" \'single\' \\'
    await db.insertInto('blobs').values({ tenant: 't', hash: 'h', bytes }).execute()
    await db.insertInto('generations').values({ tenant: 't', name: text, value: 9_007_199_254_740_991 }).execute()
    const blob = await db.selectFrom('blobs').selectAll().executeTakeFirstOrThrow()
    assert.deepEqual(new Uint8Array(blob.bytes), bytes)
    const [row] = await db.selectFrom('generations').select(['name', 'value']).execute()
    assert.deepEqual({ ...row }, { name: text, value: 9_007_199_254_740_991 })
    const { count } = await db
      .selectFrom('blobs')
      .select(({ fn }) => fn.countAll<number>().as('count'))
      .executeTakeFirstOrThrow()
    assert.equal(typeof count, 'number')
  })

  test(`${name}: text is ordered by its bytes [A4]`, async () => {
    const { db } = await open()
    const names = ['Z', 'a', 'B', 'é', '_', 'a b', 'a-b', '0', '日', 'ab']
    for (const text of names) await db.insertInto('generations').values({ tenant: 't', name: text, value: 1 }).execute()
    const rows = await db.selectFrom('generations').select('name').orderBy('name').execute()
    const byBytes = names.toSorted((left, right) => Buffer.compare(Buffer.from(left), Buffer.from(right)))
    assert.deepEqual(rows.map((row) => row.name), byBytes) // prettier-ignore
  })
  test(`${name}: a conversation belongs to one user and one feature [B1]`, async () => {
    const { db: state } = await open()
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
  })

  test(`${name}: traces are gathered: stored when the time is over, when there are many, when somebody reads [G1]`, async () => {
    const { db } = await open()
    const timers: (() => void)[] = []
    const clock: Clock = { ...fixedClock(), after: (_ms, callback) => (timers.push(callback), () => {}) }
    const repository = createTraceRepository(db, { days: 1, maxTraces: 1_000 }, clock, assert.ifError)
    const stored = async (): Promise<number> => (await db.selectFrom('traces').select('id').execute()).length
    await repository.write(traceAt(clock, 0))
    await repository.write(traceAt(clock, 1))
    assert.equal(await stored(), 0)
    timers[0]?.()
    while ((await stored()) < 2) await new Promise(setImmediate)
    assert.equal(timers.length, 1)
    for (let n = 2; n < 102; n++) await repository.write(traceAt(clock, n))
    while ((await stored()) < 102) await new Promise(setImmediate)
    await repository.write(traceAt(clock, 102))
    assert.equal((await repository.get('main', 't102' as TraceId))?.id, 't102')
  })

  test(`${name}: traces are bounded in age and number by default [G1, H3]`, async () => {
    const { db: state } = await open()
    const clock = fixedClock()
    const repository = createTraceRepository(state, { days: 1, maxTraces: 150 }, clock, assert.ifError)
    for (let n = 0; n < 302; n++) {
      clock.set(clock.now() + 1)
      await repository.write(traceAt(clock, n))
    }
    const kept = await repository.list('main', 1_000)
    assert.ok(kept.length <= 252, `${kept.length} kept`)
    clock.set(clock.now() + 2 * 86_400_000)
    for (let n = 400; n < 501; n++) await repository.write(traceAt(clock, n))
    assert.equal(await repository.get('main', 't301' as TraceId), undefined)
  })
}

test('a damaged state file is told as such [I4]', async (t) => {
  const path = join(await temporaryFolder(t), 'damaged.sqlite')
  await writeFile(path, 'this is not a database, not even a little one, but it is long enough to look like a header'.repeat(20))
  await assert.rejects(openSqliteState(path), { code: 'STATE_CORRUPT' })
  await assert.rejects(openSqliteState(join(path, 'state.sqlite')), { code: 'STATE_UNAVAILABLE' })
})

test('one lease at a time, free again when it expires or when a clock had jumped ahead [A1]', async () => {
  const state = await openSqliteState(':memory:')
  const clock = fixedClock()
  const leases = createRowLeases(state, clock)
  const first = await leases.acquire('ingest', 'a')
  assert.ok('release' in first)
  const refused = await leases.acquire('ingest', 'b')
  assert.ok('heldBy' in refused && refused.heldBy === 'a')
  clock.set(clock.now() + 16_000)
  const second = await leases.acquire('ingest', 'b')
  assert.ok('release' in second, 'an expired lease is free')
  clock.set(clock.now() - 3_600_000)
  assert.ok('release' in (await leases.acquire('ingest', 'c')), 'a lease from the far future locks nobody out')
  await state.destroy()
})
