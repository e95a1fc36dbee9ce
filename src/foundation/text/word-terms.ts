/** The index terms of one word. Knows stems, identifiers and numbers; knows nothing of the words around it. */
import { isNumber, numberTerms } from './number-terms.ts'
import { scriptOfLanguage } from './script.ts'
import { stemWord } from './stemming.ts'
import { isStopWord } from './stop-words.ts'
import { foldLatinDiacritics, normaliseWord } from './unicode.ts'

export interface WordTerms {
  /** The whole word first, then the parts of an identifier. No white space in any; empty when nothing is left to match. */
  readonly terms: readonly string[]
  readonly stop: boolean
}

const MAX_TERM_LENGTH = 100
const MAX_PARTS = 6
const CACHE_SIZE = 20_000
const MAX_CACHED_LENGTH = 32
const STRUCTURED = /_|\p{Ll}\p{Lu}|\p{Lu}{2}\p{Ll}|\p{L}\p{M}*\p{N}|\p{N}\p{L}/u
const PART_BORDER = /_+|(?<=[\p{Ll}\p{M}])(?=\p{Lu})|(?<=\p{Lu})(?=\p{Lu}\p{Ll})|(?<=[\p{L}\p{M}])(?=\p{N})|(?<=\p{N})(?=\p{L})/u
const PLURAL_ACRONYM = /^\p{Lu}{2,}s$/u

const caches = new Map<string, Map<string, WordTerms>>()

/** Remembers the last distinct words of each language, because texts repeat them and stemming is what costs. */
export function termsOfWord(word: string, language: string): WordTerms {
  let cache = caches.get(language)
  if (!cache) caches.set(language, (cache = new Map()))
  const known = cache.get(word)
  if (known) return known
  const terms = analyseWord(word, languageOfWord(word, language))
  if (word.length <= MAX_CACHED_LENGTH) {
    if (cache.size >= CACHE_SIZE) cache.clear()
    // A slice of a document would keep the whole document alive as a key: copied.
    cache.set(Buffer.from(word, 'utf16le').toString('utf16le'), terms)
  }
  return terms
}

/** Latin words in a text of another script are read as English, so that they match the same words of English texts. */
function languageOfWord(word: string, language: string): string {
  return scriptOfLanguage(language) !== 'Latn' && /\p{Script=Latin}/u.test(word) ? 'en' : language
}

function analyseWord(raw: string, language: string): WordTerms {
  const word = normaliseWord(raw)
  if (isNumber(word)) return { terms: numberTerms(word, language), stop: false }
  const base = withoutClitic(word, language)
  const terms = [...wholeAndParts(base, language)].map((term) =>
    term.replace(/\s+/gu, '').slice(0, MAX_TERM_LENGTH).toWellFormed(),
  )
  return { terms: [...new Set(terms)].filter((term) => term !== ''), stop: isStopWord(base, language) }
}

function* wholeAndParts(word: string, language: string): Generator<string> {
  yield termOf(word.replaceAll('_', ''), language)
  if (!STRUCTURED.test(word) || PLURAL_ACRONYM.test(word)) return
  const parts = word.split(PART_BORDER).filter((part) => part !== '')
  if (parts.length < 2 || parts.length > MAX_PARTS) return
  const named = parts.some((part) => /^\p{L}{2}/u.test(part))
  for (const part of parts) {
    // Of "Q3" and "B2B" only the whole means something; of "server2" also the 2.
    const means = part.length > 1 || (named && /\p{N}/u.test(part))
    if (means && !isStopWord(part, language)) yield termOf(part, language)
  }
}

/**
 * Diacritics are folded after stemming: the stemmers decide by them (French `-é`, Spanish `-ción`), and most remove those of their
 * endings, so that a word typed without them meets the same term.
 */
function termOf(word: string, language: string): string {
  return foldLatinDiacritics(stemWord(word.toLowerCase(), language))
}

/** Without the possessive (`user's`) and, in English, the contracted verb (`we're`); `don't` stays whole, it negates. */
function withoutClitic(word: string, language: string): string {
  if (!word.includes("'")) return word
  return word.replace(language === 'en' ? /'(?:s|re|ve|ll|d|m)$/iu : /'s$/iu, '').replaceAll("'", '')
}
