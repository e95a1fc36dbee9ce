/** Names releases by their content and says which one serves a feature. Knows nothing of rollout or storage. */
import type { ReleaseId } from '../../contracts/identity.ts'
import type { Release, ReleaseManifest, ReleaseResolver } from '../../contracts/release.ts'
import { TouchstoneError } from '../../foundation/errors/touchstone-error.ts'
import { canonicalJson, contentHash } from '../../foundation/hashing/content-hash.ts'

/**
 * The id of a release: 32 hex digits of SHA-256 over the manifest as JSON with sorted keys.
 * The order of keys does not matter; every other difference gives another id.
 */
export function hashManifest(manifest: ReleaseManifest): ReleaseId {
  return contentHash(canonicalJson(manifest)) as ReleaseId
}

/**
 * One release per feature, as configured at start. Manifests are copied, so that none changes under its id.
 * `resolve` throws FEATURE_UNKNOWN with the known features. Of two manifests of one feature the later serves.
 */
export function createStaticReleaseResolver(manifests: Iterable<ReleaseManifest>): ReleaseResolver {
  const releases = new Map<string, Release>()
  for (const manifest of manifests) {
    releases.set(manifest.feature, { id: hashManifest(manifest), manifest: structuredClone(manifest) })
  }
  return {
    resolve: async (feature) => {
      const release = releases.get(feature)
      if (!release) throw new TouchstoneError('FEATURE_UNKNOWN', { details: { feature, known: [...releases.keys()] } })
      return release
    },
  }
}
