/** Which documents come behind those of the passages, for measuring rankings to their depth. Knows who may read; loads no text. */
import type { AccessControl, Asker } from '../../contracts/asker.ts'
import type { Passage } from '../../contracts/document.ts'
import type { IndexHit } from '../../contracts/document-index.ts'
import type { DocumentId } from '../../contracts/identity.ts'

/** How far the pipeline went for one question. */
export interface RankedSoFar {
  /** What the rerankers saw and left, best first. */
  readonly reranked: readonly Passage[]
  /** What the first stage gave, best first. */
  readonly candidates: readonly IndexHit[]
}

/**
 * First what was reranked and is not handed on, then the first stage's candidates in their order, then those that it gives when
 * it is asked for `depth`. The first stage is asked again so that the passages are exactly those that people get.
 * @param collect the first stage, asked for a number of candidates
 * @returns documents that the asker may read now, without those of the passages
 */
export async function findFurther(
  passages: readonly Passage[],
  { reranked, candidates }: RankedSoFar,
  depth: number,
  collect: (limit: number) => Promise<readonly IndexHit[]>,
  asker: Asker,
  access: AccessControl,
): Promise<readonly DocumentId[]> {
  const deeper = candidates.length < depth ? await collect(depth) : []
  const behind = new Set([...reranked, ...candidates, ...deeper].map(({ document }) => document))
  for (const { document } of passages) behind.delete(document)
  const readable = await access.readableNow(asker, [...behind])
  return [...behind].filter((document) => readable.has(document))
}
