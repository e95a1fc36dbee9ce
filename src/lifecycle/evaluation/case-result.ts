/** How one case of an evaluation ended. Knows nothing of how it was run or where it is kept. */
import type { SystemOutput } from '../../contracts/evaluation.ts'
import type { RunRecord } from '../../contracts/recorded-run.ts'

export interface CaseResult extends Omit<RunRecord, 'case' | 'output'> {
  readonly id: string
  readonly caseHash: string
  readonly as: string
  readonly question: string
  readonly output?: SystemOutput
  /** Of the attempt that ended it, without waiting for its turn. */
  readonly durationMs: number
  /** The output is one of an earlier run: nothing was called. */
  readonly reused?: true
}
