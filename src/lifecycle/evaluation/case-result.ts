/** How one case of an evaluation ended. Knows nothing of how it was run. */
import type { EvaluationCase, EvaluationReport, Scores, SystemOutput } from '../../contracts/evaluation.ts'

/**
 * `scored`: every scorer gave a value. `failed`: the system itself ended with an error; counts what scorers say of failures.
 * `errored`: timeout, limit or network; says nothing of the system. `unscored`: answered, but a scorer gave no value.
 * `skipped`: not run, or cancelled.
 */
export type CaseOutcome = Exclude<keyof EvaluationReport['cases'], 'planned'>

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
