/** What a lease promises, of each kind of state; and when a session's lease ends. */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { ended } from '../../../test/fixtures/command-line.ts'
import { startPostgres } from '../../../test/fixtures/postgres-server.ts'
import { postgresKind, sqliteKind } from '../../../test/fixtures/states.ts'
import { systemClock } from '../concurrency/clock.ts'
import type { Lease, LeaseRefusal, Leases } from './lease.ts'

const server = await startPostgres({ after })
const postgres = postgresKind({ after }, server)
const INGEST = 'ingest/main'

async function hold(leases: Leases, owner: string, name = INGEST): Promise<Lease> {
  const lease = await leases.acquire(name, owner)
  assert('release' in lease, JSON.stringify(lease))
  return lease
}

async function refused(leases: Leases, owner: string): Promise<LeaseRefusal> {
  const refusal = await leases.acquire(INGEST, owner)
  assert('heldBy' in refusal)
  return refusal
}

async function untilLost({ lost }: Lease): Promise<unknown> {
  if (!lost.aborted) await once(lost, 'abort')
  return lost.reason
}

for (const { name, place } of [sqliteKind({ after }), postgres])
  test(`${name}: one holder at a time and per name, in whatever process; the other is told who [A1]`, async () => {
    const here = await place()
    const [first, second] = [await here.open(), await here.open()]
    const lease = await hold(first.leases, 'host/1/a')
    for (const { leases } of [first, second]) assert.equal((await refused(leases, 'host/2/b')).heldBy, 'host/1/a')
    await (await hold(second.leases, 'host/2/b', 'ingest/other')).release()
    assert.equal(lease.lost.aborted, false)
    await lease.release()
    await lease.release()
    const next = await hold(second.leases, 'host/2/b')
    assert.equal((await refused(first.leases, 'host/1/a')).heldBy, 'host/2/b')
    await next.release()
    const racing = await Promise.all(
      Array.from({ length: 8 }, (_, at) => [first, second][at % 2]!.leases.acquire(INGEST, `o${at}`)),
    )
    const won = racing.filter((result): result is Lease => 'release' in result)
    assert.equal(won.length, 1)
    await won[0]!.release()
  })

test('PostgreSQL: the lease of a killed process is free at once [A1, I4]', { timeout: 30_000 }, async () => {
  const here = await postgres.place()
  const { leases } = await here.open()
  const script = join(import.meta.dirname, '../../../test/fixtures/lease-process.ts')
  const child = spawn(process.execPath, ['--conditions=touchstone-source', script, here.address, INGEST, 'host/9/z'], { stdio: ['ignore', 'pipe', 'inherit'] }) // prettier-ignore
  after(async () => void (await ended(child, 'SIGKILL')))
  assert.equal(String((await once(child.stdout!, 'data'))[0]), 'held\n')
  assert.deepEqual(await refused(leases, 'host/1/a'), { heldBy: 'host/9/z', expiresInMs: 0 })
  await ended(child, 'SIGKILL')
  const began = performance.now()
  for (;;) {
    const lease = await leases.acquire(INGEST, 'host/1/a')
    if ('release' in lease) return lease.release()
    assert(performance.now() - began < 3_000, 'it is not free')
  }
})

test(
  'PostgreSQL: who loses the connection of the lease is told at once, so that the work ends [A1, I4]',
  { timeout: 30_000 },
  async () => {
    const { leases } = await postgres.open()
    const lease = await hold(leases, 'host/1/a')
    await server.query(`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'host/1/a'`)
    assert.equal(((await untilLost(lease)) as { code: string }).code, 'STATE_UNREACHABLE')
    await lease.release()
    const again = await hold(leases, 'host/1/b')
    await server.kill()
    await untilLost(again)
    await assert.rejects(leases.acquire(INGEST, 'host/1/c'), { code: 'STATE_UNREACHABLE' })
    await server.start()
    await (await hold(leases, 'host/1/d')).release()
  },
)

test(
  'PostgreSQL: a connection that dies without a word is noticed by the missing answer [A1, I4]',
  { timeout: 30_000 },
  async () => {
    const hurried = { ...systemClock, after: (ms: number, work: () => void) => systemClock.after(ms / 30, work) }
    const { leases } = await postgres.open(hurried)
    const lease = await hold(leases, 'host/1/silent')
    const [row] = await server.query(`select pid from pg_stat_activity where application_name = 'host/1/silent'`)
    // Its server process stops answering, as a machine without power does.
    process.kill(Number(row!['pid']), 'SIGSTOP')
    const began = performance.now()
    try {
      await untilLost(lease)
      assert(performance.now() - began < 10_000)
    } finally {
      process.kill(Number(row!['pid']), 'SIGCONT')
    }
    await lease.release()
  },
)
