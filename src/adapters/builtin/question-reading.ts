/** What a question asks: its weighted words, its constraints, the kinds of answer it expects. Knows nothing of passages. */
import { contentWords } from '../../foundation/text/analysis.ts'
import { MAX_PHRASE, phraseLength, synonymGroups } from '../../foundation/text/synonyms.ts'
import { foldText } from '../../foundation/text/unicode.ts'
import type { AnswerKind } from './answer-kinds.ts'
import { WEIGHTS } from './extractive-weights.data.ts'
import { COMMON_WORDS, QUESTION_PATTERNS, VAGUE_WORDS } from './question-reading.data.ts'
import type { QuestionWord } from './word-matching.ts'

export interface WeightedWord extends QuestionWord {
  /** Before rarity among the candidates is known. */
  readonly weight: number
  /** A number, a name or an acronym: it restricts what may answer. */
  readonly constraint: boolean
}

export interface QuestionReading {
  readonly words: readonly WeightedWord[]
  /** Any of them satisfies the expectation; empty when anything may answer. */
  readonly kinds: readonly AnswerKind[]
  /** Asks for more than one thing. */
  readonly parts: number
}

const PATTERNS = QUESTION_PATTERNS.map(([pattern, kinds]) => [new RegExp(pattern, 'iu'), kinds] as const)

/** @param language of the text that the words will be compared with; decides stems and synonyms */
export function readQuestion(question: string, language: string): QuestionReading {
  const words = weighWords(question, language)
  const matching = PATTERNS.filter(([pattern]) => pattern.test(question))
  const kinds = [...new Set(matching.flatMap(([, expected]) => expected))]
  return { words, kinds, parts: countParts(question) }
}

function weighWords(question: string, language: string): WeightedWord[] {
  const all = contentWords(question, language)
  const weighted: WeightedWord[] = []
  for (let at = 0; at < all.length;) {
    const size = phraseLength(
      all.slice(at, at + MAX_PHRASE).map((word) => word.stem),
      language,
    )
    const words = all.slice(at, at + size)
    const first = words[0]
    const last = words.at(-1)
    at += size
    if (!first || !last || (size === 1 && first.stop)) continue
    const written = question.slice(first.start, last.end)
    const constraint = isConstraint(written, first.start, language)
    const stems = words.filter((word) => size === 1 || !word.stop).map((word) => word.stem)
    // "How much", "may I": phrases that ask and name nothing.
    if (stems.length === 0) continue
    const folded = foldText(written)
    weighted.push({
      folded,
      stems,
      groups: synonymGroups(
        words.map((word) => word.stem),
        language,
      ),
      constraint,
      weight: constraint ? WEIGHTS.word.constraint : priorOf(folded, stems, language),
    })
  }
  return weighted.filter((word, index) => weighted.findIndex((other) => other.folded === word.folded) === index)
}

/** A year or an identifier names something; any other number is the asker's own case, which a limit may cover. */
function isName(written: string): boolean {
  return /^(?:19|20)\d{2}$/u.test(written) || /\p{L}/u.test(written)
}

function isConstraint(written: string, start: number, language: string): boolean {
  if (/\d/u.test(written)) return isName(written)
  if (/^\p{Lu}[\p{Lu}\d&-]+$/u.test(written) && written.length <= 6) return true
  // German writes every noun with a capital, so only other languages name by capitals; the first word says nothing.
  return language !== 'de' && start > 0 && /^\p{Lu}\p{Ll}/u.test(written)
}

function priorOf(folded: string, stems: readonly string[], language: string): number {
  if (/^[\d.,]+$/u.test(folded)) return WEIGHTS.word.vague
  const isIn = (kind: 'vague' | 'common'): boolean =>
    stems.every((stem) => priorStems(language)[kind].has(stem)) || priorStems(language)[kind].has(folded)
  return isIn('vague') ? WEIGHTS.word.vague : isIn('common') ? WEIGHTS.word.common : WEIGHTS.word.other
}

const priors = new Map<string, Record<'vague' | 'common', ReadonlySet<string>>>()

function priorStems(language: string): Record<'vague' | 'common', ReadonlySet<string>> {
  const known = priors.get(language)
  if (known) return known
  const stemsOf = (lines: readonly string[]): Set<string> =>
    new Set(lines.flatMap((line) => contentWords(line, language).map((word) => word.stem)))
  const made = { vague: stemsOf(VAGUE_WORDS), common: stemsOf(COMMON_WORDS) }
  priors.set(language, made)
  return made
}

const FURTHER_PART =
  /(?:,|;)?\s(?:and|und|y|et|or)\s(?:how|what|when|who|where|which|is|are|do|does|can|must|wie|was|wann|wer|wo|welche|qué|cuánt|cuándo|quién|dónde|combien|quand|qui)/giu

function countParts(question: string): number {
  return 1 + [...question.matchAll(FURTHER_PART)].length + Math.max(0, [...question.matchAll(/[?？]/gu)].length - 1)
}
