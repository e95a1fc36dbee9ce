/** From wordings to candidates: the lists of chunks, of documents and by meaning, fused. Knows which lists there are and what each counts; confirms and reorders nothing. */
import type { IndexFilter, IndexHit } from '../../contracts/document-index.ts'
import type { RetrievalSettings } from '../../contracts/release.ts'
import type { AnalysedQuery, Retriever } from '../../contracts/retrieval.ts'
import type { TouchstoneError } from '../../foundation/errors/touchstone-error.ts'
import type { ExplainedList } from './explanation.ts'
import { fuseLevels, fuseWithDense, mergeWordings, rowOf, type WeightedList } from './fusion.ts'
import { constrainedFilter, type MetadataConstraints } from './query/metadata-constraints.ts'
import type { FirstStage } from './retrievers/catalog.ts'
import { defaultDenseWeight, type DenseRetriever } from './retrievers/dense-chunks.ts'

/** What the question was before it was rewritten counts less: it may lack its subject. */
const VARIANT_WEIGHT = 0.7

export interface Candidates {
  readonly hits: readonly IndexHit[]
  /** What they were fused from. */
  readonly lists: readonly ExplainedList[]
  /** What was not done as it should be. */
  readonly notices: readonly TouchstoneError[]
  /**
   * The same with words counting as much as they can tell of the question, in [0, 1]. Absent where words alone find: there is nothing
   * else to count then.
   */
  readonly withWordReach?: (reach: number) => Candidates
}

export interface Search {
  /** The question's first. Those without terms are searched by meaning alone. */
  readonly wordings: readonly AnalysedQuery[]
  /** `undefined` where nothing can be admitted. */
  readonly filter: IndexFilter | undefined
  readonly constraints: MetadataConstraints
}

/** @param limit hits of each list, 1..1000 @returns hits by descending score, ties by ascending chunk id; none without a filter @throws TouchstoneError INDEX_UNAVAILABLE */
export async function findCandidates(
  search: Search,
  limit: number,
  settings: RetrievalSettings,
  retrievers: FirstStage,
  signal: AbortSignal,
): Promise<Candidates> {
  const { filter, wordings } = search
  if (filter === undefined) return { hits: [], lists: [], notices: [] }
  const dense = denseRetriever(retrievers, settings)
  const [chunks, documents, meaning] = await Promise.all([
    searchWordings(retrievers.chunks, search, filter, limit, signal),
    settings.documentWeight > 0 ? searchWordings(retrievers.documents, search, filter, limit, signal) : [],
    dense === undefined ? NO_MEANING : searchMeaning(dense, wordings, filter, limit, signal),
  ])
  return fuseCandidates({ chunks, documents, meaning }, settings, retrievers, 1)
}

interface FoundLists {
  readonly chunks: readonly WeightedList[]
  readonly documents: readonly WeightedList[]
  readonly meaning: Meaning
}

function fuseCandidates(found: FoundLists, settings: RetrievalSettings, retrievers: FirstStage, reach: number): Candidates {
  const { lists, reordersOnly, notices } = found.meaning
  const [byChunk, byDocument] = [mergeWordings(found.chunks), mergeWordings(found.documents)]
  const byMeaning = mergeWordings(reordersOnly ? foundBy(byChunk, lists) : lists)
  // Nothing by meaning, for whatever reason: then words decide alone, and scores are theirs.
  const standing = byMeaning.length > 0 ? (settings.denseWeight ?? defaultDenseWeight(reordersOnly)) : 0
  const weights = { documentWeight: settings.documentWeight, denseWeight: besideWords(standing, reach) }
  const hits =
    weights.denseWeight > 0
      ? fuseWithDense(byChunk, byDocument, byMeaning, weights)
      : fuseLevels(byChunk, byDocument, settings.documentWeight)
  const withWordReach = (less: number): Candidates => fuseCandidates(found, settings, retrievers, less)
  return {
    hits,
    lists: explainLists(retrievers, { ...found, meaning: lists }, weights),
    notices,
    ...(weights.denseWeight > 0 && !reordersOnly ? { withWordReach } : {}),
  }
}

/** The weight of meaning where words count the share `reach` of theirs: the two are one together again. */
function besideWords(denseWeight: number, reach: number): number {
  return denseWeight === 0 ? 0 : denseWeight / (denseWeight + (1 - denseWeight) * reach)
}

/** Whether meaning is searched at all. */
export function denseRetriever({ dense }: FirstStage, { denseWeight }: RetrievalSettings): DenseRetriever | undefined {
  return denseWeight === 0 ? undefined : dense
}

/** Without any, only a wording's meaning can be searched for. */
export function hasTerms({ terms, corrected = [] }: AnalysedQuery): boolean {
  return terms.length + corrected.length > 0
}

function explainLists(
  { chunks, documents, dense }: FirstStage,
  found: Readonly<Record<'chunks' | 'documents' | 'meaning', readonly WeightedList[]>>,
  { documentWeight, denseWeight }: { readonly documentWeight: number; readonly denseWeight: number },
): readonly ExplainedList[] {
  const words = 1 - denseWeight
  const byWords: readonly ExplainedList[] = [
    { name: chunks.id, level: 'chunks', share: words * (1 - documentWeight), wordings: found.chunks },
    { name: documents.id, level: 'documents', share: words * documentWeight, wordings: found.documents },
  ]
  if (dense === undefined || denseWeight === 0) return byWords
  return [...byWords, { name: dense.id, level: 'chunks', share: denseWeight, wordings: found.meaning }]
}

interface Meaning {
  readonly lists: readonly WeightedList[]
  readonly reordersOnly: boolean
  readonly notices: readonly TouchstoneError[]
}

const NO_MEANING: Meaning = { lists: [], reordersOnly: true, notices: [] }

async function searchMeaning(
  retriever: DenseRetriever,
  wordings: readonly AnalysedQuery[],
  filter: IndexFilter,
  limit: number,
  signal: AbortSignal,
): Promise<Meaning> {
  const found = await Promise.all(wordings.map((wording) => retriever.retrieve(wording, filter, limit, signal)))
  return {
    lists: found.map(({ hits }, position) => ({ weight: wordingWeight(position), hits })),
    reordersOnly: found.every(({ reordersOnly }) => reordersOnly === true),
    notices: found.flatMap(({ notice }) => notice ?? []).slice(0, 1),
  }
}

function foundBy(words: readonly IndexHit[], lists: readonly WeightedList[]): readonly WeightedList[] {
  const found = new Set(words.map(rowOf))
  return lists.map((list) => ({ ...list, hits: list.hits.filter((hit) => found.has(rowOf(hit))) }))
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
  const question = wordings.find(hasTerms)
  const list = async (query: AnalysedQuery, within: IndexFilter, facts: Omit<WeightedList, 'hits'>): Promise<WeightedList> => ({
    ...facts,
    hits: hasTerms(query) ? await retriever.retrieve(query, within, limit, signal) : [],
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
