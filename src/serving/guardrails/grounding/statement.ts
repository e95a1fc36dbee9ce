/** What a text claims, in comparable form: stems, names, facts, polarity. Knows the languages; decides nothing. */
import { contentWords } from '../../../foundation/text/analysis.ts'
import { foldText } from '../../../foundation/text/unicode.ts'
import { findFacts, type Fact } from './facts.ts'
import type { Qualifier } from './qualifiers.data.ts'
import { findQualifiers } from './qualifiers.ts'
import { NEGATIONS, UNITS, WIDE_NEGATION } from './language-facts.data.ts'

export interface Statement {
  /** Stems of the content words outside dates, times, numbers and qualifiers; a unit in its one spelling, however it is written. */
  readonly stems: ReadonlySet<string>
  /** Folded words written with a capital inside the text; none in German, where every noun is. */
  readonly names: ReadonlySet<string>
  readonly facts: readonly Fact[]
  readonly negated: boolean
  readonly qualifiers: ReadonlySet<Qualifier>
}

export function analyseStatement(text: string, language: string): Statement {
  const facts = findFacts(text, language)
  const qualifiers = findQualifiers(text, language)
  const apart = [...facts, ...qualifiers]
  const words = contentWords(text, language).filter(
    (word) => !word.stop && !apart.some((span) => word.start < span.end && word.end > span.start) && !isNegation(word.word),
  )
  const names =
    language === 'de' ? [] : words.filter((word) => word.start > 0 && /^\p{Lu}/u.test(text.slice(word.start, word.end)))
  return {
    stems: new Set([...words.map((word) => unitOf(word.word) ?? word.stem), ...facts.flatMap(writtenUnit)]),
    names: new Set(names.map((word) => foldText(text.slice(word.start, word.end)))),
    facts,
    negated: isNegated(text),
    qualifiers: new Set(qualifiers.map(({ qualifier }) => qualifier)),
  }
}

function unitOf(word: string): string | undefined {
  const lower = word.toLowerCase()
  return Object.hasOwn(UNITS, lower) ? `unit:${UNITS[lower]}` : undefined
}

function writtenUnit(fact: Fact): string[] {
  return fact.kind === 'number' && fact.unit !== undefined ? [`unit:${fact.unit}`] : []
}

/** Whether the text denies something. Double negation counts as one: such sentences are not paraphrased safely anyway. */
export function isNegated(text: string): boolean {
  return WIDE_NEGATION.test(text) || [...text.matchAll(/\p{L}+(?:['’]\p{L}+)?/gu)].some((match) => isNegation(match[0]))
}

function isNegation(word: string): boolean {
  const lower = word.toLowerCase()
  return NEGATIONS.has(lower) || /n['’]t$/u.test(lower)
}
