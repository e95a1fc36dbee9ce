/** From scores of rows to the best hits that may be read. Knows rows and scopes; knows nothing of where scores come from. */
import type { IndexHit } from '../../contracts/document-index.ts'
import type { AdmittedScopes } from '../../foundation/storage/index-shape.ts'
import type { PinnedReader } from './pinned-reader.ts'
import { bestRows, type ScoredRows } from './row-scores.ts'

export interface BestHits {
  readonly reader: PinnedReader
  readonly readable: AdmittedScopes
  readonly limit: number
  /** What a hit scores at least. */
  readonly least: number
  readonly signal: AbortSignal | undefined
}

/** By descending score, ties by ascending id. */
export async function bestHits(
  scored: ScoredRows,
  { reader, readable, limit, least, signal }: BestHits,
): Promise<readonly IndexHit[]> {
  const best = bestRows(scored, limit)
  const hits = await reader.hits([...best.keys()])
  signal?.throwIfAborted()
  const found: IndexHit[] = []
  for (const [row, hit] of hits) {
    // Checked on the row itself, whatever was searched: this is the promise that the filter is never widened.
    if (readable.has(hit.scope)) found.push({ ...hit, score: Math.max(least, best.get(row) ?? 0) })
  }
  return found.sort(byScoreThenId).slice(0, limit)
}

function byScoreThenId(left: IndexHit, right: IndexHit): number {
  return right.score - left.score || (left.id < right.id ? -1 : left.id > right.id ? 1 : 0)
}
