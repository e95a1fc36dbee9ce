/** From wordings to candidates: the lists of chunks and of documents, fused. Knows which lists there are and what each counts; confirms and reorders nothing. */
import type { IndexFilter, IndexHit } from '../../contracts/document-index.ts'
import type { RetrievalSettings } from '../../contracts/release.ts'
import type { AnalysedQuery, Retriever } from '../../contracts/retrieval.ts'
import type { ExplainedList } from './explanation.ts'
import { fuseLevels, mergeWordings, type WeightedList } from './fusion.ts'
import { constrainedFilter, type MetadataConstraints } from './query/metadata-constraints.ts'
import type { FirstStage } from './retrievers/catalog.ts'

/** What the question was before it was rewritten counts less: it may lack its subject. */
const VARIANT_WEIGHT = 0.7

export interface Candidates {
  readonly hits: readonly IndexHit[]
  /** What they were fused from. */
  readonly lists: readonly ExplainedList[]
}

export interface Search {
  /** The question's first. */
  readonly wordings: readonly AnalysedQuery[]
  /** `undefined` where nothing can be admitted. */
  readonly filter: IndexFilter | undefined
  readonly constraints: MetadataConstraints
}

/** @param limit hits of each list, 1..1000 @returns hits by descending score, ties by ascending chunk id; none without a filter @throws TouchstoneError INDEX_UNAVAILABLE */
export async function findCandidates(
  search: Search,
  limit: number,
  { documentWeight }: RetrievalSettings,
  retrievers: FirstStage,
  signal: AbortSignal,
): Promise<Candidates> {
  if (search.filter === undefined) return { hits: [], lists: [] }
  const [chunks, documents] = await Promise.all([
    searchWordings(retrievers.chunks, search, search.filter, limit, signal),
    documentWeight > 0 ? searchWordings(retrievers.documents, search, search.filter, limit, signal) : [],
  ])
  return {
    hits: fuseLevels(mergeWordings(chunks), mergeWordings(documents), documentWeight),
    lists: [
      { name: retrievers.chunks.id, level: 'chunks', share: 1 - documentWeight, wordings: chunks },
      { name: retrievers.documents.id, level: 'documents', share: documentWeight, wordings: documents },
    ],
  }
}

/** A list for each wording; and one of the place that the question names, so that others cannot crowd it out. */
async function searchWordings(
  retriever: Retriever,
  { wordings, constraints }: Search,
  filter: IndexFilter,
  limit: number,
  signal: AbortSignal,
): Promise<readonly WeightedList[]> {
  const named = constrainedFilter(filter, constraints)
  const [question] = wordings
  const list = async (query: AnalysedQuery, within: IndexFilter, facts: Omit<WeightedList, 'hits'>): Promise<WeightedList> => ({
    ...facts,
    hits: await retriever.retrieve(query, within, limit, signal),
  })
  return Promise.all([
    ...wordings.map((wording, position) => list(wording, filter, { weight: wordingWeight(position) })),
    ...(named === undefined || question === undefined
      ? []
      : [list(question, named, { weight: VARIANT_WEIGHT, label: 'constrained' })]),
  ])
}

/** What a wording counts beside the others, in (0, 1]. @param position 0 is the question's */
export function wordingWeight(position: number): number {
  return position === 0 ? 1 : VARIANT_WEIGHT
}
