/** Whether an answer is the right label. Knows labels as texts; knows nothing of what they mean. */
import { z } from 'zod'
import type { ScorerExtension } from '../../../contracts/evaluation.ts'
import { answerText, createMeasure, referenceTexts } from './measure.ts'
import { comparableText, says } from './said-text.ts'
import { parseScorerOptions } from './scorer-options.ts'

const optionsSchema = z.strictObject({
  /** The right label, or several acceptable ones; the case's `expected` when absent. */
  value: z.union([z.string(), z.array(z.string()).min(1)]).optional(),
  /** All labels there are: an answer in prose then gives the one label that it says, and none when it says several. */
  labels: z.array(z.string().min(1)).min(2).optional(),
  /** Also `recall.LABEL` and `precision.LABEL`. */
  perLabel: z.boolean().default(false),
})
export type ClassificationOptions = z.output<typeof optionsSchema>

/**
 * `accuracy`: 1 when the label is right. An answer that says no label, or more than one, is wrong. With `perLabel`, the same value
 * under the right label's recall and the given label's precision, so that their means over cases are the recall and the precision
 * of each label, with intervals; macro averages are means of these.
 */
export const classificationScorer: ScorerExtension<ClassificationOptions> = {
  id: 'classification',
  version: 1,
  summary: 'The answer is the right label.',
  parseOptions: (input) => parseScorerOptions('classification', optionsSchema, input),
  create: ({ value, labels, perLabel }) =>
    createMeasure('accuracy', (testCase, output) => {
      const right = referenceTexts(testCase, value).map(comparableText)
      if (right.length === 0) return {}
      const label = labelOf(answerText(output), labels)
      const accuracy = label !== undefined && right.includes(label) ? 1 : 0
      const [first = ''] = right
      return {
        accuracy,
        ...(perLabel && { [`recall.${accuracy === 1 ? label : first}`]: accuracy }),
        ...(perLabel && label !== undefined && { [`precision.${label}`]: accuracy }),
      }
    }),
}

/** @returns the label in comparable form, or nothing when the answer is not one of them */
function labelOf(answer: string, labels: readonly string[] | undefined): string | undefined {
  const text = comparableText(answer.trim()).replace(/^["']+|["'.!]+$/g, '')
  if (labels === undefined) return text === '' ? undefined : text
  const known = labels.map(comparableText)
  if (known.includes(text)) return text
  const said = known.filter((label) => says(text, label))
  // "very angry" says "angry", too: the longest label that holds the others is the one.
  const longest = said.toSorted((left, right) => right.length - left.length)[0]
  return longest !== undefined && said.every((label) => says(longest, label)) ? longest : undefined
}
