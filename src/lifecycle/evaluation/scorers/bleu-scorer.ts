/** How precisely the runs of words of an answer stand in a reference. Knows words; knows nothing of meaning. */
import { z } from 'zod'
import type { ScorerExtension } from '../../../contracts/evaluation.ts'
import { answerText, createMeasure, referenceTexts } from './measure.ts'
import { countMatches, countNgrams, sizeOf, type NgramCounts } from './n-grams.ts'
import { parseScorerOptions } from './scorer-options.ts'

const optionsSchema = z.strictObject({
  /** One reference or several; the case's `expected` when absent. */
  value: z.union([z.string(), z.array(z.string()).min(1)]).optional(),
  /** What an order without a match counts: halves of ever less (`exp`), .1 of a match (`floor`), one more of both (`add-k`), nothing (`none`). */
  smoothing: z.enum(['exp', 'floor', 'add-k', 'none']).default('exp'),
})
export type BleuOptions = z.output<typeof optionsSchema>

/** `bleu`: BLEU of the one answer. The mean over cases is not corpus BLEU, which pools counts. */
export const bleuScorer: ScorerExtension<BleuOptions> = {
  id: 'bleu',
  version: 1,
  summary: 'Sentence BLEU against references, smoothed as named.',
  parseOptions: (input) => parseScorerOptions('bleu', optionsSchema, input),
  create: ({ value, smoothing }) =>
    createMeasure('bleu', (testCase, output) => {
      const references = referenceTexts(testCase, value)
      return references.length === 0 ? {} : { bleu: sentenceBleu(answerText(output), references, smoothing) }
    }),
}

const LONGEST = 4

/**
 * Geometric mean of the precisions of 1 to 4 words, each run counted at most as often as in the reference that has it most, times
 * the brevity penalty against the reference of the closest length; orders longer than the answer are left out.
 * @param references at least one
 * @returns in [0, 1]; 0 when no word is shared
 * Source: Papineni et al. 2002; smoothing by Chen and Cherry 2014; equal to sacrebleu 2.6 sentence_bleu (tokenizer 13a,
 * use_effective_order), divided by 100.
 */
export function sentenceBleu(text: string, references: readonly string[], smoothing: BleuOptions['smoothing']): number {
  const given = tokenize13a(text)
  const wanted = references.map(tokenize13a)
  const orders = Array.from({ length: LONGEST }, (_, at) => matchesOfOrder(given, wanted, at + 1))
  if (orders.every(({ matches }) => matches === 0)) return 0
  const logs: number[] = []
  let halving = 1
  for (const [at, order] of orders.entries()) {
    const added = smoothing === 'add-k' && at > 0 ? 1 : 0
    const [matches, total] = [order.matches + added, order.total + added]
    if (total === 0) break
    if (matches === 0 && smoothing === 'exp') halving *= 2
    const credit = matches > 0 ? matches : smoothing === 'exp' ? 1 / halving : smoothing === 'floor' ? 0.1 : 0
    logs.push(Math.log(credit / total))
  }
  const mean = logs.reduce((sum, log) => sum + log, 0) / logs.length
  return Math.min(
    1,
    brevityPenalty(
      given.length,
      wanted.map((tokens) => tokens.length),
    ) * Math.exp(mean),
  )
}

function matchesOfOrder(given: readonly string[], wanted: readonly (readonly string[])[], n: number) {
  const counts = countNgrams(given, n)
  const most = new Map<string, number>()
  for (const reference of wanted)
    for (const [ngram, count] of countNgrams(reference, n)) most.set(ngram, Math.max(count, most.get(ngram) ?? 0))
  const wantedCounts: NgramCounts = most
  return { matches: countMatches(counts, wantedCounts), total: sizeOf(counts) }
}

function brevityPenalty(length: number, references: readonly number[]): number {
  const closest = references.reduce((best, each) => {
    const nearer = Math.abs(each - length) - Math.abs(best - length)
    return nearer < 0 || (nearer === 0 && each < best) ? each : best
  })
  return length === 0 ? 0 : length >= closest ? 1 : Math.exp(1 - closest / length)
}

/** As mteval-v13a splits words: marks of punctuation apart, but for full stops and commas within numbers. */
function tokenize13a(text: string): readonly string[] {
  const plain = text
    .replaceAll('<skipped>', '')
    .replaceAll('-\n', '')
    .replaceAll('\n', ' ')
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
  return ` ${plain} `
    .replace(/([{-~[-` -&(-+:-@/])/gu, ' $1 ')
    .replace(/([^0-9])([.,])/gu, '$1 $2 ')
    .replace(/([.,])([^0-9])/gu, ' $1 $2')
    .replace(/([0-9])(-)/gu, '$1 $2 ')
    .split(/\s+/u)
    .filter((token) => token !== '')
}
