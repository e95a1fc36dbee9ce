/** How many words, pairs of words and words in order an answer shares with a reference. Knows words; knows nothing of meaning. */
import { z } from 'zod'
import type { ScorerExtension, Scores } from '../../../contracts/evaluation.ts'
import { answerText, createMeasure, referenceTexts } from './measure.ts'
import { countMatches, countNgrams, sizeOf } from './n-grams.ts'
import { parseScorerOptions } from './scorer-options.ts'

const optionsSchema = z.strictObject({
  /** One reference or several, of which the best counts; the case's `expected` when absent. */
  value: z.union([z.string(), z.array(z.string()).min(1)]).optional(),
})
export type RougeOptions = z.output<typeof optionsSchema>

/** `rouge_1`, `rouge_2`, `rouge_l`: F1 values. */
export const rougeScorer: ScorerExtension<RougeOptions> = {
  id: 'rouge',
  version: 1,
  summary: 'ROUGE-1, ROUGE-2 and ROUGE-L against a reference, as F1.',
  parseOptions: (input) => parseScorerOptions('rouge', optionsSchema, input),
  create: ({ value }) =>
    createMeasure(undefined, (testCase, output): Scores => {
      const all = referenceTexts(testCase, value).map((reference) => rouge(answerText(output), reference))
      if (all.length === 0) return {}
      const best = (name: keyof RougeScores): number => Math.max(...all.map((each) => each[name]))
      return { rouge_1: best('rouge_1'), rouge_2: best('rouge_2'), rouge_l: best('rouge_l') }
    }),
}

export interface RougeScores {
  readonly rouge_1: number
  readonly rouge_2: number
  readonly rouge_l: number
}

/**
 * F1 of shared words, of shared pairs of words, and of the longest common subsequence, without stemming.
 * @returns each in [0, 1]; 0 where either text has no words
 * Source: Lin 2004. On ASCII equal to rouge-score 0.1.2 (use_stemmer=False); beyond it words are those of Unicode, and scripts
 * without spaces are taken by character, where that library drops them.
 */
export function rouge(text: string, reference: string): RougeScores {
  const [given, wanted] = [rougeTokens(text), rougeTokens(reference)]
  const ofOrder = (n: number): number => {
    const [left, right] = [countNgrams(given, n), countNgrams(wanted, n)]
    return f1(countMatches(left, right), sizeOf(left), sizeOf(right))
  }
  return {
    rouge_1: ofOrder(1),
    rouge_2: ofOrder(2),
    rouge_l: f1(longestCommonSubsequence(given, wanted), given.length, wanted.length),
  }
}

const TOKEN =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]\p{M}*|(?:(?![\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}])[\p{L}\p{N}\p{M}])+/gu

function rougeTokens(text: string): readonly string[] {
  return text.toLowerCase().match(TOKEN) ?? []
}

function f1(shared: number, given: number, wanted: number): number {
  return given + wanted === 0 || shared === 0 ? 0 : (2 * shared) / (given + wanted)
}

function longestCommonSubsequence(left: readonly string[], right: readonly string[]): number {
  let above = new Uint32Array(right.length + 1)
  for (const token of left) {
    const row = new Uint32Array(right.length + 1)
    for (let at = 1; at <= right.length; at++)
      row[at] = token === right[at - 1] ? (above[at - 1] ?? 0) + 1 : Math.max(above[at] ?? 0, row[at - 1] ?? 0)
    above = row
  }
  return above.at(-1) ?? 0
}
