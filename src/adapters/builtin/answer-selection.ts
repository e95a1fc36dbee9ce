/** Which candidates make the answer, in reading order, or none. Knows scores; knows nothing of how they came about. */
import type { Candidate } from './answer-candidates.ts'
import type { ScoredCandidate } from './candidate-scoring.ts'
import { WEIGHTS } from './extractive-weights.data.ts'

/**
 * @param parts how many things the question asks for
 * @returns the pieces to say, by passage and position; empty when nothing answers well enough
 */
export function selectAnswer(scored: readonly ScoredCandidate[], parts: number): readonly Candidate[] {
  const ranked = scored.toSorted((left, right) => right.score - left.score || inReadingOrder(left.candidate, right.candidate))
  const best = ranked[0]
  if (!best || confidenceOf(best, ranked) < WEIGHTS.threshold) return []
  const chosen = chooseFurther(best, ranked.slice(1), parts).map((entry) => entry.candidate)
  const candidates = scored.map((entry) => entry.candidate)
  const complete = chosen.flatMap((candidate) => withWhatItNeeds(candidate, candidates))
  // The best passage speaks first; within a passage the order is the document's.
  const order = [...new Set(chosen.map((candidate) => candidate.passageIndex))]
  return [...new Set(complete)].sort(
    (left, right) => order.indexOf(left.passageIndex) - order.indexOf(right.passageIndex) || left.position - right.position,
  )
}

/** @returns the probability, 0..1, that the best candidate answers, as the weights were fitted */
export function confidenceOf(best: ScoredCandidate, ranked: readonly ScoredCandidate[]): number {
  const { decision } = WEIGHTS
  const { evidence } = best
  const logit =
    decision.bias +
    decision.covered * evidence.covered +
    decision.worstMissing * evidence.worstMissing +
    (evidence.kind === 1 ? decision.kindFound : evidence.kind === -1 ? decision.kindMissing : 0) +
    (evidence.surelyMissing ? decision.surelyMissing : 0) +
    (evidence.constraintMissing ? decision.constraintMissing : 0) +
    decision.passage * evidence.passage +
    decision.held * evidence.held +
    decision.own * evidence.own +
    decision.inContext * evidence.similarity.inContext +
    decision.mass * massOf(best, ranked)
  return 1 / (1 + Math.exp(-logit))
}

/** @returns the share, 0..1, that the softmax under which the scores were fitted gives to the best candidate's passage */
function massOf(best: ScoredCandidate, ranked: readonly ScoredCandidate[]): number {
  const likelihoodOf = (score: number): number => Math.exp((score - best.score) / WEIGHTS.temperature)
  let total = likelihoodOf(WEIGHTS.noneScore)
  let own = 0
  for (const { score, candidate } of ranked) {
    const likelihood = likelihoodOf(score)
    total += likelihood
    if (candidate.passageIndex === best.candidate.passageIndex) own += likelihood
  }
  return own / total
}

function chooseFurther(best: ScoredCandidate, others: readonly ScoredCandidate[], parts: number): ScoredCandidate[] {
  const chosen = [best]
  const superseded = (entry: ScoredCandidate): boolean => entry.candidate.passage.metadata['status'] === 'superseded'
  for (const other of others) {
    if (chosen.length >= WEIGHTS.maxSentences) break
    if (chosen.some((entry) => saysTheSame(entry.candidate, other.candidate))) continue
    if (superseded(other) && !superseded(best)) continue
    const held = new Set(chosen.flatMap((entry) => [...entry.holds]))
    const brings = [...other.holds].filter((word) => !held.has(word)).length / Math.max(1, other.holds.size)
    const sharesPlace = other.candidate.passageIndex === best.candidate.passageIndex
    const isPart = brings >= WEIGHTS.further.newWords && (parts > 1 || sharesPlace)
    const needed = isPart ? WEIGHTS.further.sharePart : WEIGHTS.further.share
    if (other.expected === best.expected && other.score >= best.score * needed) chosen.push(other)
  }
  return chosen
}

/** An introduction brings its list, an item its introduction, and what leans back the sentence that it leans on, and the other way. */
function withWhatItNeeds(candidate: Candidate, all: readonly Candidate[]): Candidate[] {
  const here = all.filter((other) => other.passageIndex === candidate.passageIndex)
  const at = (position: number): Candidate[] => here.filter((other) => other.position === position)
  if (candidate.kind === 'intro') {
    const led = here.filter((other) => other.introPosition === candidate.position && other.kind !== 'sentence')
    return [candidate, ...led.slice(0, WEIGHTS.maxListItems)]
  }
  const lead = candidate.kind !== 'sentence' && candidate.introPosition !== undefined ? at(candidate.introPosition) : []
  const before = candidate.leansBack ? at(candidate.position - 1) : []
  const after = candidate.kind === 'sentence' ? at(candidate.position + 1).filter((next) => next.leansBack) : []
  return [...lead, ...before, candidate, ...after]
}

function saysTheSame(left: Candidate, right: Candidate): boolean {
  const shared = [...left.own.stems].filter((stem) => right.own.stems.has(stem)).length
  return shared >= 0.85 * Math.min(left.own.stems.size, right.own.stems.size)
}

function inReadingOrder(left: Candidate, right: Candidate): number {
  return left.passageIndex - right.passageIndex || left.position - right.position
}
