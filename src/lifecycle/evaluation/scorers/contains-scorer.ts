/** Whether an answer holds texts. Knows texts; knows nothing of cases but their reference. */
import { z } from 'zod'
import type { ScorerExtension } from '../../../contracts/evaluation.ts'
import { answerText, createMeasure, referenceTexts } from './measure.ts'
import { comparableText, says } from './said-text.ts'
import { parseScorerOptions } from './scorer-options.ts'

const texts = z.union([
  z
    .string()
    .min(1)
    .transform((text) => [text]),
  z.array(z.string().min(1)).min(1),
])
const optionsSchema = z.strictObject({
  /** One of these is enough. */
  any: texts.optional(),
  /** Each of these is needed; the case's `expected` when nothing is given. */
  all: texts.optional(),
  /** None of these may stand there. */
  not: texts.optional(),
  /** `words`: as readers see it ("5" is not in "15", "1,250" is "1250"). `text`: letter by letter. `folded-text`: whatever the case. */
  match: z.enum(['words', 'text', 'folded-text']).default('words'),
})
export type ContainsOptions = z.output<typeof optionsSchema>

const matchers: Readonly<Record<ContainsOptions['match'], (answer: string, wanted: string) => boolean>> = {
  words: (answer, wanted) => says(comparableText(answer), comparableText(wanted)),
  text: (answer, wanted) => answer.includes(wanted),
  'folded-text': (answer, wanted) => answer.toLowerCase().includes(wanted.toLowerCase()),
}

/** `contains`: 1 when `any`, `all` and `not` hold together. */
export const containsScorer: ScorerExtension<ContainsOptions> = {
  id: 'contains',
  version: 1,
  summary: 'The answer holds any, all or none of some texts.',
  parseOptions: (input) => parseScorerOptions('contains', optionsSchema, input),
  create: ({ any, all, not = [], match }) =>
    createMeasure('contains', (testCase, output) => {
      const needed = all ?? (any === undefined && not.length === 0 ? referenceTexts(testCase, undefined) : [])
      if (needed.length + not.length === 0 && any === undefined) return {}
      const answer = answerText(output)
      const holds = (wanted: string): boolean => matchers[match](answer, wanted)
      const isRight = needed.every(holds) && (any === undefined || any.some(holds)) && !not.some(holds)
      return { contains: isRight ? 1 : 0 }
    }),
}
