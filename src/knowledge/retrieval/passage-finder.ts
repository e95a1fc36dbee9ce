/** From a question to passages that the asker may read. Knows the order of the steps and both permission locks; knows no engine and no ranking formula. */
import type { AccessControl, Asker } from '../../contracts/asker.ts'
import type { Passage } from '../../contracts/document.ts'
import type { IndexFilter, IndexHit } from '../../contracts/document-index.ts'
import type { DocumentReader } from '../../contracts/document-store.ts'
import type { RetrievalSettings } from '../../contracts/release.ts'
import type { AnalysedQuery, PassageFinder, Reranker, RetrievalQuestion, Retriever } from '../../contracts/retrieval.ts'
import { TouchstoneError } from '../../foundation/errors/touchstone-error.ts'
import { findFurther } from './further-documents.ts'
import { fuseLevels, fuseWithDense, mergeWordings } from './fusion.ts'
import { selectPassages } from './passage-selection.ts'
import type { FirstStage } from './retrievers/catalog.ts'
import { confirmPassages } from './second-lock.ts'

export interface PassageFinderParts {
  readonly retrievers: FirstStage
  /** By id; the settings name those that run, in order. */
  readonly rerankers: ReadonlyMap<string, Reranker>
  readonly documents: DocumentReader
  readonly access: AccessControl
  /** @param languages of the tenant's documents, most frequent first */
  readonly analyse: (text: string, languages: readonly string[]) => AnalysedQuery
}

/** What the question was before it was rewritten counts less: it may lack its subject. */
const VARIANT_WEIGHT = 0.7
/** Rerankers see more than is wanted, so that they can bring something up. */
const POOL_FACTOR = 2
const MOST_CANDIDATES = 1_000

/** @throws TouchstoneError CONFIG_INVALID when the settings name an unknown reranker, INDEX_UNAVAILABLE */
export function createPassageFinder(parts: PassageFinderParts): PassageFinder {
  return {
    async find(question, asker, settings, signal) {
      const wanted = question.limit ?? settings.passages
      const rerankers = settings.rerankers.map((id) => rerankerNamed(id, parts.rerankers))
      const [wordings, filter, searched] = await Promise.all([
        analyseWordings(question, asker, parts),
        resolveFilter(question, asker, parts),
        parts.documents.countReadable(asker.tenant, asker.readable.ids),
      ])
      signal.throwIfAborted()
      const collect = (limit: number): Promise<Candidates> =>
        findCandidates(wordings, filter, Math.min(MOST_CANDIDATES, limit), settings, parts, signal)
      const { hits: candidates, notices } = await collect(Math.max(settings.candidates, wanted))
      const confirmed = await confirmPassages(candidates, wanted * POOL_FACTOR, asker, parts, signal)
      const reranked = await rerank(confirmed.passages, wordings.find(hasTerms), rerankers, signal)
      const said = notices.length === 0 ? {} : { notices: notices.map(({ code, message }) => ({ code, message })) }
      const found = { passages: selectPassages(reranked, wanted), searched, withheld: confirmed.withheld, ...said }
      if (question.depth === undefined) return found
      const ranked = { reranked, candidates }
      const deeper = async (limit: number): Promise<readonly IndexHit[]> => (await collect(limit)).hits
      return { ...found, further: await findFurther(found.passages, ranked, question.depth, deeper, asker, parts.access) }
    },
  }
}

/** The question first, then its variants; wordings that say the same are searched once. */
async function analyseWordings(
  question: RetrievalQuestion,
  asker: Asker,
  { documents, analyse }: PassageFinderParts,
): Promise<readonly AnalysedQuery[]> {
  const languages = await documents.languages(asker.tenant)
  const wordings = [question.text, ...question.variants].map((text) => analyse(text, languages))
  const distinct = new Map(wordings.toReversed().map((wording) => [wording.terms.toSorted().join(' '), wording]))
  return wordings.filter((wording) => [...distinct.values()].includes(wording))
}

/** Without any, only its meaning can be searched for. */
function hasTerms({ terms }: AnalysedQuery): boolean {
  return terms.length > 0
}

