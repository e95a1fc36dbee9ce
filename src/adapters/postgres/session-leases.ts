/**
 * Leases as advisory locks of a session: each on a connection of its own, free at the moment that connection ends, as by kill -9.
 * Knows connections; knows nothing of what the lease protects.
 */
import pg from 'pg'
import { TouchstoneError } from '../../foundation/errors/touchstone-error.ts'
import type { Clock } from '../../foundation/concurrency/clock.ts'
import type { Lease, LeaseRefusal, Leases } from '../../foundation/storage/lease.ts'
import { toStateFailure } from './postgres-failure.ts'
import { clientOptions } from './postgres-pool.ts'

/** A connection can die without a word; the process that holds the lease asks, and the server asks a little less often. */
const BEAT_MS = 3_000
const BEAT_TIMEOUT_MS = 5_000
/** The server gives a silent client up after 10 + 3 × 5 s: later than the client has noticed and ended its work. */
const SERVER_WATCH = 'set tcp_keepalives_idle = 10; set tcp_keepalives_interval = 5; set tcp_keepalives_count = 3'
const NAME_BYTES = 63

export function createSessionLeases(url: string, location: string, clock: Clock): Leases {
  return {
    acquire: async (name, owner) => {
      const client = new pg.Client({ ...clientOptions(url), query_timeout: BEAT_TIMEOUT_MS })
      const lost = new AbortController()
      const lose = (): void => lost.abort(leaseLost(location))
      client.on('error', lose)
      client.on('end', lose)
      try {
        await client.connect()
        const refusal = await lockSession(client, name, owner)
        if (refusal === undefined) return keepWatching(client, { name, owner, lost: lost.signal }, lose, clock)
        await client.end()
        return refusal
      } catch (error) {
        await client.end().catch(() => {})
        throw toStateFailure(error, location)
      }
    },
  }
}

/** @returns nothing when the session has the lock */
async function lockSession(client: pg.Client, name: string, owner: string): Promise<LeaseRefusal | undefined> {
  const key = `hashtextextended($1, 0)`
  const lock = `touchstone/lease/${name}`
  await client.query(SERVER_WATCH)
  // Whoever is refused reads from it who holds the lease.
  await client.query(`select set_config('application_name', $1, false)`, [owner.slice(-NAME_BYTES)])
  const { rows } = await client.query<{ taken: boolean }>(`select pg_try_advisory_lock(${key}) as taken`, [lock])
  if (rows[0]?.taken === true) return undefined
  const holders = await client.query<{ owner: string }>(
    `select application_name as owner from pg_locks join pg_stat_activity using (pid)
     where locktype = 'advisory' and granted and pg_locks.database = (select oid from pg_database where datname = current_database())
       and objsubid = 1 and (classid::bigint << 32) | objid::bigint = ${key}`,
    [lock],
  )
  return { heldBy: holders.rows[0]?.owner ?? 'a process that just ended', expiresInMs: 0 }
}

function leaseLost(path: string): TouchstoneError {
  return new TouchstoneError('STATE_UNREACHABLE', { details: { path, reason: 'the connection that held a lease is lost' } })
}

function keepWatching(client: pg.Client, held: Omit<Lease, 'release'>, lose: () => void, clock: Clock): Lease {
  let released = false
  let cancel = clock.after(BEAT_MS, beat)
  function beat(): void {
    client.query('select 1').then(
      () => {
        if (!released) cancel = clock.after(BEAT_MS, beat)
      },
      () => {
        lose()
        // Not politely: nobody may be there to answer, and a lock that is no longer watched must not be kept.
        if (!released) client.connection.stream.destroy()
      },
    )
  }
  return {
    ...held,
    release: async () => {
      if (released) return
      released = true
      cancel()
      await client.end().catch(() => {})
    },
  }
}
