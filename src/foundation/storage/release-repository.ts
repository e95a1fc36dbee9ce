/** Release manifests in the state: immutable, by their hash; and which of them must be able to run again. */
import type { Release, ReleaseManifest } from '../../contracts/release.ts'
import type { StateDatabase } from './state-schema.ts'

/** Remembers a release for ever, so that an old answer's release can still be read. */
export async function putRelease(db: StateDatabase, tenant: string, release: Release, nowMs: number): Promise<void> {
  await db
    .insertInto('releases')
    .values({
      tenant,
      id: release.id,
      feature: release.manifest.feature,
      manifest: JSON.stringify(release.manifest),
      created_at: nowMs,
    })
    .onConflict((conflict) => conflict.columns(['tenant', 'id']).doNothing())
    .execute()
}

/** Releases whose index is kept, by the name of its definition. */
export async function pinnedReleases(db: StateDatabase, tenant: string): Promise<ReadonlyMap<string, readonly Release['id'][]>> {
  const rows = await db
    .selectFrom('releases')
    .select(['id', 'manifest'])
    .where('tenant', '=', tenant)
    .where('pinned', '=', 1)
    .execute()
  const byIndex = Map.groupBy(rows, ({ manifest }) => (JSON.parse(manifest) as ReleaseManifest).indexDefinition)
  return new Map([...byIndex].map(([name, releases]) => [name, releases.map(({ id }) => id as Release['id'])]))
}

/** @param release its id, or how it begins @returns the ids that begin so: unless it is just one, nothing was changed */
export async function pinRelease(
  db: StateDatabase,
  tenant: string,
  release: string,
  pinned: boolean,
): Promise<readonly string[]> {
  const rows = await db.selectFrom('releases').select('id').where('tenant', '=', tenant).execute()
  const found = rows.map(({ id }) => id).filter((id) => id.startsWith(release))
  const [id, ...others] = found
  if (id === undefined || others.length > 0) return found
  await db
    .updateTable('releases')
    .set({ pinned: pinned ? 1 : 0 })
    .where('tenant', '=', tenant)
    .where('id', '=', id)
    .execute()
  return found
}
