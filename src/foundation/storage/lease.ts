/** Mutual exclusion between processes that share a state. Knows time only through the clock it is given. */
import type { Clock } from '../concurrency/clock.ts'
import { isProcessGone } from '../concurrency/process-mark.ts'
import type { StateDatabase } from './state-schema.ts'

export interface Lease {
  readonly name: string
  readonly owner: string
  /** Stops the heartbeat and frees the name. */
  release(): Promise<void>
  /** Aborts when the lease was lost, e.g. after the machine slept: the work must end. */
  readonly lost: AbortSignal
}

const TTL_MS = 15_000

/**
 * Takes a lease and keeps it by a heartbeat until it is released. After kill -9 it is free at once for processes that can tell
 * so from the mark in its owner's name, and for others within 15 s.
 * @returns who holds it instead, when it is taken
 */
export async function acquireLease(
  db: StateDatabase,
  name: string,
  owner: string,
  clock: Clock,
): Promise<Lease | { readonly heldBy: string; readonly expiresInMs: number }> {
  let holder = await tryLease(db, name, owner, clock.now())
  if (holder !== undefined && isProcessGone(holder.owner)) holder = await tryLease(db, name, owner, clock.now(), holder.owner)
  if (holder !== undefined) return { heldBy: holder.owner, expiresInMs: holder.expires_at - clock.now() }
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
