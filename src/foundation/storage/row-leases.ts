/** Leases as rows with an end, kept alive by a heartbeat: for SQLite, which knows nothing of who is connected. Knows time only through its clock. */
import type { Clock } from '../concurrency/clock.ts'
import { isProcessGone } from '../concurrency/process-mark.ts'
import type { Lease, Leases } from './lease.ts'
import type { StateDatabase } from './state-schema.ts'

/**
 * After kill -9 a lease is free at once for processes that can tell so from the mark in its owner's name, and for others within
 * this time.
 */
const TTL_MS = 15_000

export function createRowLeases(db: StateDatabase, clock: Clock): Leases {
  return {
    acquire: async (name, owner) => {
      let holder = await tryLease(db, name, owner, clock.now())
      if (holder !== undefined && isProcessGone(holder.owner)) holder = await tryLease(db, name, owner, clock.now(), holder.owner)
      if (holder !== undefined) return { heldBy: holder.owner, expiresInMs: holder.expires_at - clock.now() }
      return keepAlive(db, name, owner, clock)
    },
  }
}

function keepAlive(db: StateDatabase, name: string, owner: string, clock: Clock): Lease {
  const lost = new AbortController()
  let cancel = clock.after(TTL_MS / 3, beat)
  let running: Promise<void> = Promise.resolve()
  function beat(): void {
    running = extend().catch(() => lost.abort())
    cancel = clock.after(TTL_MS / 3, beat)
  }
  async function extend(): Promise<void> {
    if ((await tryLease(db, name, owner, clock.now())) !== undefined) lost.abort()
  }
  return {
    name,
    owner,
    lost: lost.signal,
    release: async () => {
      cancel()
      await running
      await db.deleteFrom('leases').where('name', '=', name).where('owner', '=', owner).execute()
    },
  }
}

/** @param gone a holder that has ended @returns the other holder, or nothing when the lease is the owner's now */
async function tryLease(
  db: StateDatabase,
  name: string,
  owner: string,
  now: number,
  gone: string = owner,
): Promise<{ owner: string; expires_at: number } | undefined> {
  // One statement decides, so two processes cannot both win.
  await db
    .insertInto('leases')
    .values({ name, owner, expires_at: now + TTL_MS })
    .onConflict((conflict) =>
      conflict
        .column('name')
        .doUpdateSet({ owner, expires_at: now + TTL_MS })
        // A date too far ahead comes from a clock that jumped; it must not lock everybody out.
        .where((row) =>
          row.or([
            row('leases.owner', 'in', [owner, gone]),
            row('leases.expires_at', '<', now),
            row('leases.expires_at', '>', now + 10 * TTL_MS),
          ]),
        ),
    )
    .execute()
  const row = await db.selectFrom('leases').select(['owner', 'expires_at']).where('name', '=', name).executeTakeFirst()
  return row === undefined || row.owner === owner ? undefined : row
}
