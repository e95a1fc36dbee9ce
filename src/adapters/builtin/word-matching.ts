/** How well a word of a question is matched by a text: same stem, synonym, related form, part of a compound. Ranks nothing. */
import { cosine } from '../../foundation/statistics/unit-vectors.ts'
import { contentWords } from '../../foundation/text/analysis.ts'
import { MAX_PHRASE, phraseLength, synonymGroups } from '../../foundation/text/synonyms.ts'
import { foldText } from '../../foundation/text/unicode.ts'
import { createStaticEmbedder, type StaticEmbedder } from './static-embedding/static-embedder.ts'
import { WEIGHTS } from './extractive-weights.data.ts'

/** A text prepared for matching. */
export interface WordProfile {
  readonly language: string
  readonly stems: ReadonlySet<string>
  /** Folded words, for related forms. */
  readonly words: readonly string[]
  /** Synonym groups that its words and phrases belong to. */
  readonly groups: ReadonlySet<number>
  /** For languages written without spaces. */
  readonly folded: string
}

/** A word or fixed phrase of the question, prepared in the language of the text it is compared with. */
export interface QuestionWord {
  readonly folded: string
  readonly stems: readonly string[]
  readonly groups: readonly number[]
}

const UNSPACED = /^(?:ja|zh|th)$/u
const RELATED_LENGTH = 5
export function profileWords(text: string, language: string): WordProfile {
  const all = contentWords(text, language)
  const stems = all.map((word) => word.stem)
  const groups = new Set<number>()
  // A phrase hides its parts: "evening meal" is no lunch, though a meal may be one.
  for (let at = 0; at < stems.length;) {
    const size = phraseLength(stems.slice(at, at + MAX_PHRASE), language)
    for (const group of synonymGroups(stems.slice(at, at + size), language)) groups.add(group)
    at += size
  }
  const words = all.filter((word) => !word.stop).map((word) => foldText(word.word))
  return { language, stems: new Set(stems), words, groups, folded: foldText(text) }
}

/** @returns 0..1 */
export function matchWord(word: QuestionWord, profile: WordProfile): number {
  if (word.stems.every((stem) => profile.stems.has(stem)))
    return word.stems.length > 1 ? WEIGHTS.match.phrase : WEIGHTS.match.stem
  if (word.groups.some((group) => profile.groups.has(group))) return WEIGHTS.match.synonym
  if (UNSPACED.test(profile.language))
    return profile.folded.includes(word.folded)
      ? WEIGHTS.match.stem
      : bigramShare(word.folded, profile.folded) * WEIGHTS.match.related
  return profile.words.some((other) => isRelated(word.folded, other, profile.language)) ? WEIGHTS.match.related : 0
}

/**
 * The closest word in meaning, when it is close enough to be meant: a hint, not a match, for lunch is as close to dinner as a
 * meal is. Nothing for phrases, and where the embedding does not know the language. @returns 0..1
 */
export function alikeInMeaning(word: QuestionWord, profile: WordProfile): number {
  const embedder = createStaticEmbedder()
  if (word.stems.length > 1 || !embedder.languages.includes(profile.language)) return 0
  let best = 0
  for (const other of profile.words) best = Math.max(best, wordCosine(word.folded, other, embedder))
  return best < WEIGHTS.leastWordCosine ? 0 : WEIGHTS.match.alike * best
}

/** Pairs of words come back in every sentence of a passage, and passages come back. */
const REMEMBERED_WORDS = 20_000
const wordVectors = new Map<string, Float32Array>()
const wordCosines = new Map<string, number>()

function wordCosine(left: string, right: string, embedder: StaticEmbedder): number {
  const key = `${left}\n${right}`
  const known = wordCosines.get(key)
  if (known !== undefined) return known
  const value = cosine(vectorOf(left, embedder), vectorOf(right, embedder))
  if (wordCosines.size >= REMEMBERED_WORDS) wordCosines.clear()
  wordCosines.set(key, value)
  return value
}

function vectorOf(word: string, embedder: StaticEmbedder): Float32Array {
  const known = wordVectors.get(word)
  if (known !== undefined) return known
  const vector = embedder.embed(word)
  if (wordVectors.size >= REMEMBERED_WORDS) wordVectors.clear()
  wordVectors.set(word, vector)
  return vector
}

function isRelated(left: string, right: string, language: string): boolean {
  const [short, long] = left.length <= right.length ? [left, right] : [right, left]
  if (short.length < RELATED_LENGTH) return false
  // German writes compounds as one word, its head last: Jahresurlaub is Urlaub, Urlaubsgeld is not.
  if (language === 'de' && long.includes(short)) return long === right || long.endsWith(short)
  if (short.length > RELATED_LENGTH && long.length - short.length <= 1 && differsByOneLetter(short, long)) return true
  let shared = 0
  while (shared < short.length && short[shared] === long[shared]) shared++
  return shared >= RELATED_LENGTH && shared >= short.length - 2 && long.length - shared <= 4
}

/** A typing mistake: one letter wrong, missing or doubled. */
function differsByOneLetter(short: string, long: string): boolean {
  let at = 0
  while (at < short.length && short[at] === long[at]) at++
  return short.slice(short.length === long.length ? at + 1 : at) === long.slice(at + 1)
}

function bigramShare(wanted: string, text: string): number {
  const pairs = Array.from({ length: Math.max(0, wanted.length - 1) }, (_, at) => wanted.slice(at, at + 2))
  return pairs.length === 0 ? 0 : pairs.filter((pair) => text.includes(pair)).length / pairs.length
}
