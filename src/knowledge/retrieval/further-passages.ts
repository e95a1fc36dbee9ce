/** What comes behind the passages that a question is answered from, for measuring rankings to their depth. Knows the second lock; reranks nothing. */
import type { Asker } from '../../contracts/asker.ts'
import type { Passage } from '../../contracts/document.ts'
import type { IndexHit } from '../../contracts/document-index.ts'
import { confirmPassages, type LockParts } from './second-lock.ts'

/** How far the pipeline went for one question. */
export interface RankedSoFar {
  /** What is handed on, best first. */
  readonly passages: readonly Passage[]
  /** What the rerankers saw, best first. */
  readonly reranked: readonly Passage[]
  /** What the first stage gave, best first. */
  readonly candidates: readonly IndexHit[]
}

/**
 * First the rest of what was reranked, then the first stage's candidates in their order, then those that it gives when it is
 * asked for `depth`. The first stage is asked again so that the passages are exactly those that people get.
 * @param collect the first stage, asked for a number of candidates
 * @returns scores descend below those of the passages and mean nothing else
 */
export async function findFurther(
  { passages, reranked, candidates }: RankedSoFar,
  depth: number,
  collect: (limit: number) => Promise<readonly IndexHit[]>,
  asker: Asker,
  parts: LockParts,
  signal: AbortSignal,
): Promise<readonly Passage[]> {
  const seen = new Set(reranked.map(({ chunk }) => chunk as string))
  const deeper = candidates.length < depth ? await collect(depth) : []
  const rest = [...candidates, ...deeper].filter(({ id }) => !seen.has(id) && seen.add(id))
  const confirmed = await confirmPassages(rest, Math.max(0, depth - reranked.length), asker, parts, signal)
  const handedOn = new Set(passages.map(({ chunk }) => chunk))
  const behind = [...reranked.filter(({ chunk }) => !handedOn.has(chunk)), ...confirmed.passages]
  const lowest = Math.min(...passages.map(({ score }) => score), 1)
  return behind.map((passage, place) => ({ ...passage, score: lowest - (place + 1) / behind.length }))
}
