/** Which words and phrases people use for the same thing. Knows the thesaurus by stems; knows nothing of ranking. */
import { contentWords } from './analysis.ts'
import { thesaurusDe } from './thesaurus/de.data.ts'
import { thesaurusEn } from './thesaurus/en.data.ts'
import { thesaurusEs } from './thesaurus/es.data.ts'
import { thesaurusFr } from './thesaurus/fr.data.ts'
import { thesaurusJa } from './thesaurus/ja.data.ts'

/** One group a line; entries by white space, the words of a phrase by hyphens. */
const THESAURUS: Readonly<Record<string, readonly string[]>> = {
  de: thesaurusDe,
  en: thesaurusEn,
  es: thesaurusEs,
  fr: thesaurusFr,
  ja: thesaurusJa,
}

/** Words of the longest phrase that is looked up. */
export const MAX_PHRASE = 4

interface SynonymIndex {
  readonly groupsByPhrase: ReadonlyMap<string, readonly number[]>
  /** Words that begin a phrase of several: most words begin none, and asking that is quick. */
  readonly firstWords: ReadonlySet<string>
  /** Stems of each entry, by group. */
  readonly members: readonly (readonly (readonly string[])[])[]
}

const indexes = new Map<string, SynonymIndex>()

/** @param stems of one word, or of a phrase in order @returns numbers of the groups that it belongs to */
export function synonymGroups(stems: readonly string[], language: string): readonly number[] {
  return synonymIndex(language).groupsByPhrase.get(stems.join(' ')) ?? []
}

/** How many of the leading stems are a known phrase, like "annual leave"; 1 when none is. */
export function phraseLength(stems: readonly string[], language: string): number {
  if (!synonymIndex(language).firstWords.has(stems[0] ?? '')) return 1
  for (let length = Math.min(MAX_PHRASE, stems.length); length > 1; length--)
    if (synonymGroups(stems.slice(0, length), language).length > 0) return length
  return 1
}

/** Index terms of what else the words and phrases of a text may be called; without the text's own terms, unique. */
export function synonymTerms(text: string, language: string): string[] {
  const words = contentWords(text, language)
  const stems = words.map((word) => word.stem)
  const own = new Set(stems)
  const terms = new Set<string>()
  for (let at = 0; at < stems.length;) {
    const length = phraseLength(stems.slice(at, at + MAX_PHRASE), language)
    const phrase = stems.slice(at, at + length)
    const isStop = length === 1 && words[at]?.stop === true
    at += length
    if (isStop) continue
    for (const group of synonymGroups(phrase, language))
      for (const member of synonymIndex(language).members[group] ?? [])
        for (const stem of member) if ((stem.length > 1 || language === 'ja') && !own.has(stem)) terms.add(stem)
  }
  return [...terms]
}

function synonymIndex(language: string): SynonymIndex {
  const known = indexes.get(language)
  if (known) return known
  const groupsByPhrase = new Map<string, number[]>()
  const firstWords = new Set<string>()
  const members = (THESAURUS[language] ?? []).map((line, group) => line.split(' ').map((entry) => addEntry(entry, group)))
  function addEntry(entry: string, group: number): string[] {
    const words = contentWords(entry.replaceAll('-', ' '), language)
    if (words.length > 1) firstWords.add(words[0]?.stem ?? '')
    const key = words.map((word) => word.stem).join(' ')
    const groups = groupsByPhrase.get(key) ?? []
    if (!groups.includes(group)) groups.push(group)
    groupsByPhrase.set(key, groups)
    // Stop words make a phrase ("out of office"), but are no terms of the index.
    return words.filter((word) => !word.stop).map((word) => word.stem)
  }
  const index = { groupsByPhrase, firstWords, members }
  indexes.set(language, index)
  return index
}
