/** Indexes that nobody can come back to any more, and the room they take. Knows who may need one; knows nothing of its content. */
import { listIndexes, removeIndex } from '../../foundation/storage/live-indexes.ts'
import { pinnedReleases } from '../../foundation/storage/release-repository.ts'
import { indexName } from '../../knowledge/document-index/following-index.ts'
import type { Foundation, Knowledge } from '../composition.ts'
import { takeIngestLease } from '../ingest-lease.ts'
import { summariseIndexes } from './index-summary.ts'

/** Queries that began on the one before have long ended. */
const LEFT_FOR_MS = 60_000

type CollectParts = Pick<Foundation, 'state' | 'tenant' | 'clock'>

/** Those that neither serve, nor served last, nor are built, nor are pinned by a release get no change from now on. @returns their names */
export async function retireIndexes({ state, tenant }: CollectParts): Promise<readonly string[]> {
  const pinned = await pinnedReleases(state, tenant)
  const needless = (await listIndexes(state, tenant)).filter(({ name, role }) => role === 'kept' && !pinned.has(name))
  for (const { name } of needless) await removeIndex(state, tenant, name)
  return needless.map(({ name }) => name)
}

/**
 * Removes what the engine holds and the state does not name: retired indexes, and those that a rebuild or a restore replaced.
 * The caller holds the ingest lease. @returns what was removed, as the engine calls it; nothing while queries may be under way there
 */
export async function discardRetired(
  { state, tenant, clock }: CollectParts,
  { engine }: Pick<Knowledge, 'engine'>,
): Promise<readonly string[]> {
  // Read before the state: an index is named there before it is made.
  const present = await engine.definitions(tenant)
  const live = await listIndexes(state, tenant)
  if (clock.now() - Math.max(...live.map(({ sinceMs }) => sinceMs)) < LEFT_FOR_MS) return []
  const named = new Set(live.map(({ name, epoch }) => indexName(name, epoch)))
  const needless = present.filter((name) => !named.has(name))
  for (const name of needless) await engine.discard(tenant, name)
  return needless
}

export interface PruneReport {
  readonly retired: readonly string[]
  /** The room that was freed. */
  readonly freedBytes: number
  /** Whether files stay a moment longer, since queries may still be under way there. */
  readonly later: boolean
}

/** @throws TouchstoneError INGEST_RUNNING */
export async function pruneIndexes(foundation: Foundation, knowledge: Knowledge): Promise<PruneReport> {
  const lease = await takeIngestLease(foundation.store, foundation.tenant, foundation)
  try {
    const before = await summariseIndexes(foundation, knowledge)
    const retired = await retireIndexes(foundation)
    const discarded = await discardRetired(foundation, knowledge)
    const freed = before.filter(({ index }) => retired.includes(index))
    const isGone = (index: string): boolean => discarded.some((name) => name.startsWith(index))
    return {
      retired: [...new Set([...retired, ...discarded])],
      freedBytes: freed.filter(({ index }) => isGone(index)).reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
      later: freed.some(({ index }) => !isGone(index)),
    }
  } finally {
    await lease.release()
  }
}
