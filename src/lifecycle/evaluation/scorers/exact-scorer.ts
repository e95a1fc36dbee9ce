/** Whether an answer is its reference. Knows spelling; knows nothing of meaning. */
import { z } from 'zod'
import type { ScorerExtension } from '../../../contracts/evaluation.ts'
import { canonicalJson } from '../../../foundation/hashing/content-hash.ts'
import { answerText, createMeasure, referenceTexts } from './measure.ts'
import { readJson } from './output-json.ts'
import { comparableText } from './said-text.ts'
import { parseScorerOptions } from './scorer-options.ts'

const optionsSchema = z.strictObject({
  /** One text or several acceptable ones; the case's `expected` when absent. */
  value: z
    .union([z.string(), z.number(), z.boolean(), z.array(z.union([z.string(), z.number(), z.boolean()])).min(1)])
    .optional(),
  /** Also equal when only case, dashes, quotes, white space or thousands separators differ. */
  fold: z.boolean().default(false),
})
export type ExactOptions = z.output<typeof optionsSchema>

/** `exact`: 1 when the trimmed answer equals a reference; where `expected` is an object, when both are the same JSON. */
export const exactScorer: ScorerExtension<ExactOptions> = {
  id: 'exact',
  version: 1,
  summary: 'The answer is the reference, letter by letter or folded; JSON is compared as data.',
  parseOptions: (input) => parseScorerOptions('exact', optionsSchema, input),
  create: ({ value, fold }) =>
    createMeasure('exact', (testCase, output) => {
      const answer = answerText(output)
      const { expected } = testCase
      if (value === undefined && isRecord(expected)) {
        const json = readJson(answer)
        return { exact: json !== undefined && canonicalJson(json.value) === canonicalJson(expected) ? 1 : 0 }
      }
      const references = referenceTexts(testCase, value)
      if (references.length === 0) return {}
      const form = fold ? comparableText : (text: string): string => text
      const wanted = references.map((each) => form(each.trim()))
      return { exact: wanted.includes(form(answer.trim())) ? 1 : 0 }
    }),
}

function isRecord(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
