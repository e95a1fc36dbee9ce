/** Puts passages first that use the question's words together, and current documents before those they replace. Knows weights; knows nothing of engines. */
import { z } from 'zod'
import type { Passage } from '../../../contracts/document.ts'
import type { AnalysedQuery, RerankerExtension } from '../../../contracts/retrieval.ts'
import { analyseText } from '../../../foundation/text/analysis.ts'
import { parseExtensionOptions } from '../parse-extension-options.ts'
import { rescored } from '../explanation.ts'
import { byScoreThenChunk } from '../passage-selection.ts'
import { familyOf, supersededDocuments } from './superseded.ts'
import { evidenceOf, weighQuestionTerms, type QuestionTerms } from './term-evidence.ts'

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

const PARTS = ['coverage', 'nearness', 'phrases', 'naming'] as const

/** At some 5 kB each. */
const REMEMBERED_PASSAGES = 1_500

export type ProximityOptions = z.output<typeof schema>

export const proximity: RerankerExtension<ProximityOptions, Record<never, never>> = {
  id: 'proximity',
  version: 1,
  summary: "Passages that use the question's words close together come first, replaced documents after current ones",
  parseOptions: (input) => parseExtensionOptions('proximity', schema, input),
  create: (options) => {
    const profileOf = rememberProfiles()
    return {
      id: 'proximity',
      rerank: async (query, passages) => {
        const ranked = byEvidence(query, passages, options, profileOf)
        return demoteSuperseded(query, ranked, options.superseded).toSorted(byScoreThenChunk)
      },
    }
  },
}

interface PassageProfile {
  readonly body: readonly string[]
  readonly names: ReadonlySet<string>
  readonly all: ReadonlySet<string>
}

/** Analysing two dozen passages costs as much as finding them, and the same ones are found again and again. */
function rememberProfiles(): (passage: Passage) => PassageProfile {
  const profiles = new Map<string, PassageProfile>()
  return (passage) => {
    const key = [passage.chunk, passage.version, passage.start, passage.end, passage.language, passage.title].join('\n')
    const known = profiles.get(key)
    if (known) return known
    const body = analyseText(passage.text, passage.language)
    const names = new Set(analyseText([passage.title, ...passage.headingPath].join('\n'), passage.language))
    const profile = { body, names, all: names.union(new Set(body)) }
    if (profiles.size >= REMEMBERED_PASSAGES) profiles.clear()
    profiles.set(key, profile)
    return profile
  }
}

function byEvidence(
  query: AnalysedQuery,
  passages: readonly Passage[],
  options: ProximityOptions,
  profileOf: (passage: Passage) => PassageProfile,
): readonly Passage[] {
  const profiles = passages.map((passage) => ({ passage, ...profileOf(passage) }))
  const texts = profiles.map(({ all }) => all)
  const questions = new Map<string, QuestionTerms>()
  return profiles.map(({ passage, body, names }) => {
    // The question's words as this passage's language stems them.
    const question = questions.get(passage.language) ?? weighQuestionTerms(analyseText(query.text, passage.language), texts)
    questions.set(passage.language, question)
    const evidence = evidenceOf(question, body, names)
    const gain =
      options.coverage * evidence.coverage +
      options.nearness * evidence.nearness +
      options.phrases * evidence.phrases +
      options.naming * evidence.naming
    return rescored(passage, passage.score * (1 + gain), () =>
      PARTS.map((part) => ({
        name: `proximity/${part}`,
        value: evidence[part],
        contribution: passage.score * options[part] * evidence[part],
      })),
    )
  })
}

function demoteSuperseded(query: AnalysedQuery, passages: readonly Passage[], share: number): readonly Passage[] {
  const superseded = supersededDocuments(query.text, passages)
  if (superseded.size === 0) return passages
  const currentBest = new Map<string, number>()
  for (const passage of passages) {
    if (superseded.has(passage.document)) continue
    currentBest.set(familyOf(passage), Math.max(passage.score, currentBest.get(familyOf(passage)) ?? 0))
  }
  return passages.map((passage) => {
    if (!superseded.has(passage.document)) return passage
    const score = share * Math.min(passage.score, currentBest.get(familyOf(passage)) ?? passage.score)
    return rescored(passage, score, () => [{ name: 'superseded', value: share, contribution: score - passage.score }])
  })
}
