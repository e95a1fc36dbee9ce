/** The passages that stand on top because the feature pins their documents. Knows both permission locks; knows nothing of which questions pin. */
import type { Asker } from '../../contracts/asker.ts'
import type { Passage } from '../../contracts/document.ts'
import type { IndexFilter, IndexHit } from '../../contracts/document-index.ts'
import type { DocumentId } from '../../contracts/identity.ts'
import type { AnalysedQuery, Retriever } from '../../contracts/retrieval.ts'
import { rescored } from './explanation.ts'
import { confirmPassages, type LockParts } from './second-lock.ts'

export interface PinnedParts extends LockParts {
  readonly retrievers: { readonly chunks: Retriever }
  /** Chunks of documents, ascending by ordinal, inside the filter. */
  readonly chunksOf: (documents: readonly DocumentId[], filter: IndexFilter) => Promise<readonly IndexHit[]>
}

const MOST_CHUNKS = 100

/** Of each document that the asker may read and the filter admits, the passage that suits the question best, else its first. */
export async function findPinned(
  documents: readonly DocumentId[],
  query: AnalysedQuery,
  filter: IndexFilter,
  asker: Asker,
  parts: PinnedParts,
  signal: AbortSignal,
): Promise<readonly Passage[]> {
  const admitted = filter.documents === undefined ? documents : documents.filter((id) => filter.documents?.includes(id))
  if (admitted.length === 0) return []
  const within = { ...filter, documents: admitted }
  const suiting = await parts.retrievers.chunks.retrieve(query, within, MOST_CHUNKS, signal)
  const silent = admitted.filter((id) => !suiting.some(({ document }) => document === id))
  const opening = silent.length === 0 ? [] : await parts.chunksOf(silent, within)
  const candidates = [...suiting, ...opening]
  const { passages } = await confirmPassages(candidates, candidates.length, asker, parts, signal)
  return admitted.flatMap((id) => passages.find(({ document }) => document === id) ?? [])
}

/** @param ranked by descending score, the best at 1 @returns the pinned first, each as good as the best */
export function putPinnedFirst(
  pinned: readonly Passage[],
  ranked: readonly Passage[],
  wanted: number,
  explain: boolean,
): readonly Passage[] {
  if (pinned.length === 0) return ranked
  const unranked = explain ? { contributions: [], features: {} } : {}
  const first = pinned.map((passage) => {
    const found = ranked.find(({ chunk }) => chunk === passage.chunk) ?? { ...passage, ...unranked, score: 0 }
    return rescored(found, 1, () => [{ name: 'curated', value: 1, contribution: 1 - found.score }])
  })
  const others = ranked.filter(({ chunk }) => !pinned.some((passage) => passage.chunk === chunk))
  return [...first, ...others].slice(0, wanted)
}