/** @returns `undefined` when nothing can be admitted: no readable scope, or no document that satisfies the caller's filter */
async function resolveFilter(
  question: RetrievalQuestion,
  asker: Asker,
  { documents }: PassageFinderParts,
): Promise<IndexFilter | undefined> {
  if (asker.readable.ids.length === 0) return undefined
  const readable = { scopes: asker.readable.ids, scopesTotal: asker.readable.total }
  if (question.filter === undefined || Object.keys(question.filter).length === 0) return readable
  const admitted = await documents.matching(asker.tenant, question.filter, asker.readable.ids)
  return admitted.length === 0 ? undefined : { ...readable, documents: admitted }
}

interface Candidates {
  readonly hits: readonly IndexHit[]
  readonly notices: readonly TouchstoneError[]
}

async function findCandidates(
  wordings: readonly AnalysedQuery[],
  filter: IndexFilter | undefined,
  limit: number,
  settings: RetrievalSettings,
  { retrievers }: PassageFinderParts,
  signal: AbortSignal,
): Promise<Candidates> {
  if (filter === undefined) return { hits: [], notices: [] }
  const { documentWeight, denseWeight } = settings
  const list = (retriever: Retriever, within: IndexFilter): Promise<readonly IndexHit[]> =>
    searchWordings(retriever, wordings.filter(hasTerms), within, limit, signal)
  const [chunks, documents, dense] = await Promise.all([
    list(retrievers.chunks, filter),
    documentWeight > 0 ? list(retrievers.documents, filter) : [],
    denseWeight > 0 ? searchMeaning(retrievers.dense, wordings, filter, limit, signal) : NOTHING,
  ])
  // Nothing by meaning, for whatever reason: then words decide alone, and scores are theirs.
  if (dense.hits.length === 0) return { hits: fuseLevels(chunks, documents, documentWeight), notices: dense.notices }
  return { hits: fuseWithDense(chunks, documents, dense.hits, settings), notices: dense.notices }
}

const NOTHING: Candidates = { hits: [], notices: [] }

async function searchMeaning(
  retriever: FirstStage['dense'],
  wordings: readonly AnalysedQuery[],
  filter: IndexFilter,
  limit: number,
  signal: AbortSignal,
): Promise<Candidates> {
  if (retriever === undefined) return NOTHING
  const lists = await Promise.all(wordings.map((wording) => retriever.retrieve(wording, filter, limit, signal)))
  const hits = mergeWordings(lists.map((list, at) => ({ weight: weightOf(at), hits: list.hits })))
  return { hits, notices: lists.flatMap(({ notice }) => notice ?? []).slice(0, 1) }
}

/** Of the question itself, then of its variants. */
function weightOf(position: number): number {
  return position === 0 ? 1 : VARIANT_WEIGHT
}

async function searchWordings(
  retriever: Retriever,
  wordings: readonly AnalysedQuery[],
  filter: IndexFilter,
  limit: number,
  signal: AbortSignal,
): Promise<readonly IndexHit[]> {
  const lists = wordings.map(async (wording, position) => ({
    weight: weightOf(position),
    hits: await retriever.retrieve(wording, filter, limit, signal),
  }))
  return mergeWordings(await Promise.all(lists))
}

async function rerank(
  passages: readonly Passage[],
  query: AnalysedQuery | undefined,
  rerankers: readonly Reranker[],
  signal: AbortSignal,
): Promise<readonly Passage[]> {
  if (query === undefined) return passages
  let ranked = passages
  for (const reranker of rerankers) ranked = await reranker.rerank(query, ranked, signal)
  return ranked
}

function rerankerNamed(id: string, known: ReadonlyMap<string, Reranker>): Reranker {
  const reranker = known.get(id)
  if (reranker) return reranker
  const problems = `  retrieval.rerankers: there is no reranker "${id}"; known: ${[...known.keys()].join(', ')}`
  throw new TouchstoneError('CONFIG_INVALID', { details: { path: 'retrieval', count: 1, problems } })
}
