/** Splits questions that ask for several things, so that each is searched by itself too. Knows how questions are joined; knows nothing of documents. */
import { z } from 'zod'
import type { QueryRewriterExtension } from '../../../contracts/retrieval.ts'
import { contentWords } from '../../../foundation/text/analysis.ts'
import { detectLanguage } from '../../../foundation/text/language.ts'
import { splitSentences } from '../../../foundation/text/segmentation.ts'
import { parseExtensionOptions } from '../parse-extension-options.ts'
import { toStandalone } from './conversation-rewriter.ts'
import { questionPatterns } from './question-patterns.data.ts'

const schema = z.strictObject({})

const MOST_PARTS = 4
/** Longer texts are no questions but tell something: their parts would say little. */
const LONGEST = 600
const ASKS = /[?？]\s*$/u

export const multiPart: QueryRewriterExtension<z.output<typeof schema>, Record<never, never>> = {
  id: 'multi-part',
  version: 1,
  summary: 'Splits a question that asks for several things; the parts are searched beside the whole',
  parseOptions: (input) => parseExtensionOptions('multi-part', schema, input),
  create: () => ({
    id: 'multi-part',
    replaces: false,
    rewrite: async (question) => splitQuestion(question),
  }),
}

/** @returns the parts, each standing by itself; none when the question has but one */
export function splitQuestion(question: string): readonly string[] {
  if (question.length > LONGEST) return []
  const language = detectLanguage(question, Object.keys(questionPatterns))
  const asked = splitSentences(question, language)
    .map(({ start, end }) => question.slice(start, end).trim())
    .filter((sentence) => ASKS.test(sentence))
  const joint = questionPatterns[language]?.joint
  const sentences = asked.length > 0 ? asked : [question]
  const parts = joint === undefined ? sentences : sentences.flatMap((sentence) => sentence.split(joint))
  if (parts.length < 2 || parts.length > MOST_PARTS) return []
  const [first = ''] = parts
  const standing = parts.map((part, position) => (position === 0 ? part : (toStandalone(part, first) ?? part)).trim())
  return standing.filter((part) => contentWords(part, language).some(({ stop }) => !stop))
}
