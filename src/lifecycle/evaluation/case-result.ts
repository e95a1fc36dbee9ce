/** How one case of an evaluation ended. Knows nothing of how it was run. */
import type { EvaluationCase, Scores, SystemOutput } from '../../contracts/evaluation.ts'
import type { CaseOutcome } from '../../contracts/recorded-run.ts'

export interface CaseResult {
  readonly id: string
  readonly as: string
  readonly question: string
  readonly outcome: CaseOutcome
  readonly scores: Scores
  readonly slice: EvaluationCase['slice']
  readonly output?: SystemOutput
  readonly error?: { readonly code: string; readonly message: string }
  readonly durationMs: number
}
