/** One question's candidates with what several features share: terms, counts, evidence. Knows texts; knows no weights. */
import type { Passage } from '../../../contracts/document.ts'
import type { AnalysedQuery } from '../../../contracts/retrieval.ts'
import { analyseText } from '../../../foundation/text/analysis.ts'
import { byScoreThenChunk } from '../passage-selection.ts'
import { profileOf, type PassageProfile } from './passage-profile.ts'
import { supersededDocuments } from './superseded.ts'
import { evidenceOf, weighQuestionTerms, type QuestionTerms, type TermEvidence } from './term-evidence.ts'

/** The question's words as one language stems them. */
export interface QuestionView extends QuestionTerms {
  /** Sum of their weights. */
  readonly total: number
}

export interface Candidate {
  readonly passage: Passage
  readonly profile: PassageProfile
  readonly question: QuestionView
  readonly evidence: TermEvidence
  /** How often each question word stands in the body; only those that do. */
  readonly counts: ReadonlyMap<string, number>
  /** Question words in the body, repeated ones too. */
  readonly found: number
  readonly path: ReadonlySet<string>
  /** In [0, 1]. */
  readonly bm25: number
  /** In [0, 1]. */
  readonly span: number
}

export interface CandidateList {
  readonly query: AnalysedQuery
  readonly candidates: readonly Candidate[]
  readonly bestScore: number
  readonly related: ReadonlySet<string>
  /** Numbers and identifiers of the question, in lower case. */
  readonly literals: readonly string[]
  readonly superseded: ReadonlySet<string>
  readonly bestOfDocument: ReadonlyMap<string, Passage>
  readonly perDocument: ReadonlyMap<string, number>
  readonly newestMs: number
  /** The most that any candidate has; computed once for each name. */
  best(name: string, measure: (candidate: Candidate) => number): number
}

/** A word with a digit, or one that is written together as no word of prose is: `snake_case`, `camelCase`, `a.b`, `A-12`. */
const LITERAL = /[\p{L}\p{N}]+(?:[-_./:#@][\p{L}\p{N}]+)+|[\p{L}_]*\p{N}[\p{L}\p{N}_]*|\p{Ll}+\p{Lu}\w*/gu

export function viewCandidates(query: AnalysedQuery, passages: readonly Passage[]): CandidateList {
  const profiles = passages.map(profileOf)
  const meanLength = profiles.reduce((sum, { body }) => sum + body.length, 0) / Math.max(1, profiles.length)
  const questions = questionByLanguage(query, profiles)
  const candidates = passages.map((passage, at): Candidate => {
    const profile = profiles[at] ?? profileOf(passage)
    return viewCandidate(passage, profile, questions(passage.language), meanLength)
  })
  const ordered = passages.toSorted(byScoreThenChunk)
  const best = new Map<string, number>()
  return {
    query,
    candidates,
    bestScore: ordered[0]?.score ?? 0,
    related: new Set(query.related ?? []),
    literals: [...new Set((query.text.match(LITERAL) ?? []).map((literal) => literal.toLowerCase()))],
    superseded: supersededDocuments(query.text, passages),
    bestOfDocument: new Map(ordered.toReversed().map((passage) => [passage.document, passage])),
    perDocument: new Map([...Map.groupBy(passages, ({ document }) => document)].map(([document, all]) => [document, all.length])),
    newestMs: passages.reduce((newest, { modifiedAtMs }) => Math.max(newest, modifiedAtMs), 0),
    best: (name, measure) => {
      const most = best.get(name) ?? candidates.reduce((sofar, candidate) => Math.max(sofar, measure(candidate)), 0)
      best.set(name, most)
      return most
    },
  }
}

function questionByLanguage(query: AnalysedQuery, profiles: readonly PassageProfile[]): (language: string) => QuestionView {
  const texts = profiles.map(({ all }) => all)
  const questions = new Map<string, QuestionView>()
  return (language) => {
    const known = questions.get(language)
    if (known) return known
    const terms = weighQuestionTerms(analyseText(query.text, language), texts)
    const view = { ...terms, total: [...terms.idf.values()].reduce((sum, value) => sum + value, 0) }
    questions.set(language, view)
    return view
  }
}

function viewCandidate(passage: Passage, profile: PassageProfile, question: QuestionView, meanLength: number): Candidate {
  const counts = new Map<string, number>()
  const places: string[] = []
  for (const term of profile.body) {
    if (!question.idf.has(term)) continue
    counts.set(term, (counts.get(term) ?? 0) + 1)
    places.push(term)
  }
  return {
    passage,
    profile,
    question,
    evidence: evidenceOf(question, profile.body, profile.names),
    counts,
    found: places.length,
    path: new Set(analyseText(passage.path.replace(/\.\w{1,5}$/u, ''), passage.language)),
    bm25: bm25Share(question, counts, profile.body.length / Math.max(1, meanLength)),
    span: counts.size / Math.max(1, shortestSpan(profile.body, counts)),
  }
}

/** Share of the question's words that these have, by weight. */
export function coverageOf({ idf, total }: QuestionView, terms: { has(term: string): boolean }): number {
  if (total === 0) return 0
  let sum = 0
  for (const [term, value] of idf) if (terms.has(term)) sum += value
  return Math.min(1, sum / total)
}

const K1 = 1.2
const B = 0.75

/** BM25 by its bound: what a text would score that has every question word without end. @param length in mean lengths */
function bm25Share({ idf, total }: QuestionView, counts: ReadonlyMap<string, number>, length: number): number {
  if (total === 0) return 0
  let sum = 0
  for (const [term, count] of counts) sum += ((idf.get(term) ?? 0) * count) / (count + K1 * (1 - B + B * length))
  return Math.min(1, sum / total)
}

/** Terms of the shortest stretch that has every counted term at least once; 0 when there is none. */
function shortestSpan(body: readonly string[], wanted: ReadonlyMap<string, number>): number {
  const inside = new Map<string, number>()
  let shortest = wanted.size === 0 ? 0 : body.length
  let start = 0
  for (const [end, term] of body.entries()) {
    if (!wanted.has(term)) continue
    inside.set(term, (inside.get(term) ?? 0) + 1)
    while (inside.size === wanted.size && start <= end) {
      shortest = Math.min(shortest, end - start + 1)
      const leaving = body[start++] ?? ''
      const left = (inside.get(leaving) ?? 0) - 1
      if (left === 0) inside.delete(leaving)
      else if (left > 0) inside.set(leaving, left)
    }
  }
  return shortest
}
