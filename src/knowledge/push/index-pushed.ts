/** Brings what was pushed into the index, many documents a run. Knows which wait; how a run works is the ingestion's business. */
import { createPushedContents, pendingPaths } from '../../foundation/storage/pushed-repository.ts'
import { ingestDocuments } from '../ingest-documents.ts'
import type { IngestParts, IngestSource } from '../ingestion/ingest-parts.ts'

/** Documents of one run: enough to share its costs, few enough that the first are searchable soon. */
const RUN_DOCUMENTS = 2_000

/**
 * The caller holds the lease.
 * @returns whether some still wait, pushed meanwhile or changed while they were read
 * @throws as ingestDocuments
 */
export async function indexPushed(sources: readonly IngestSource[], parts: IngestParts, signal: AbortSignal): Promise<boolean> {
  const pushed = createPushedContents(parts.state, parts.tenant)
  let waiting = false
  for (const { id, kind, isKeptInState = false } of sources) {
    if (!isKeptInState) continue
    const only = await pendingPaths(parts.state, parts.tenant, id, RUN_DOCUMENTS)
    if (only.length === 0) continue
    const connector = {
      list: async function* () {
        yield* await pushed.items(id, only)
      },
      fetch: pushed.bytes.bind(undefined, id),
    }
    await ingestDocuments({ source: { id, kind, isKeptInState, connector }, only, onProgress: () => {}, signal }, parts)
    waiting ||= (await pendingPaths(parts.state, parts.tenant, id, 1)).length > 0
  }
  return waiting
}
