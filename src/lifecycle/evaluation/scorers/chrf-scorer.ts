/** How much of an answer's runs of characters is that of a reference. Knows characters; needs no words, so it suits every script. */
import { z } from 'zod'
import type { ScorerExtension } from '../../../contracts/evaluation.ts'
import { answerText, createMeasure, referenceTexts } from './measure.ts'
import { countMatches, countNgrams, sizeOf, type NgramCounts } from './n-grams.ts'
import { parseScorerOptions } from './scorer-options.ts'

const optionsSchema = z.strictObject({
  /** One reference or several, of which the best counts; the case's `expected` when absent. */
  value: z.union([z.string(), z.array(z.string()).min(1)]).optional(),
  /** Runs of words that count beside those of characters: 2 is chrF++. */
  wordOrder: z.int().min(0).max(4).default(0),
})
export type ChrfOptions = z.output<typeof optionsSchema>

/** `chrf`: chrF2, or with `wordOrder: 2` chrF2++. */
export const chrfScorer: ScorerExtension<ChrfOptions> = {
  id: 'chrf',
  version: 1,
  summary: 'Character n-gram F-score (chrF2, chrF2++) against a reference.',
  parseOptions: (input) => parseScorerOptions('chrf', optionsSchema, input),
  create: ({ value, wordOrder }) =>
    createMeasure('chrf', (testCase, output) => {
      const references = referenceTexts(testCase, value)
      if (references.length === 0) return {}
      return { chrf: Math.max(...references.map((reference) => chrf(answerText(output), reference, wordOrder))) }
    }),
}

const LONGEST = 6
/** Recall weighs beta squared times as much as precision. */
const BETA_SQUARED = 4

/**
 * F2 of the mean precision and the mean recall over runs of 1 to 6 characters without white space, and of 1 to `wordOrder` words;
 * orders that either text is too short for are left out.
 * @returns in [0, 1]; 0 when nothing is shared
 * Source: Popović 2015 and 2017; equal to sacrebleu 2.6 sentence_chrf, divided by 100.
 */
export function chrf(text: string, reference: string, wordOrder = 0): number {
  const [given, wanted] = [ordersOf(text, wordOrder), ordersOf(reference, wordOrder)]
  let [precision, recall, orders] = [0, 0, 0]
  for (const [at, counts] of given.entries()) {
    const other = wanted[at] ?? new Map<string, number>()
    if (counts.size === 0 || other.size === 0) continue
    const matches = countMatches(counts, other)
    precision += matches / sizeOf(counts)
    recall += matches / sizeOf(other)
    orders++
  }
  if (precision + recall === 0) return 0
  const [meanPrecision, meanRecall] = [precision / orders, recall / orders]
  return Math.min(1, ((1 + BETA_SQUARED) * meanPrecision * meanRecall) / (BETA_SQUARED * meanPrecision + meanRecall))
}

function ordersOf(text: string, wordOrder: number): readonly NgramCounts[] {
  const characters = [...text.replace(/\s+/gu, '')]
  const words =
    wordOrder === 0
      ? []
      : text
          .split(/\s+/u)
          .filter((word) => word !== '')
          .flatMap(splitMark)
  return [
    ...Array.from({ length: LONGEST }, (_, at) => countNgrams(characters, at + 1, '')),
    ...Array.from({ length: wordOrder }, (_, at) => countNgrams(words, at + 1)),
  ]
}

const MARK = /[!-/:-@[-`{-~]/

/** One mark at the end or the beginning of a word is a word of its own, as in the reference implementation. */
function splitMark(word: string): readonly string[] {
  const letters = [...word]
  if (letters.length === 1) return [word]
  const [first, last] = [letters[0] ?? '', letters.at(-1) ?? '']
  if (MARK.test(last)) return [letters.slice(0, -1).join(''), last]
  return MARK.test(first) ? [first, letters.slice(1).join('')] : [word]
}
