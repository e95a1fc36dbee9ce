/** The serving pipeline as a ranker of documents: what is evaluated is what people get. Knows how passages become a ranking of documents. */
import type { CallerIdentity } from '../../contracts/asker.ts'
import type { DocumentId } from '../../contracts/identity.ts'
import type { FoundPassages, QueryRewriter, RetrievalQuestion } from '../../contracts/retrieval.ts'
import type { RetrievalSettings } from '../../contracts/release.ts'
import type { ScoredDocument } from '../../foundation/statistics/ranking-metrics.ts'
import { createQueryRewriters } from '../../knowledge/retrieval/query/catalog.ts'
import type { RankQuery } from '../../lifecycle/evaluation/retrieval/evaluate-retrieval.ts'
import type { CollectionQuery } from '../../lifecycle/evaluation/retrieval/judged-collection.ts'
import { RANKING_DEPTH } from '../../lifecycle/evaluation/retrieval/ranking-scores.ts'
import { phraseForRetrieval, RECALLED_TURNS } from '../../serving/conversation-memory.ts'
import { admitQuestion } from '../../serving/question-admission.ts'
import type { Foundation, Knowledge } from '../composition.ts'

export interface PipelineRankerOptions {
  readonly caller: CallerIdentity
  readonly feature: string
  readonly maxQuestionLength: number
  readonly settings: RetrievalSettings
  /** The collection's own ids. */
  readonly idOf: ReadonlyMap<DocumentId, string>
  /** Chunks that are ranked behind those that people get; all that metrics look at when absent. */
  readonly depth?: number
}

export function createPipelineRanker(
  { access }: Pick<Foundation, 'access'>,
  { passages }: Pick<Knowledge, 'passages'>,
  options: PipelineRankerOptions,
): RankQuery {
  const rewriters = createQueryRewriters()
  return async (query, signal) => {
    const asker = await access.authorise(options.caller)
    const question = await phraseQuery(query, options, rewriters, signal)
    const found = await passages.find({ ...question, depth: options.depth ?? RANKING_DEPTH }, asker, options.settings, signal)
    return rankDocuments(found, options.idOf)
  }
}

/** Each earlier question is remembered as it was understood, as in a conversation. */
async function phraseQuery(
  { text, history }: CollectionQuery,
  { feature, maxQuestionLength, settings: retrieval }: PipelineRankerOptions,
  rewriters: ReadonlyMap<string, QueryRewriter>,
  signal: AbortSignal,
): Promise<RetrievalQuestion> {
  const parts = { rewriters: (wanted: readonly string[]) => wanted.flatMap((id) => rewriters.get(id) ?? []) }
  const questions: string[] = []
  const phrase = (question: string): Promise<RetrievalQuestion> =>
    phraseForRetrieval(question, { questions: questions.slice(-RECALLED_TURNS) }, { signal }, { retrieval }, parts)
  for (const earlier of history.slice(-RECALLED_TURNS)) questions.push((await phrase(earlier.trim())).text)
  return phrase(admitQuestion(text, feature, maxQuestionLength))
}

/** A document's score is that of its best passage; those behind the passages go on below in their order. */
function rankDocuments(
  { passages, further = [] }: FoundPassages,
  idOf: ReadonlyMap<DocumentId, string>,
): readonly ScoredDocument[] {
  const scores = new Map<DocumentId, number>()
  for (const { document, score } of passages) scores.set(document, Math.max(score, scores.get(document) ?? score))
  const lowest = Math.min(1, ...scores.values())
  for (const [place, document] of further.entries()) scores.set(document, lowest - (place + 1) / further.length)
  return [...scores].map(([document, score]) => ({ document: idOf.get(document) ?? document, score }))
}
