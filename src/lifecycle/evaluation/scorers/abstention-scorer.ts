/** Whether an answer was withheld exactly where it must be. Knows what the case expects; knows no texts. */
import { z } from 'zod'
import type { ScorerExtension } from '../../../contracts/evaluation.ts'
import { createMeasure } from './measure.ts'
import { parseScorerOptions } from './scorer-options.ts'

const optionsSchema = z.strictObject({})

/** `abstention`: 1 when the system withheld its answer and the case expects that, or did neither. */
export const abstentionScorer: ScorerExtension<z.output<typeof optionsSchema>> = {
  id: 'abstention',
  version: 1,
  summary: 'The answer is withheld where it must be, and only there.',
  parseOptions: (input) => parseScorerOptions('abstention', optionsSchema, input),
  create: () =>
    createMeasure('abstention', ({ expect }, output) => ({ abstention: output.abstained === expect.abstain ? 1 : 0 })),
}
