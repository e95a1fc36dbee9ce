/** Access to the stop words. Knows sets by language; knows nothing of indexing. */
import { ACRONYMS, STOP_WORDS } from './stop-words.data.ts'
import { foldLatinDiacritics } from './unicode.ts'

const sets = new Map<string, ReadonlySet<string>>()
const NONE: ReadonlySet<string> = new Set()

/** Lower-case stop words, also as typed without diacritics; empty for a language without a list. Negations are never among them. */
export function stopWordsOf(language: string): ReadonlySet<string> {
  const known = sets.get(language)
  if (known) return known
  const list = Object.hasOwn(STOP_WORDS, language) ? STOP_WORDS[language] : undefined
  if (list === undefined) return NONE
  const words = list.split(/\s+/u).filter((word) => word !== '')
  const set = new Set([...words, ...words.map(foldLatinDiacritics)])
  sets.set(language, set)
  return set
}

/** Whether a word of the language is a stop word; `IT` and `US` in capitals are names. */
export function isStopWord(word: string, language: string): boolean {
  return stopWordsOf(language).has(word.toLowerCase()) && !ACRONYMS.has(word)
}

/** For every stop word the languages that have it. */
export function languagesByStopWord(): ReadonlyMap<string, readonly string[]> {
  if (byWord) return byWord
  byWord = new Map()
  for (const language of Object.keys(STOP_WORDS))
    for (const word of stopWordsOf(language)) byWord.set(word, [...(byWord.get(word) ?? []), language])
  return byWord
}
let byWord: Map<string, readonly string[]> | undefined
