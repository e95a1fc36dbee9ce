/** What a job queue promises, of each kind of state: our own tables, and pg-boss. */
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { PgBoss } from 'pg-boss'
import { postgresKind, sqliteKind } from '../../../test/fixtures/states.ts'
import { startPostgres } from '../../../test/fixtures/postgres-server.ts'
import { systemClock } from '../concurrency/clock.ts'
import type { OpenJobs } from './open-state.ts'

const LEASE_MS = 10_000
const KIND = 'work'
const TENANT = 'main'

interface Bench {
  readonly queue: OpenJobs
  /** Another process's. */
  readonly other: OpenJobs
  pass(ms: number): Promise<void>
}

const server = await startPostgres({ after })

async function sqliteBench(): Promise<Bench> {
  let ahead = 0
  const clock = { ...systemClock, now: () => systemClock.now() + ahead }
  const state = await sqliteKind({ after }).open(clock)
  const pass = async (ms: number): Promise<void> => void (ahead += ms)
  return { queue: await state.openJobs(TENANT, LEASE_MS), other: await state.openJobs(TENANT, LEASE_MS), pass }
}

async function postgresBench(): Promise<Bench> {
  const place = await postgresKind({ after }, server).place()
  const state = await place.open()
  const [queue, other] = [await state.openJobs(TENANT, LEASE_MS), await state.openJobs(TENANT, LEASE_MS)]
  const supervisor = new PgBoss({ connectionString: place.address, max: 1, supervise: false, schedule: false })
  await supervisor.start()
  after(async () => void (await Promise.all([queue.close(), other.close(), supervisor.stop({ graceful: false })])))
  const columns = ['start_after', 'started_on', 'heartbeat_on', 'created_on', 'keep_until']
  const pass = async (ms: number): Promise<void> => {
    const shifted = columns.map((column) => `${column} = ${column} - interval '${ms} milliseconds'`).join(', ')
    await server.query(`update pgboss.job set ${shifted}`, place.address)
    // Each process does this once a minute.
    await server.query(`update pgboss.queue set monitor_on = null, monitor_claim_on = null`, place.address)
    await supervisor.supervise(`${KIND}/${TENANT}`)
  }
  return { queue, other, pass }
}

for (const [name, makeBench] of [
  ['SQLite', sqliteBench],
  ['PostgreSQL', postgresBench],
] as const)
  // prettier-ignore
  test(`${name}: the promises of a job queue [I4]`, { timeout: 60_000 }, async (t) => {
    const bench = await makeBench()
    for (const [promise, prove] of promises) await t.test(promise, () => prove(bench))
  })

const promises: readonly (readonly [string, (bench: Bench) => Promise<void>])[] = [
  [
    'a job is taken once, and forgotten when it is complete',
    async ({ queue, other }) => {
      const id = await queue.enqueue(KIND, { n: 1, text: 'ä' })
      const taken = await Promise.all([queue.take([KIND]), other.take([KIND])])
      const [job, ...more] = taken.filter((found) => found !== undefined)
      assert.equal(more.length, 0)
      assert.deepEqual([job?.id, job?.kind, job?.payload, job?.attempt], [id, KIND, { n: 1, text: 'ä' }, 1])
      await queue.complete(job!)
      assert.equal(await queue.take([KIND]), undefined)
    },
  ],
  [
    'one waiting job per key; while it is worked on, the next may wait',
    async ({ queue, other }) => {
      const id = await queue.enqueue(KIND, {}, { key: 'k' })
      assert.equal(await other.enqueue(KIND, {}, { key: 'k' }), id)
      assert.notEqual(await queue.enqueue(KIND, {}, { key: 'other' }), id)
      assert.notEqual(await queue.enqueue(KIND, {}), await queue.enqueue(KIND, {}), 'jobs without key are each one')
      const taken = await takeAll(queue)
      assert.equal(taken.length, 4)
      assert.notEqual(await queue.enqueue(KIND, {}, { key: 'k' }), id)
      await Promise.all([...taken, ...(await takeAll(queue))].map((job) => queue.complete(job)))
    },
  ],
  [
    'a delayed job comes when it is due',
    async ({ queue, pass }) => {
      await queue.enqueue(KIND, {}, { delayMs: 5_000 })
      assert.equal(await queue.take([KIND]), undefined)
      await pass(6_000)
      await queue.complete((await queue.take([KIND]))!)
    },
  ],
  [
    'a job that fails is tried again later, and buried when its attempts are used up',
    async ({ queue, pass }) => {
      const id = await queue.enqueue(KIND, { n: 2 }, { key: 'fails', maxAttempts: 2 })
      await queue.fail((await queue.take([KIND]))!, 'broke')
      assert.equal(await queue.take([KIND]), undefined, 'not before its delay')
      assert.equal(await queue.enqueue(KIND, {}, { key: 'fails' }), id, 'it waits')
      await pass(60_000)
      const again = await queue.take([KIND])
      assert.deepEqual([again?.id, again?.attempt], [id, 2])
      await queue.fail(again!, 'broke again')
      await pass(3_600_000)
      assert.equal(await queue.take([KIND]), undefined)
      const dead = await queue.deadLetters([KIND])
      assert.deepEqual(dead.map(({ job, message }) => [job.id, job.payload, message]), [[id, { n: 2 }, 'broke again']]) // prettier-ignore
      assert.deepEqual(await queue.deadLetters(['another-kind']), [])
    },
  ],
  [
    'a job whose process died comes back when its lease is over, and that process cannot end it any more',
    async ({ queue, other, pass }) => {
      await queue.enqueue(KIND, {})
      const lost = (await queue.take([KIND]))!
      await pass(LEASE_MS / 2)
      assert.equal(await queue.extend(lost), true)
      await pass(LEASE_MS * 0.8)
      assert.equal(await other.take([KIND]), undefined, 'the sign of life counts')
      await pass(LEASE_MS)
      await pass(10_000)
      const again = await other.take([KIND])
      assert.deepEqual([again?.id, again?.attempt], [lost.id, 2])
      assert.equal(await queue.extend(lost), false)
      await queue.complete(lost)
      await queue.fail(lost, 'too late')
      assert.equal(await other.extend(again!), true, 'still the second one’s')
      await other.complete(again!)
      await pass(3_600_000)
      assert.equal(await queue.take([KIND]), undefined)
    },
  ],
]

async function takeAll(queue: OpenJobs): Promise<NonNullable<Awaited<ReturnType<OpenJobs['take']>>>[]> {
  const job = await queue.take([KIND])
  return job === undefined ? [] : [job, ...(await takeAll(queue))]
}
