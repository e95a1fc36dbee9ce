/** Which of the ranked passages are handed on, so that one long document does not crowd out the others. Knows scores and documents only. */
import type { Passage } from '../../contracts/document.ts'
import { madeRoomFor, scaleContributions } from './explanation.ts'

/** Passages of one document before others get their turn. */
const MOST_OF_ONE_DOCUMENT = 4
/** What another document's passage must score, as a share of the best, to be preferred to a fifth passage of the same one. */
const QUALIFYING_SHARE = 0.25

/** @returns the selection by descending score, ties by ascending chunk id, with scores relative to the best in [0, 1] */
export function selectPassages(ranked: readonly Passage[], wanted: number): readonly Passage[] {
  const ordered = ranked.toSorted(byScoreThenChunk)
  const best = ordered[0]?.score ?? 0
  const taken = new Map<string, number>()
  const first: Passage[] = []
  const later: Passage[] = []
  for (const passage of ordered) {
    const already = taken.get(passage.document) ?? 0
    taken.set(passage.document, already + 1)
    const qualifies = already < MOST_OF_ONE_DOCUMENT && passage.score >= best * QUALIFYING_SHARE
    ;(qualifies ? first : later).push(passage)
  }
  const chosen = [...first, ...later].slice(0, wanted)
  const bestLeft = [...first, ...later].slice(wanted).reduce((most, { score }) => Math.max(most, score), 0)
  return chosen.sort(byScoreThenChunk).map((passage) => {
    const score = best > 0 ? Math.min(1, Math.max(0, passage.score / best)) : 0
    return { ...madeRoomFor(scaleContributions(passage, best), passage.score < bestLeft), score }
  })
}

/** The order of passages everywhere: descending score, ties by ascending chunk id. */
export function byScoreThenChunk(left: Passage, right: Passage): number {
  return right.score - left.score || (left.chunk < right.chunk ? -1 : left.chunk > right.chunk ? 1 : 0)
}
