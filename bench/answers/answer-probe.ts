/** Looks behind an extractive answer: the passages it was made from, how sure it was, and what it would have said. Scores nothing. */
import { join } from 'node:path'
import { confidenceOf } from '../../src/adapters/builtin/answer-selection.ts'
import { explainExtraction } from '../../src/adapters/builtin/extractive-answerer.ts'
import { WEIGHTS } from '../../src/adapters/builtin/extractive-weights.data.ts'
import { createLanceDbEngine } from '../../src/adapters/lancedb/lancedb-index.ts'
import { composeKnowledge } from '../../src/app/compose-knowledge.ts'
import type { ComposedApplication } from '../../src/app/compose.ts'
import type { Passage } from '../../src/contracts/document.ts'
import { TouchstoneError } from '../../src/foundation/errors/touchstone-error.ts'

/** Confidence from which on the product answers. */
export const ANSWERS_FROM: number = WEIGHTS.threshold

export interface Probe {
  readonly passages: readonly Passage[]
  /** The answerer's own probability that its best candidate answers, 0..1; 0 without candidates. */
  readonly confidence: number
  /** The best candidate: what would be said if something had to be. */
  readonly leading: string
}

export interface AnswerProbe {
  examine(user: string, question: string): Promise<Probe>
  close(): Promise<void>
}

/** Opens the index a second time, since the composed application keeps its passages to itself. @param dataDirectory the application's */
export async function openAnswerProbe(
  { foundation }: ComposedApplication,
  dataDirectory: string,
  feature: string,
): Promise<AnswerProbe> {
  const settings = foundation.loaded.config.features[feature]
  if (settings === undefined) throw new TouchstoneError('FEATURE_UNKNOWN', { details: { feature } })
  const knowledge = await composeKnowledge(foundation, createLanceDbEngine({ directory: join(dataDirectory, 'index') }))
  return {
    examine: async (user, question) => {
      const asker = await foundation.access.authorise({ tenant: foundation.tenant, user })
      const signal = AbortSignal.timeout(60_000)
      const { passages } = await knowledge.passages.find({ text: question, variants: [] }, asker, settings.retrieval, signal)
      const ranked = explainExtraction({ messages: [], question, passages })
      const best = ranked[0]
      if (best === undefined) return { passages, confidence: 0, leading: '' }
      return { passages, confidence: confidenceOf(best, ranked), leading: best.candidate.text }
    },
    close: async () => {
      await knowledge.parser.close()
      await knowledge.index.close()
    },
  }
}
