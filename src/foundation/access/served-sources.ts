/** Which sources may be served at this moment: those still connected, read recently enough, and since the last restore. Knows nothing of who asks. */
import type { RestoreWithholding } from '../../contracts/source-status.ts'
import type { Clock } from '../concurrency/clock.ts'
import type { StateDatabase } from '../storage/state-schema.ts'
import { withheldSources } from './withheld-sources.ts'

/** What the configuration says of sources. */
export interface SourcePolicy {
  isConfigured(source: string): boolean
  /** Milliseconds that its last sync may lie back; absent: it is served whatever its age. */
  maxLagMs(source: { readonly id: string; readonly kind: string }): number | undefined
}

/** `added`: without the configuration, as a folder by `ingest --path`. `removed`: nobody keeps its permissions fresh any more. */
export type SourceConnection = 'configured' | 'added' | 'removed'

export interface SourceStanding {
  readonly id: string
  readonly kind: string
  readonly connection: SourceConnection
  /** Absent: without bound. */
  readonly maxLagMs?: number
  readonly lastSyncAtMs: number | null
  /** Since the last complete sync began; null before the first, and when it lies in the future. */
  readonly lagMs: number | null
  readonly isLagExceeded: boolean
  /** What a restore left to be done before it is served. */
  readonly restore?: RestoreWithholding
  /** Whether its documents may be read at all; who may is another question. */
  readonly isServed: boolean
}

export interface ServedSources {
  /** Every source that the state knows, by id. */
  standings(tenant: string): Promise<readonly SourceStanding[]>
  /** Ids of those that are served, sorted. */
  ids(tenant: string): Promise<readonly string[]>
}

/** Clocks of machines that share a state differ by seconds. A sync further ahead says that some clock is wrong: its age is unknown. */
const CLOCK_DIFFERENCE_MS = 60_000

/** Asks the state at each call. Ages never shrink while this process lives, whatever is done to the clock. */
export function createServedSources(db: StateDatabase, clock: Clock, policy: SourcePolicy): ServedSources {
  const ageOf = createAgeWatch(clock)
  async function standings(tenant: string): Promise<readonly SourceStanding[]> {
    const rows = await db
      .selectFrom('sources')
      .select(['id', 'kind', 'last_sync_at', (row) => row('detail', '!=', '{}').as('is_stored')])
      .where('tenant', '=', tenant)
      .orderBy('id')
      .execute()
    const restored = await withheldSources(db, tenant)
    return rows.map(({ id, kind, last_sync_at: syncAtMs, is_stored: isStored }) => {
      const connection = policy.isConfigured(id) ? 'configured' : Number(isStored) === 1 ? 'added' : 'removed'
      const maxLagMs = policy.maxLagMs({ id, kind })
      const lagMs = syncAtMs === null ? null : ageOf(`${tenant}/${id}`, syncAtMs)
      const isLagExceeded = maxLagMs !== undefined && (lagMs === null || lagMs > maxLagMs)
      const restore = restored.get(id)
      const isServed = connection !== 'removed' && !isLagExceeded && restore === undefined
      const more = { ...(maxLagMs === undefined ? {} : { maxLagMs }), ...(restore === undefined ? {} : { restore }) }
      return { id, kind, connection, ...more, lastSyncAtMs: syncAtMs, lagMs, isLagExceeded, isServed }
    })
  }
  return {
    standings,
    ids: async (tenant) => (await standings(tenant)).filter(({ isServed }) => isServed).map(({ id }) => id),
  }
}

interface Sighting {
  readonly syncAtMs: number
  readonly ageMs: number
  /** On the monotonic clock. */
  readonly seenAtMs: number
}

/**
 * A clock that is set back makes a sync look younger. What has passed on the monotonic clock since this process first saw the
 * sync is certain, so the age is at least that; where the wall clock says more (the machine slept), it counts.
 */
function createAgeWatch(clock: Clock): (source: string, syncAtMs: number) => number | null {
  const sightings = new Map<string, Sighting>()
  return (source, syncAtMs) => {
    const wallAgeMs = clock.now() - syncAtMs
    if (wallAgeMs < -CLOCK_DIFFERENCE_MS) return null
    const before = sightings.get(source)
    const seen = before?.syncAtMs === syncAtMs ? before : { syncAtMs, ageMs: Math.max(0, wallAgeMs), seenAtMs: clock.elapsed() }
    sightings.set(source, seen)
    return Math.max(wallAgeMs, seen.ageMs + (clock.elapsed() - seen.seenAtMs))
  }
}
