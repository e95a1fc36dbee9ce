/**
 * Corrects words of a question that nothing holds of what the asker may read, by words that something of it holds. Whatever it knows
 * it learns from searches that the asker could make, through both locks; so no correction tells what stands in hidden documents.
 */
import type { Asker } from '../../../contracts/asker.ts'
import type { Passage } from '../../../contracts/document.ts'
import type { IndexFilter } from '../../../contracts/document-index.ts'
import type { AnalysedQuery, Correction, Retriever } from '../../../contracts/retrieval.ts'
import { analyseText, contentWords } from '../../../foundation/text/analysis.ts'
import { editDistance, slipsOf } from '../../../foundation/text/edit-distance.ts'
import { dominantScript } from '../../../foundation/text/script.ts'
import { profileOf } from '../rerankers/passage-profile.ts'
import { confirmPassages, type LockParts } from '../second-lock.ts'
import { suspectWords } from './suspect-words.ts'

/** From so many letters on a word may have two slips; shorter ones have too many neighbours (`stations`, `situations`). */
const TWO_SLIPS_FROM = 10
const SHORT = 4
const LONG = 8
/** More unknown words are a question about something else. */
const MOST_CORRECTED = 3
const PASSAGES_AT_ONCE = 50
/** Each looks at what the ones before did not find; short words have more neighbours than anybody means. */
const MOST_LOOKS = 6

export interface SpellingParts extends LockParts {
  readonly retrievers: { readonly chunks: Retriever }
}

export interface SpellingSearch {
  readonly question: AnalysedQuery
  /** What the question found as it was asked. */
  readonly passages: readonly Passage[]
  /** All that the asker may read: a word that stands elsewhere is spelled as it should be. */
  readonly filter: IndexFilter
  readonly asker: Asker
  readonly signal: AbortSignal
}

/** Asks the index only where the passages lack a word. @throws TouchstoneError INDEX_UNAVAILABLE */
export async function findCorrections(search: SpellingSearch, parts: SpellingParts): Promise<readonly Correction[]> {
  const { question, passages } = search
  const unseen = suspectWords(question.text, question.language).filter((word) => !isHeld(word, passages))
  if (unseen.length === 0) return []
  const unknown = await unknownAmong(unseen, search, parts)
  if (unknown.length > MOST_CORRECTED) return []
  const corrections: Correction[] = []
  for (const from of unknown) {
    const to = (await oneSlipAway(from, search, parts)) ?? twoSlipsAway(from, passages)
    if (to !== undefined) corrections.push({ from, to })
  }
  return corrections
}

/** The text with its words corrected, wherever they stand by themselves. */
export function correctText(text: string, corrections: readonly Correction[]): string {
  const corrected = new Map(corrections.map(({ from, to }) => [from.toLowerCase(), to]))
  return text.replace(/[\p{L}\p{M}\p{N}_]+/gu, (word) => corrected.get(word.toLowerCase()) ?? word)
}

function isHeld(word: string, passages: readonly Passage[]): boolean {
  return passages.some((passage) => analyseText(word, passage.language).some((term) => profileOf(passage).all.has(term)))
}

async function unknownAmong(words: readonly string[], search: SpellingSearch, parts: SpellingParts): Promise<readonly string[]> {
  const { asker, question } = search
  const readable = await parts.documents.readableValues(asker.tenant, asker.readable.ids)
  const languages = new Set([question.language, ...readable.languages])
  const termsOf = (word: string): readonly string[] => [...languages].flatMap((language) => analyseText(word, language))
  const held = await heldAmong(new Set(words.flatMap(termsOf)), search, parts)
  return words.filter((word) => !termsOf(word).some((term) => held.has(term)))
}

/** The neighbour that the passages speak for, rather one with the same first letter, rather by a likelier slip. */
async function oneSlipAway(word: string, search: SpellingSearch, parts: SpellingParts): Promise<string | undefined> {
  const { language } = search.question
  const lower = word.toLowerCase()
  const slips = new Map<string, string>()
  for (const slip of slipsOf(lower, dominantScript(lower) ?? '')) {
    const [term] = analyseText(slip, language)
    // A slip from a word that says nothing: then there is nothing to search for.
    if (term === undefined) return undefined
    if (!slips.has(term)) slips.set(term, slip)
  }
  const held = await heldAmong(new Set(slips.keys()), search, parts)
  const candidates = [...slips].flatMap(([term, slip]) => {
    const example = held.get(term)
    const to = example && writtenAs(term, slip, example, language)
    if (to === undefined || editDistance(lower, to, 3) > mostApart(lower)) return []
    const speaking = search.passages.filter((passage) => profileOf(passage).all.has(term)).length
    return [{ to, weight: (1 + speaking) * (to.startsWith(lower.charAt(0)) ? 2 : 1) }]
  })
  return candidates.sort((left, right) => right.weight - left.weight)[0]?.to
}

/** A slip, and another ending where the word is long enough to have one. */
function mostApart({ length }: string): number {
  return length <= SHORT ? 1 : length < LONG ? 2 : 3
}

/** What was found is a stem: the nearest word of it that stands there, which may have another ending. */
function writtenAs(term: string, slip: string, { title, headingPath, text }: Passage, language: string): string | undefined {
  const words = contentWords([title, ...headingPath, text].join('\n'), language)
  const written = new Set(words.filter(({ stem }) => stem === term).map(({ word }) => word.toLowerCase()))
  return [...written].sort((left, right) => editDistance(slip, left, 8) - editDistance(slip, right, 8))[0]
}

/** Only among the words of passages that the rest of the question found: there are too many such neighbours to ask for. */
function twoSlipsAway(word: string, passages: readonly Passage[]): string | undefined {
  const lower = word.toLowerCase()
  if ([...lower].length < TWO_SLIPS_FROM) return undefined
  const times = new Map<string, number>()
  for (const passage of passages)
    for (const { word: other, stop } of contentWords(passage.text, passage.language)) {
      const near = other.toLowerCase()
      if (!stop && near.startsWith(lower.charAt(0))) times.set(near, (times.get(near) ?? 0) + 1)
    }
  const near = [...times].filter(([other]) => editDistance(lower, other, 2) <= 2)
  return near.sort(([left, many], [right, few]) => few - many || (left < right ? -1 : 1))[0]?.[0]
}

/**
 * Of the terms those that something holds which the asker may read, each with a passage that does. Looks again for those that it did
 * not see yet, until a look finds nothing: so the outcome does not depend on what ranks first.
 */
async function heldAmong(
  terms: ReadonlySet<string>,
  { question: { language }, filter, asker, signal }: SpellingSearch,
  parts: SpellingParts,
): Promise<ReadonlyMap<string, Passage>> {
  const held = new Map<string, Passage>()
  const open = new Set(terms)
  for (let looks = 0; looks < MOST_LOOKS && open.size > 0; looks++) {
    const query = { text: '', language, terms: [...open] }
    const hits = await parts.retrievers.chunks.retrieve(query, filter, PASSAGES_AT_ONCE, signal)
    const { passages } = await confirmPassages(hits, PASSAGES_AT_ONCE, asker, parts, signal)
    for (const passage of passages)
      for (const term of open.intersection(profileOf(passage).all)) {
        held.set(term, passage)
        open.delete(term)
      }
    if (hits.length < PASSAGES_AT_ONCE) break
  }
  return held
}
