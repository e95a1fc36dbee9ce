/** Makes one ranking of several lists. Knows scores and ids only. */
import type { IndexHit } from '../../contracts/document-index.ts'
import type { DocumentId } from '../../contracts/identity.ts'
import type { RetrievedHit } from '../../contracts/retrieval.ts'

/** A list and how much it counts, in [0, 1]; its scores are shares of its best, in [0, 1]. */
export interface WeightedList {
  readonly weight: number
  /** What it is called in an explanation, where it is not a wording. */
  readonly label?: string
  readonly hits: readonly RetrievedHit[]
}

/**
 * One list from the lists of several wordings of the same question: a row counts its best weighted score.
 * The best rather than the sum: wordings repeat each other, and a row must not gain from a question being put twice.
 */
export function mergeWordings(lists: readonly WeightedList[]): readonly IndexHit[] {
  const best = new Map<string, IndexHit>()
  for (const { weight, hits } of lists) {
    for (const hit of hits) {
      const score = hit.score * weight
      const row = rowOf(hit)
      if (score > (best.get(row)?.score ?? -1)) best.set(row, { ...hit, score })
    }
  }
  return [...best.values()].sort(byScoreThenId)
}

/**
 * Convex combination: (1 - w) * the chunk's score + w * its document's score; a document that was not found counts 0.
 * Source: Bruch, Gai, Ingber 2023 (arXiv 2210.11934): with scores over a common bound it beats reciprocal rank fusion.
 * @param documentWeight w, in [0, 1]
 */
export function fuseLevels(
  chunks: readonly IndexHit[],
  documents: readonly IndexHit[],
  documentWeight: number,
): readonly IndexHit[] {
  const documentScores = scoresByDocument(documents)
  return chunks
    .map((hit) => {
      const firstStage = { chunk: hit.score, document: documentScores.get(hit.document) ?? 0 }
      return { ...hit, score: (1 - documentWeight) * firstStage.chunk + documentWeight * firstStage.document, firstStage }
    })
    .sort(byScoreThenId)
}

/**
 * The same with a list by meaning: (1 - w) * the score by words + w * the share by meaning, over whatever either list found; what a list
 * did not find counts 0 there, a chunk found by meaning alone still counts its document's score.
 * @param denseWeight w, in [0, 1]
 */
export function fuseWithDense(
  chunks: readonly IndexHit[],
  documents: readonly IndexHit[],
  dense: readonly IndexHit[],
  { documentWeight, denseWeight }: { readonly documentWeight: number; readonly denseWeight: number },
): readonly IndexHit[] {
  const shares = new Map(dense.map((hit) => [rowOf(hit), hit.score]))
  const found = new Set(chunks.map(rowOf))
  const unfound = dense.filter((hit) => !found.has(rowOf(hit))).map((hit) => ({ ...hit, score: 0 }))
  return fuseLevels([...chunks, ...unfound], documents, documentWeight)
    .map((hit) => ({ ...hit, score: (1 - denseWeight) * hit.score + denseWeight * (shares.get(rowOf(hit)) ?? 0) }))
    .sort(byScoreThenId)
}

/** A document may stand in the index in two versions while it is being replaced. */
export function rowOf({ id, version }: Pick<IndexHit, 'id' | 'version'>): string {
  return `${id}\n${version}`
}

/** Descending score, ties by ascending id, then by ascending version: the order of every list in retrieval. */
export function byScoreThenId(left: IndexHit, right: IndexHit): number {
  return right.score - left.score || compare(left.id, right.id) || compare(left.version, right.version)
}

function scoresByDocument(documents: readonly IndexHit[]): ReadonlyMap<DocumentId, number> {
  const scores = new Map<DocumentId, number>()
  for (const { document, score } of documents) scores.set(document, Math.max(score, scores.get(document) ?? 0))
  return scores
}

function compare(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0
}
