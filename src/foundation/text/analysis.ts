/** Index terms of texts and questions. We analyse, engines match: both sides pass through here; knows nothing of engines. */
import { detectLanguage } from './language.ts'
import { dominantScript, writesScript } from './script.ts'
import { prepareDictionary, segmentWords } from './segmentation.ts'
import type { WordSpan } from './span.ts'
import { prepareStemmer } from './stemming.ts'
import { rememberPieces, wordPieces } from './word-pieces.ts'
import { termsOfWord } from './word-terms.ts'

/** Raised whenever the terms of any text change: indexes of another version must be rebuilt. */
export const ANALYSIS_VERSION: number = 1

const MAX_COMPOUND_WORDS = 5
const MAX_VARIANTS = 3
const MAX_QUERY_TERMS = 64
/** A word that is said more often than this is a refrain. */
const MOST_TIMES = 4
const DICTIONARY_LANGUAGES = new Set(['zh', 'ja', 'th', 'km', 'lo', 'my'])

/**
 * Loads once what the languages need: stemmers and the dictionary of words. Not the n-gram detector: among the languages of an
 * index, scripts and stop words tell a question's language as well (307 of 307 golden questions), at 90 MB and 0.3 s less.
 */
export async function prepareAnalysis(languages: readonly string[]): Promise<void> {
  for (const language of languages) prepareStemmer(language)
  if (languages.some((language) => DICTIONARY_LANGUAGES.has(language))) prepareDictionary()
}

/**
 * The index terms of a text in its order: without stop words, stemmed, diacritics of Latin letters folded. An identifier or a
 * hyphenated word gives the whole written together (`snake_case`, `snakeCase` and `snake-case` the same) and then its parts.
 * No term has white space; none is longer than 100.
 */
export function analyseText(text: string, language: string): string[] {
  const terms: string[] = []
  for (const piece of wordPieces(text)) for (const term of termsOfPiece(piece, language)) terms.push(term)
  return terms
}

const termsOfPiece = rememberPieces((piece, language): readonly string[] => {
  const terms: string[] = []
  for (const group of compounds(piece, segmentWords(piece, language))) pushTerms(group, language, false, terms)
  return terms
})

export interface AnalysedQueryText {
  readonly language: string
  /** Unique; those of the question's language first. */
  readonly terms: string[]
  /** Terms of its language that the question says again, once for each time up to the fourth; in its order. */
  readonly repeated: string[]
}

/**
 * The terms to search for a question: those of its language, then for each word up to two that other languages of the index
 * would have given it.
 * @param options language is detected among `languages` when it is not given
 */
export function analyseQuery(
  text: string,
  options: { readonly language?: string; readonly languages: readonly string[] },
): AnalysedQueryText {
  const language = options.language ?? detectLanguage(text, options.languages)
  const groups = [...compounds(text, segmentWords(text, language))]
  const own: string[] = []
  for (const group of groups) pushTerms(group, language, false, own)
  const keepStops = own.length === 0
  if (keepStops) for (const group of groups) pushTerms(group, language, true, own)
  const terms = new Set(own)
  const others = options.languages.filter((other) => other !== language)
  for (const group of groups) for (const variant of foreignVariants(group, language, others, keepStops)) terms.add(variant)
  return { language, terms: [...terms].slice(0, MAX_QUERY_TERMS), repeated: repeatedTerms(own) }
}

function repeatedTerms(terms: readonly string[]): string[] {
  const times = new Map<string, number>()
  return terms.filter((term) => {
    const before = times.get(term) ?? 0
    times.set(term, before + 1)
    return before > 0 && before < MOST_TIMES
  })
}

export interface ContentWord extends Omit<WordSpan, 'text'> {
  /** Exactly `text.slice(start, end)`. */
  readonly word: string
  /** Its index term; numbers in one form. */
  readonly stem: string
  readonly stop: boolean
}

/** Every word of a text with its term and its place in the original. */
export function contentWords(text: string, language: string): ContentWord[] {
  return segmentWords(text, language).map(({ text: word, start, end }) => {
    const { terms, stop } = termsOfWord(word, language)
    return { word, stem: terms[0] ?? word, start, end, stop }
  })
}

/** Groups words that one hyphen or point ties together without white space: `follow-up`, `foo.bar`, `GPT-4`. */
function* compounds(text: string, words: readonly WordSpan[]): Generator<readonly WordSpan[]> {
  let group: WordSpan[] = []
  for (const word of words) {
    const last = group.at(-1)
    if (last && !(word.start === last.end + 1 && '-.\u2010\u2011'.includes(text.charAt(last.end)))) {
      yield group
      group = []
    }
    group.push(word)
  }
  if (group.length > 0) yield group
}

function pushTerms(group: readonly WordSpan[], language: string, keepStops: boolean, terms: string[]): void {
  const whole = compoundTerm(group, language)
  if (whole !== undefined) terms.push(whole)
  for (const word of group) {
    const found = termsOfWord(word.text, language)
    if (keepStops || !found.stop) for (const term of found.terms) terms.push(term)
  }
}

/** The group written together; nothing for a single word, a chain too long to be a name, or a range of numbers. */
function compoundTerm(group: readonly WordSpan[], language: string): string | undefined {
  if (group.length < 2 || group.length > MAX_COMPOUND_WORDS || !group.some(({ text }) => /\p{L}/u.test(text))) return undefined
  // The point of "v1.2.3" parts its digits.
  const joined = group.reduce((sum, { text }) => sum + (/\p{Nd}$/u.test(sum) && /^\p{Nd}/u.test(text) ? '.' : '') + text, '')
  return termsOfWord(joined, language).terms[0]
}

function* foreignVariants(
  group: readonly WordSpan[],
  language: string,
  others: readonly string[],
  keepStops: boolean,
): Generator<string> {
  for (const { text } of group) {
    const own = termsOfWord(text, language)
    if (own.stop && !keepStops) continue
    const variants = new Set(own.terms)
    const limit = variants.size + MAX_VARIANTS - 1
    for (const other of others) {
      if (!writes(other, text)) continue
      const foreign = termsOfWord(text, other)
      if (!foreign.stop && foreign.terms[0] !== undefined && variants.size < limit) variants.add(foreign.terms[0])
    }
    yield* variants
  }
}

/** Whether the language is written in the script of the word; numbers belong to every language. */
function writes(language: string, word: string): boolean {
  const script = dominantScript(word)
  return script === undefined || writesScript(language, script)
}
