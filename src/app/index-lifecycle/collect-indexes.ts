/** Indexes that nobody can come back to any more, and the room they take. Knows who may need one; knows nothing of its content. */
import { listIndexes, removeIndex } from '../../foundation/storage/live-indexes.ts'
import { pinnedReleases } from '../../foundation/storage/release-repository.ts'
import { indexName } from '../../knowledge/document-index/following-index.ts'
import type { Foundation, Knowledge } from '../composition.ts'

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
