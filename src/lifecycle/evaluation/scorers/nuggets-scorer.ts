/** How many of the points that an answer should make it makes. Knows points as texts; knows nothing of who wrote them. */
import { z } from 'zod'
import type { ScorerExtension } from '../../../contracts/evaluation.ts'
import { answerText, createMeasure } from './measure.ts'
import { comparableText, says } from './said-text.ts'
import { parseScorerOptions } from './scorer-options.ts'

const text = z.string().min(1)
const nugget = z.strictObject({
  /** As in `expect.facts`: every entry must be found, an entry may list alternatives. All found: support; some: partial support. */
  facts: z.array(z.union([text.transform((fact) => [fact]), z.array(text).min(1)])).min(1),
  importance: z.enum(['vital', 'okay']).default('vital'),
})
const nuggets = z.array(nugget).min(1)
const optionsSchema = z.strictObject({
  /** The case's `expected.nuggets` when absent. */
  nuggets: nuggets.optional(),
})
export type NuggetsOptions = z.output<typeof optionsSchema>

const expectation = z.looseObject({ nuggets })
const PARTIAL = 0.5

/**
 * `nuggets_strict_vital`, `nuggets_strict_all`: share of nuggets that are supported, of the vital ones and of all.
 * `nuggets_vital`, `nuggets_all`: the same, a partly supported one counting .5. Without vital nuggets the vital ones are 0.
 * Source: TREC RAG 2024, castorini/nuggetizer, core/metrics.py; whether a nugget is there is decided by its texts, not by a model.
 */
export const nuggetsScorer: ScorerExtension<NuggetsOptions> = {
  id: 'nuggets',
  version: 1,
  summary: 'Share of the vital and of all points that the answer makes.',
  parseOptions: (input) => parseScorerOptions('nuggets', optionsSchema, input),
  create: (options) =>
    createMeasure(undefined, (testCase, output) => {
      const wanted = options.nuggets ?? expectation.safeParse(testCase.expected).data?.nuggets
      if (wanted === undefined) return {}
      const answer = comparableText(answerText(output))
      const found = wanted.map(({ facts, importance }) => ({ importance, share: shareSaid(answer, facts) }))
      const vital = found.filter(({ importance }) => importance === 'vital')
      return {
        nuggets_strict_vital: mean(vital.map(({ share }) => (share === 1 ? 1 : 0))),
        nuggets_strict_all: mean(found.map(({ share }) => (share === 1 ? 1 : 0))),
        nuggets_vital: mean(vital.map(credit)),
        nuggets_all: mean(found.map(credit)),
      }
    }),
}

function shareSaid(answer: string, facts: readonly (readonly string[])[]): number {
  const said = facts.filter((alternatives) => alternatives.some((each) => says(answer, comparableText(each))))
  return said.length / facts.length
}

function credit({ share }: { readonly share: number }): number {
  return share === 1 ? 1 : share > 0 ? PARTIAL : 0
}

function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length
}
