/** How alike a question and a candidate are in meaning, by the static embedding. Knows no words and no weights. */
import type { Prompt } from '../../contracts/chat-model.ts'
import { cosine } from '../../foundation/statistics/unit-vectors.ts'
import type { Candidate } from './answer-candidates.ts'
import type { Similarity } from './candidate-scoring.ts'
import { WEIGHTS } from './extractive-weights.data.ts'
import { createStaticEmbedder } from './static-embedding/static-embedder.ts'

const NEUTRAL: Similarity = {
  sentence: WEIGHTS.unknownSimilarity,
  inContext: WEIGHTS.unknownSimilarity,
  passage: WEIGHTS.unknownSimilarity,
}

/** @returns similarity of each candidate with the question; the same neutral value for all where the language is unknown */
export function compareWithQuestion(
  { question, passages }: Prompt,
  questionLanguage: string,
): (candidate: Candidate) => Similarity {
  const embedder = createStaticEmbedder()
  if (!embedder.languages.includes(questionLanguage)) return () => NEUTRAL
  const asked = embedder.embed(question)
  const similarity = (...parts: readonly string[]): number => cosine(asked, embedder.embed(parts.join(' ')))
  const ofPassages = passages.map(({ title, headingPath, text }) => similarity(title, ...headingPath, text))
  return ({ passage, passageIndex, text }) => {
    if (!embedder.languages.includes(passage.language)) return NEUTRAL
    return {
      sentence: similarity(text),
      inContext: similarity(passage.title, ...passage.headingPath.slice(-2), text),
      passage: ofPassages[passageIndex] ?? 0,
    }
  }
}
