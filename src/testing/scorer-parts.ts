/** The least that a scorer needs: parts, a case, an output. Knows the contracts; knows no scorer. */
import type { EvaluationCase, ScorerParts, SystemOutput } from '../contracts/evaluation.ts'
import { TouchstoneError } from '../foundation/errors/touchstone-error.ts'

/** Parts without a model: a claim is supported where a text holds it word for word. */
export const plainScorerParts: ScorerParts = {
  supports: async (claim, texts) => texts.some((text) => text.includes(claim)),
  model: (model) => {
    throw new TouchstoneError('MODEL_UNKNOWN', { details: { model } })
  },
  baseDirectory: import.meta.dirname,
  environment: {},
}

export function evaluationCase(more: Partial<EvaluationCase> = {}): EvaluationCase {
  return {
    id: 'case-1',
    as: 'maria',
    question: 'What holds?',
    history: [],
    expect: { facts: [], not: [], abstain: false },
    never: [],
    slice: {},
    ...more,
  }
}

export function systemOutput(text: string, more: Partial<SystemOutput> = {}): SystemOutput {
  return { text, abstained: false, cited: [], exposed: [], ...more }
}
