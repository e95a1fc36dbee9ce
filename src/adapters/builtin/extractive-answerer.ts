/** The chat model that needs none: selects the sentences that answer, cites each, and never invents. Knows no prompt text. */
import type { ChatModel, ModelEvent, Prompt } from '../../contracts/chat-model.ts'
import { detectLanguage } from '../../foundation/text/language.ts'
import { candidatesOf, profilePassage, type Candidate } from './answer-candidates.ts'
import { selectAnswer } from './answer-selection.ts'
import { scoreCandidates, type ScoredCandidate } from './candidate-scoring.ts'
import { compareWithQuestion } from './question-similarity.ts'
import { readQuestion, type QuestionReading } from './question-reading.ts'

/** Raised with every change of rules or weights. */
const VERSION = 2
export const EXTRACTIVE_MODEL = `builtin/extractive@${VERSION}`

/** Needs `prepareAnalysis` for the languages of the passages. Costs nothing and counts no tokens; works on the prompt's structured passages. */
export function createExtractiveAnswerer(): ChatModel {
  return {
    id: EXTRACTIVE_MODEL,
    async *generate(prompt, signal): AsyncGenerator<ModelEvent> {
      signal.throwIfAborted()
      const selected = selectSentences(prompt)
      for (const [index, candidate] of selected.entries()) yield { type: 'text', text: render(candidate, selected[index + 1]) }
      if (selected.length === 0) yield { type: 'text', text: 'NO_ANSWER' }
      yield { type: 'end', usage: { inputTokens: 0, outputTokens: 0 }, costNanoUsd: 0, finishReason: 'stop' }
    },
  }
}

/** @returns the candidates with their scores, best first: why this answer */
export function explainExtraction(prompt: Prompt): readonly ScoredCandidate[] {
  return scorePrompt(prompt).scored.toSorted((left, right) => right.score - left.score)
}

function selectSentences(prompt: Prompt): readonly Candidate[] {
  const { scored, parts } = scorePrompt(prompt)
  return selectAnswer(scored, parts)
}

function scorePrompt(prompt: Prompt): { readonly scored: readonly ScoredCandidate[]; readonly parts: number } {
  const { question, passages } = prompt
  const readings = new Map<string, QuestionReading>()
  const reading = (language: string): QuestionReading => {
    const known = readings.get(language) ?? readQuestion(question, language)
    readings.set(language, known)
    return known
  }
  const candidates = passages.flatMap((passage, index) => candidatesOf(passage, index))
  const language = detectLanguage(question, [...new Set(passages.map((passage) => passage.language))])
  const similarityOf = compareWithQuestion(prompt, language)
  const scored = scoreCandidates(candidates, reading, passages.map(profilePassage), similarityOf)
  return { scored, parts: reading(language).parts }
}

function render(candidate: Candidate, next: Candidate | undefined): string {
  const apart = [candidate, next].some((piece) => piece !== undefined && piece.kind !== 'sentence')
  const space = next === undefined ? '' : apart ? '\n' : ' '
  return `${candidate.text.replace(/\s+/gu, ' ')} [${candidate.passageIndex + 1}]${space}`
}
