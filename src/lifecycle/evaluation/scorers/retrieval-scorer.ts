/** Whether the passages that a system read are those that hold the answer. Knows documents in rank order; the measures are foundation's. */
import { z } from 'zod'
import type { EvaluationCase, ScorerExtension, SystemOutput } from '../../../contracts/evaluation.ts'
import { countRelevant, ndcg, recall, reciprocalRank, type Judgements } from '../../../foundation/statistics/ranking-metrics.ts'
import { createMeasure, unavailable } from './measure.ts'
import { parseScorerOptions } from './scorer-options.ts'

const judged = z.union([z.array(z.string().min(1)).min(1), z.record(z.string(), z.number())])
const optionsSchema = z.strictObject({
  /** Relevant documents, or gains by document; the case's `expected.documents` when absent. */
  documents: judged.optional(),
  /** Depth of `recall@k` and `ndcg@k`. */
  k: z.int().min(1).max(1_000).default(10),
})
export type RetrievalOptions = z.output<typeof optionsSchema>

const expectation = z.looseObject({ documents: judged })
const DEEPEST = 1_000

/**
 * `recall@k`, `ndcg@k` and `mrr` by trec_eval's definitions: linear gains, the ideal over all that is judged, a case without a
 * relevant document counts 0. Several passages of a document count once, at the best of their ranks. A document is named whole
 * (`handbook:people/leave.md`) or by its path.
 */
export const retrievalScorer: ScorerExtension<RetrievalOptions> = {
  id: 'retrieval',
  version: 1,
  summary: 'Recall, nDCG and reciprocal rank of the documents that the system read.',
  parseOptions: (input) => parseScorerOptions('retrieval', optionsSchema, input),
  create: ({ documents, k }) =>
    createMeasure(undefined, (testCase, output) => {
      const judgements = judgementsOf(documents ?? expectation.safeParse(testCase.expected).data?.documents)
      if (judgements === undefined) return {}
      const ranking = rankingOf(testCase, output, judgements)
      return {
        [`recall@${k}`]: recall(ranking, judgements, k),
        [`ndcg@${k}`]: ndcg(ranking, judgements, k),
        mrr: countRelevant(judgements) === 0 ? 0 : reciprocalRank(ranking, judgements, DEEPEST),
      }
    }),
}

function judgementsOf(written: z.output<typeof judged> | undefined): Judgements | undefined {
  if (written === undefined) return undefined
  return new Map(Array.isArray(written) ? written.map((document) => [document, 1]) : Object.entries(written))
}

/** Judged documents by the name that the judgement has. @throws TouchstoneError SCORE_UNAVAILABLE when the system does not say what it read */
function rankingOf(testCase: EvaluationCase, { retrieved }: SystemOutput, judgements: Judgements): readonly string[] {
  if (retrieved === undefined) throw unavailable('retrieval', testCase, 'the system does not say which passages it read')
  const named = retrieved.map(({ document }) => {
    const path = document.slice(document.indexOf(':') + 1)
    return !judgements.has(document) && judgements.has(path) ? path : document
  })
  return [...new Set(named)]
}
