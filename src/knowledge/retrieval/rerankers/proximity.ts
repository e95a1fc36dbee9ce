/** Puts passages first that use the question's words together, and current documents before those they replace. Knows weights; knows nothing of engines. */
import { z } from 'zod'
import type { Passage } from '../../../contracts/document.ts'
import type { AnalysedQuery, RerankerExtension } from '../../../contracts/retrieval.ts'
import { analyseText } from '../../../foundation/text/analysis.ts'
import { rescored } from '../explanation.ts'
import { parseExtensionOptions } from '../parse-extension-options.ts'
import { byScoreThenChunk } from '../passage-selection.ts'
import { profileOf } from './passage-profile.ts'
import { demoteSuperseded } from './superseded.ts'
import { evidenceOf, weighQuestionTerms, type QuestionTerms, type TermEvidence } from './term-evidence.ts'

const weight = z.number().min(0).max(10)
const schema = z.strictObject({
  /** Distinct words of the question found anywhere in the passage or its headings. */
  coverage: weight.default(0.5),
  /** Found within about a sentence. */
  nearness: weight.default(0.5),
  /** Found side by side, as in the question. */
  phrases: weight.default(0.2),
  /** Found in the title or the headings. */
  naming: weight.default(0.3),
  /** What a replaced document's passage keeps of its score, and of the best that a current edition of it scores. */
  superseded: z.number().min(0).max(1).default(0.4),
})

/** More than are wanted, so that it can bring something up; beyond, what it finds is no longer worth the time. */
const POOL = 48

const PARTS = ['coverage', 'nearness', 'phrases', 'naming'] as const

export type ProximityOptions = z.output<typeof schema>

export const proximity: RerankerExtension<ProximityOptions, Record<never, never>> = {
  id: 'proximity',
  version: 1,
  summary: "Passages that use the question's words close together come first, replaced documents after current ones",
  parseOptions: (input) => parseExtensionOptions('proximity', schema, input),
  create: (options) => ({
    id: 'proximity',
    pool: POOL,
    rerank: async (query, passages) =>
      demoteSuperseded(query.text, byEvidence(query, passages, options), options.superseded).toSorted(byScoreThenChunk),
  }),
}

function byEvidence(query: AnalysedQuery, passages: readonly Passage[], options: ProximityOptions): readonly Passage[] {
  const { reach = 1 } = query
  const profiles = passages.map((passage) => ({ passage, ...profileOf(passage) }))
  const texts = profiles.map(({ all }) => all)
  const questions = new Map<string, QuestionTerms>()
  return profiles.map(({ passage, body, names }) => {
    // The question's words as this passage's language stems them.
    const question = questions.get(passage.language) ?? weighQuestionTerms(analyseText(query.text, passage.language), texts)
    questions.set(passage.language, question)
    const evidence = evidenceOf(question, body, names)
    return rescored(passage, passage.score * (1 + reach * proximityGain(evidence, options)), () =>
      PARTS.map((part) => ({
        name: `proximity/${part}`,
        value: evidence[part],
        contribution: passage.score * reach * options[part] * evidence[part],
      })),
    )
  })
}

/** What the evidence adds to a score, as a share of it. */
export function proximityGain(evidence: TermEvidence, options: ProximityOptions): number {
  return PARTS.reduce((sum, part) => sum + options[part] * evidence[part], 0)
}
