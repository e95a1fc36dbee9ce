/** How likely each candidate answers the question, by rules whose numbers stand in one file. Chooses nothing. */
import { holdsKind, SURE_KINDS } from './answer-kinds.ts'
import type { Candidate, PassageProfile } from './answer-candidates.ts'
import { WEIGHTS } from './extractive-weights.data.ts'
import type { QuestionReading, WeightedWord } from './question-reading.ts'
import { alikeInMeaning, matchWord } from './word-matching.ts'

export interface ScoredCandidate {
  readonly candidate: Candidate
  /** About 0..1.2; comparable over questions. */
  readonly score: number
  readonly evidence: Evidence
  /** Words of the question (as written there, folded) that the candidate itself holds. */
  readonly holds: ReadonlySet<string>
  /** Whether it holds the kind of thing that was asked for; true when nothing particular was. */
  readonly expected: boolean
}

/** What a score is made of; also what decides whether the best candidate answers at all. */
export interface Evidence {
  /** Shares of the question's word weight, 0..1: in the sentence, and in sentence and context. */
  readonly own: number
  readonly covered: number
  /** The largest single share that is nowhere near. */
  readonly worstMissing: number
  /** A number, a name or an acronym of the question is not there. */
  readonly constraintMissing: boolean
  /** Cosines of the question with the sentence, with the sentence under its headings, and with the passage; neutral where the embedding does not know the language. */
  readonly similarity: Similarity
  /** Words of the question that the sentence holds itself, up to `mostHeld`, as a share of that. */
  readonly held: number
  /** 1 when the expected kind is there, -1 when it is not, 0 when nothing particular was asked for. */
  readonly kind: -1 | 0 | 1
  /** That kind is missing, and it is one that is always written in a way that can be recognised. */
  readonly surelyMissing: boolean
  readonly passage: number
  /** Characters, as a share of a long sentence's 300, at most 1. */
  readonly length: number
  readonly superseded: boolean
}

/** Cosines, [-1, 1]. */
export interface Similarity {
  readonly sentence: number
  readonly inContext: number
  readonly passage: number
}

interface MatchedWord {
  readonly word: WeightedWord
  readonly own: number
  /** In sentence or context, by where it stands. */
  readonly credit: number
  readonly inContext: boolean
}

/**
 * The score is linear in the evidence: shares of the question's word weight, expected kind, constraints, similarity, passage.
 * Word weight = prior times rarity here.
 * @param reading per language of the passages @param passages profiles, by passage index
 */
export function scoreCandidates(
  candidates: readonly Candidate[],
  reading: (language: string) => QuestionReading,
  passages: readonly PassageProfile[],
  similarityOf: (candidate: Candidate) => Similarity,
): readonly ScoredCandidate[] {
  const matched = candidates.map((candidate) => {
    const profile = passages[candidate.passageIndex]
    return reading(candidate.passage.language).words.map((word) => matchInPlaces(word, candidate, profile))
  })
  const rarity = (place: number): number => {
    const holding = matched.filter((words) => (words[place]?.own ?? 0) >= 0.5).length
    return 0.6 + (0.4 * Math.log((candidates.length + 1) / (holding + 0.5))) / Math.log((candidates.length + 1) / 0.5)
  }
  const rarities = (matched[0] ?? []).map((_word, place) => rarity(place))
  return candidates.map((candidate, index) =>
    scoreCandidate(candidate, matched[index] ?? [], rarities, reading(candidate.passage.language), similarityOf(candidate)),
  )
}

function matchInPlaces(word: WeightedWord, candidate: Candidate, passage: PassageProfile | undefined): MatchedWord {
  const { place } = WEIGHTS
  const own = matchWord(word, candidate.own)
  const intro = candidate.intro ? matchWord(word, candidate.intro) * place.intro : 0
  const antecedent = candidate.antecedent ? matchWord(word, candidate.antecedent) * place.antecedent : 0
  const heading = passage ? matchWord(word, passage.headings) * place.heading : 0
  const title = passage ? matchWord(word, passage.title) * place.title : 0
  const neighbour = matchWord(word, candidate.neighbours) * place.neighbour
  const anywhere = passage ? matchWord(word, passage.all) * place.passage : 0
  const near = Math.max(own, intro, antecedent, heading, title, neighbour)
  const hint = near > 0 ? 0 : alikeInMeaning(word, candidate.own)
  return { word, own, credit: Math.max(near, anywhere, hint), inContext: near > 0 }
}

function scoreCandidate(
  candidate: Candidate,
  matched: readonly MatchedWord[],
  rarities: readonly number[],
  reading: QuestionReading,
  similarity: Similarity,
): ScoredCandidate {
  const weights = matched.map(({ word }, place) => word.weight * (rarities[place] ?? 1))
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  const share = (value: (match: MatchedWord) => number): number =>
    total === 0 ? 0 : matched.reduce((sum, match, place) => sum + value(match) * (weights[place] ?? 0), 0) / total
  const expected = reading.kinds.length === 0 || reading.kinds.some((kind) => holdsKind(candidate.text, kind))
  const holds = new Set(matched.filter((match) => match.own > 0).map((match) => match.word.folded))
  const evidence: Evidence = {
    own: share((match) => match.own),
    covered: share((match) => match.credit),
    worstMissing: Math.max(
      0,
      ...matched.map((match, place) => (match.inContext || total === 0 ? 0 : (weights[place] ?? 0) / total)),
    ),
    constraintMissing: matched.some((match) => match.word.constraint && !match.inContext),
    kind: reading.kinds.length === 0 ? 0 : expected ? 1 : -1,
    surelyMissing: !expected && reading.kinds.every((kind) => SURE_KINDS.has(kind)),
    passage: candidate.passage.score,
    length: Math.min(1, candidate.text.length / 300),
    superseded: candidate.passage.metadata['status'] === 'superseded',
    similarity,
    held: Math.min(WEIGHTS.mostHeld, holds.size) / WEIGHTS.mostHeld,
  }
  const score = evidence.covered === 0 && similarity.inContext < WEIGHTS.leastSimilarity ? 0 : Math.max(0, weigh(evidence))
  return { candidate, score, evidence, holds, expected }
}

/** Linear in the evidence. */
function weigh(evidence: Evidence): number {
  const { score: weights } = WEIGHTS
  const { similarity } = evidence
  return (
    weights.own * evidence.own +
    weights.covered * evidence.covered +
    weights.worstMissing * evidence.worstMissing +
    (evidence.constraintMissing ? weights.constraintMissing : 0) +
    weights.kind * evidence.kind +
    weights.passage * evidence.passage +
    weights.held * evidence.held +
    weights.sentence * similarity.sentence +
    weights.inContext * similarity.inContext +
    weights.passageSimilarity * similarity.passage +
    weights.length * evidence.length +
    (evidence.superseded ? weights.superseded : 0)
  )
}
