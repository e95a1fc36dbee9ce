/** Release manifests in the state: immutable, by their hash. */
import type { Release } from '../../contracts/release.ts'
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
