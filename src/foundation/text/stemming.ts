/** Stems of words by language. Knows which stemmers can be trusted; knows nothing of stop words or indexing. */
import { createRequire } from 'node:module'
import { stemEnglishWord } from './english-stemmer.ts'

/** Names in @orama/stemmers. Left out: English (see english-stemmer.ts), Bulgarian (throws on some words), Ukrainian (keeps state between words), Sanskrit (no stemmer). */
const STEMMER_NAMES: ReadonlyMap<string, string> = new Map(
  Object.entries({
    ar: 'arabic',
    da: 'danish',
    de: 'german',
    el: 'greek',
    es: 'spanish',
    fi: 'finnish',
    fr: 'french',
    ga: 'irish',
    hi: 'indian',
    hu: 'hungarian',
    hy: 'armenian',
    id: 'indonesian',
    it: 'italian',
    lt: 'lithuanian',
    nb: 'norwegian',
    ne: 'nepali',
    nl: 'dutch',
    nn: 'norwegian',
    no: 'norwegian',
    pt: 'portuguese',
    ro: 'romanian',
    ru: 'russian',
    sr: 'serbian',
    sv: 'swedish',
    ta: 'tamil',
    tr: 'turkish',
  }),
)
/** Longer ones are no words of a language, and the stemmers' patterns need more than linear time. */
const LONGEST_STEMMED = 48

type Stemmer = (word: string) => string

// Required, not imported: a stemmer costs 1-3 ms, is loaded when its language first appears, and a caller cannot forget to load it.
const require = createRequire(import.meta.url)
const stemmers = new Map<string, Stemmer>([['en', stemEnglishWord]])
const identity: Stemmer = (word) => word

/**
 * The Snowball stem of a word in lower case, with its diacritics, which the stemmers need.
 * @returns the word itself for a language without a stemmer; never empty for a non-empty word
 */
export function stemWord(word: string, language: string): string {
  if (word.length > LONGEST_STEMMED) return word
  return stemmerFor(language)(word) || word
}

/** Loads a language's stemmer ahead of its first word; returns whether there is one. */
export function prepareStemmer(language: string): boolean {
  return stemmerFor(language) !== identity
}

function stemmerFor(language: string): Stemmer {
  let stemmer = stemmers.get(language)
  if (!stemmer) {
    const name = STEMMER_NAMES.get(language)
    stemmer = name === undefined ? identity : (require(`@orama/stemmers/${name}`) as { readonly stemmer: Stemmer }).stemmer
    stemmers.set(language, stemmer)
  }
  return stemmer
}
