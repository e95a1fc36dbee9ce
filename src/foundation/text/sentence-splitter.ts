/** Where sentences begin and end. Knows punctuation and abbreviations; knows nothing of what sentences say. */
import {
  CLOSING_ABBREVIATIONS,
  GERMAN_MONTHS,
  GERMAN_ORDINAL_CUES,
  LEADING_ABBREVIATIONS,
  NUMBERING_ABBREVIATIONS,
} from './abbreviations.data.ts'
import type { Span } from './span.ts'
import { stopWordsOf } from './stop-words.ts'

const LINE = /[^\n\r\u0085\u2028\u2029]+/g
/** How far back the word before a full stop is looked for: longer ones are no abbreviation. */
const LOOK_BACK = 24
const OPENING = /(?<=[.?!。！？．…])[\p{Ps}\p{Pi}]+$/u
const LAST_WORD = /(?:^|[\s([{"'“„«‘/-])([\p{L}\p{M}\p{N}§º.]+)\.$/u
const FIRST_WORD = /^[\s"'“„«‘([{*_]*([\p{L}\p{M}]+|\p{N}+)/u

const segmenters = new Map<string, Intl.Segmenter>()
const abbreviations = new Map<string, { readonly leading: ReadonlySet<string>; readonly closing: ReadonlySet<string> }>()

/**
 * The sentences of a text: ascending, never overlapping, trimmed of white space, together covering all that is not white space.
 * A line break always ends a sentence.
 * @param language BCP-47 primary subtag; decides which abbreviations and ordinals are known
 */
export function splitSentences(text: string, language: string): readonly Span[] {
  const spans: Span[] = []
  for (const line of text.matchAll(LINE)) splitLine(line[0], line.index, language, spans)
  return spans
}

function splitLine(line: string, offset: number, language: string, spans: Span[]): void {
  let start = 0
  for (const { segment, index } of segmenterFor(language).segment(line)) {
    // Unicode's rules leave an opening bracket that follows without a space with the sentence before.
    const at = index - (OPENING.exec(line.slice(Math.max(start, index - 4), index))?.[0].length ?? 0)
    if (at <= start || !endsSentence(line, start, at, line.slice(at, index) + segment, language)) continue
    pushTrimmed(line, start, at, offset, spans)
    start = at
  }
  pushTrimmed(line, start, line.length, offset, spans)
}

function pushTrimmed(line: string, start: number, end: number, offset: number, spans: Span[]): void {
  const sentence = line.slice(start, end)
  const from = start + sentence.length - sentence.trimStart().length
  const to = start + sentence.trimEnd().length
  if (from < to) spans.push({ start: offset + from, end: offset + to })
}

/** Whether the boundary that Unicode's rules see at `at` is one, given what stands before it and the segment after. */
function endsSentence(line: string, start: number, at: number, next: string, language: string): boolean {
  const before = line.slice(Math.max(start, at - LOOK_BACK), at).trimEnd()
  if (!/[\p{L}\p{N}]/u.test(next.slice(0, 200))) return false
  if (/[?!…][)\]}"'”“»’]+$/u.test(before) && /^\s*\p{Ll}/u.test(next)) return false
  if (!before.endsWith('.')) return true
  // An enumerator: "1. First", "a. First".
  if (at - start <= 8 && /^\s*(?:\p{Nd}{1,3}|\p{L})\.\s*$/u.test(line.slice(start, at))) return false
  const word = LAST_WORD.exec(before)?.[1]
  if (word === undefined) return true
  return !continuesAfter(word, before, FIRST_WORD.exec(next.slice(0, 100))?.[1] ?? '', language)
}

function continuesAfter(word: string, before: string, following: string, language: string): boolean {
  const key = word.toLowerCase()
  const { leading, closing } = abbreviationsFor(language)
  if (/^\p{N}/u.test(following) && (NUMBERING_ABBREVIATIONS.has(key) || closing.has(key))) return true
  if (/^\p{Nd}{1,2}$/u.test(word)) return language === 'de' && isGermanOrdinal(before, following)
  if (NUMBERING_ABBREVIATIONS.has(key) && key.length > 1 && !leading.has(key)) return false
  if (leading.has(key)) return true
  const usualFirstWord = stopWordsOf(language).has(following.toLowerCase())
  if (closing.has(key) || /^\p{L}\p{M}*(?:\.\p{L}\p{M}*)+$/u.test(word)) return !usualFirstWord
  return /^\p{L}\p{M}*$/u.test(word) && !(language === 'en' && word === 'I') && !usualFirstWord
}

function isGermanOrdinal(before: string, following: string): boolean {
  const cue = /(\p{L}+)\s+\p{Nd}{1,2}\.$/u.exec(before)?.[1]?.toLowerCase()
  if (GERMAN_MONTHS.has(following.toLowerCase())) return true
  return cue !== undefined && GERMAN_ORDINAL_CUES.has(cue) && !stopWordsOf('de').has(following.toLowerCase())
}

function abbreviationsFor(language: string): { readonly leading: ReadonlySet<string>; readonly closing: ReadonlySet<string> } {
  let known = abbreviations.get(language)
  if (!known) {
    const read = (lists: Readonly<Record<string, string>>) =>
      new Set(
        ['general', language]
          .flatMap((key) => (Object.hasOwn(lists, key) ? (lists[key] ?? '').split(' ') : []))
          .filter((entry) => entry !== ''),
      )
    known = { leading: read(LEADING_ABBREVIATIONS), closing: read(CLOSING_ABBREVIATIONS) }
    abbreviations.set(language, known)
  }
  return known
}

/** A language tag that ICU refuses gets the root rules. */
function segmenterFor(language: string): Intl.Segmenter {
  let segmenter = segmenters.get(language)
  if (!segmenter) {
    const locale = /^[a-z]{2,3}$/i.test(language) ? language : 'en'
    segmenter = new Intl.Segmenter(locale, { granularity: 'sentence' })
    segmenters.set(language, segmenter)
  }
  return segmenter
}
