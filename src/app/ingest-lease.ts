/** The lease that keeps writers of one tenant's documents apart, in whatever process they are. */
import { hostname } from 'node:os'
import { processMark } from '../foundation/concurrency/process-mark.ts'
import { TouchstoneError } from '../foundation/errors/touchstone-error.ts'
import type { Lease } from '../foundation/storage/lease.ts'
import type { OpenState } from '../foundation/storage/open-state.ts'
import type { StateParts } from './open-state.ts'

/** Each run is an owner of its own: two of one process exclude each other too. @throws TouchstoneError INGEST_RUNNING */
export async function takeIngestLease(store: OpenState, tenant: string, { clock, ids }: StateParts): Promise<Lease> {
  const lease = await store.leases.acquire(`ingest/${tenant}`, leaseOwner({ clock, ids }))
  if ('release' in lease) return lease
  const seconds = Math.max(1, Math.ceil(lease.expiresInMs / 1_000))
  throw new TouchstoneError('INGEST_RUNNING', { details: { path: store.location, owner: lease.heldBy, seconds } })
}

/** As the holder of a lease is named to others; the next call names another. */
export function leaseOwner({ clock, ids }: StateParts): string {
  return `${hostname()}/${processMark(process.pid)}/${ids.next(clock.now()).slice(-6)}`
}
