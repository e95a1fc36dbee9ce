/** Of passages that say nearly the same, one stands for all of them near the top, and the newest does. Knows readable passages only; removes none. */
import type { Passage } from '../../contracts/document.ts'
import type { AnalysedQuery } from '../../contracts/retrieval.ts'
import { analyseText } from '../../foundation/text/analysis.ts'
import { NEARLY_THE_SAME } from '../../foundation/text/similar-texts.ts'
import { resemblance } from '../../foundation/text/text-sketch.ts'
import { foldText } from '../../foundation/text/unicode.ts'
import { lookedAfterAt } from '../document-dates.ts'
import { rescored } from './explanation.ts'
import { byScoreThenChunk } from './passage-selection.ts'
import { profileOf, type PassageProfile } from './rerankers/passage-profile.ts'
import { supersededDocuments } from './rerankers/superseded.ts'

/** What a passage keeps of its score when another one says the same. */
const REPEATED_SHARE = 0.5
/** Share of their words that passages of documents with the same title have in common, to be versions of each other. */
const OTHER_VERSION = 0.6
const DAY_MS = 24 * 3_600_000

/**
 * Groups the passages that say nearly the same, or are versions of each other: of documents with the same title, in mostly the same
 * words. Only those count as the same that match the same words of the question: pages of one form say different things to whoever
 * asks for what differs. In a group a current document comes before a replaced one, a newer before an older; the first takes the best
 * score that any of them has, the others come after.
 * @returns all of them, by descending score, ties by ascending chunk id
 */
export function settleRepeated(question: AnalysedQuery, passages: readonly Passage[]): readonly Passage[] {
  const ordered = passages.toSorted(byScoreThenChunk)
  const groups = groupRepeated(question, ordered).filter((group) => group.length > 1)
  if (groups.length === 0) return ordered
  const superseded = supersededDocuments(question.text, ordered)
  const settled = new Map<Passage, Passage>()
  for (const group of groups) for (const [before, after] of settleGroup(group, superseded)) settled.set(before, after)
  return ordered.map((passage) => settled.get(passage) ?? passage).sort(byScoreThenChunk)
}

interface Candidate {
  readonly passage: Passage
  readonly profile: PassageProfile
  readonly title: string
}

/** Each group is led by its best passage. */
function groupRepeated(question: AnalysedQuery, passages: readonly Passage[]): readonly (readonly Passage[])[] {
  const matched = rememberMatched(question)
  const bySaid = Map.groupBy(passages, matched)
  return [...bySaid.values()].flatMap((alike) => {
    if (alike.length === 1) return [alike]
    const groups: { readonly first: Candidate; readonly all: Passage[] }[] = []
    for (const passage of alike) {
      const profile = profileOf(passage)
      const candidate = { passage, profile, title: foldText(passage.title) }
      const group = groups.find(({ first }) => saySame(first, candidate))
      if (group === undefined) groups.push({ first: candidate, all: [passage] })
      else group.all.push(passage)
    }
    return groups.map(({ all }) => all)
  })
}

/** Which words of the question a passage matches, in its text, its names or its path, as one string. */
function rememberMatched(question: AnalysedQuery): (passage: Passage) => string {
  const byLanguage = new Map<string, readonly string[]>()
  return (passage) => {
    const { language } = passage
    const asked = byLanguage.get(language) ?? [...new Set(analyseText(question.text, language))]
    byLanguage.set(language, asked)
    const path = new Set(analyseText(passage.path.replace(/[/_.-]+/gu, ' '), language))
    const { all } = profileOf(passage)
    return [language, ...asked.filter((term) => all.has(term) || path.has(term))].join('\n')
  }
}

function saySame(first: Candidate, other: Candidate): boolean {
  if (resemblance(first.profile.sketch, other.profile.sketch) >= NEARLY_THE_SAME) return true
  if (first.passage.document === other.passage.document || first.title !== other.title || first.title === '') return false
  const [words, otherWords] = [new Set(first.profile.body), new Set(other.profile.body)]
  const shared = words.intersection(otherWords).size
  return shared >= OTHER_VERSION * (words.size + otherWords.size - shared)
}

function* settleGroup(group: readonly Passage[], superseded: ReadonlySet<string>): Generator<[before: Passage, after: Passage]> {
  const rank = (passage: Passage): readonly [current: number, day: number] => [
    superseded.has(passage.document) ? 0 : 1,
    // Files that were copied together differ by seconds.
    Math.floor((lookedAfterAt(passage) ?? 0) / DAY_MS),
  ]
  const [lead, ...others] = group.toSorted((left, right) => {
    const [[current, day], [otherCurrent, otherDay]] = [rank(left), rank(right)]
    return otherCurrent - current || otherDay - day || byScoreThenChunk(left, right)
  })
  const best = group[0]?.score ?? 0
  if (lead !== undefined && lead.score < best) yield [lead, withScore(lead, best, 'freshness')]
  for (const other of others) yield [other, withScore(other, other.score * REPEATED_SHARE, 'near-duplicate')]
}

function withScore(passage: Passage, score: number, name: string): Passage {
  return rescored(passage, score, () => [{ name, value: 1, contribution: score - passage.score }])
}
