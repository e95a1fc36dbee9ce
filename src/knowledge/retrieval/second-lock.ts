/** The second lock: turns candidates into passages only after asking the state again. Knows nothing of how candidates were found. */
import type { AccessControl, Asker } from '../../contracts/asker.ts'
import type { Passage } from '../../contracts/document.ts'
import type { IndexHit } from '../../contracts/document-index.ts'
import type { DocumentReader, DocumentWithText } from '../../contracts/document-store.ts'
import type { DocumentId } from '../../contracts/identity.ts'
import { decodePlace } from '../document-place.ts'
import { opensWithReplacement } from './rerankers/superseded.ts'

export interface LockParts {
  readonly documents: DocumentReader
  readonly access: AccessControl
}

export interface ConfirmedPassages {
  readonly passages: readonly Passage[]
  /** Candidates dropped: not readable now, no longer the current version, or outside its text. */
  readonly withheld: number
}

/**
 * The first `wanted` candidates that the asker may read now and that still say what the index says, in their order.
 * Reads in batches as large as what is still wanted, so that nothing dropped means one look at the state.
 */
export async function confirmPassages(
  candidates: readonly IndexHit[],
  wanted: number,
  asker: Asker,
  parts: LockParts,
  signal: AbortSignal,
): Promise<ConfirmedPassages> {
  const passages: Passage[] = []
  let withheld = 0
  for (let next = 0; next < candidates.length && passages.length < wanted;) {
    const batch = candidates.slice(next, next + wanted - passages.length)
    next += batch.length
    const readable = await readDocuments(batch, asker, parts)
    signal.throwIfAborted()
    for (const hit of batch) {
      const passage = toPassage(hit, readable.get(hit.document))
      if (passage) passages.push(passage)
      else withheld++
    }
  }
  return { passages, withheld }
}

/**
 * Decides after it has loaded, so that a permission taken away in between counts. What was loaded must itself have lain where the
 * asker reads: a confidential version that another process replaces by an open one in between is not read for it.
 */
async function readDocuments(
  batch: readonly IndexHit[],
  asker: Asker,
  { documents, access }: LockParts,
): Promise<ReadonlyMap<DocumentId, DocumentWithText>> {
  const wanted = [...new Set(batch.map(({ document }) => document))]
  const loaded = await documents.load(asker.tenant, wanted)
  const readable = await access.readableNow(asker, [...loaded.keys()])
  return new Map([...loaded].filter(([id, { document }]) => readable.has(id) && includesScope(asker, document.scope)))
}

/** The asker's scopes are sorted, and may be tens of thousands. */
function includesScope({ readable: { ids } }: Asker, scope: number): boolean {
  let [low, high] = [0, ids.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((ids[middle] ?? 0) < scope) low = middle + 1
    else high = middle
  }
  return ids[low] === scope
}

function toPassage(hit: IndexHit, found: DocumentWithText | undefined): Passage | undefined {
  if (found === undefined || found.document.version !== hit.version) return undefined
  if (hit.start < 0 || hit.end > found.text.length || hit.start >= hit.end) return undefined
  const { title, path, source, language, metadata, modifiedAtMs } = found.document
  const place = decodePlace(hit.place)
  return {
    chunk: hit.id,
    document: hit.document,
    version: hit.version,
    title,
    path,
    source,
    language,
    headingPath: hit.headingPath === '' ? [] : hit.headingPath.split('\u001f'),
    start: hit.start,
    end: hit.end,
    text: found.text.slice(hit.start, hit.end),
    ...(place === undefined ? {} : { place }),
    metadata,
    modifiedAtMs,
    ...(opensWithReplacement(found.text) ? { replaced: true } : {}),
    score: hit.score,
    ...(hit.firstStage === undefined ? {} : { firstStage: hit.firstStage }),
  }
}
