/** Puts cases to a system, scores what comes back, and loses none of them. Knows nothing of what the system is. */
import type {
  EvaluationCase,
  EvaluationReport,
  Scorer,
  Scores,
  SystemOutput,
  SystemUnderTest,
} from '../../contracts/evaluation.ts'
import type { Clock } from '../../foundation/concurrency/clock.ts'
import { mapConcurrently } from '../../foundation/concurrency/map-concurrently.ts'
import { isTouchstoneError, messageOf, TouchstoneError } from '../../foundation/errors/touchstone-error.ts'
import type { CaseResult } from './case-result.ts'
import { isInfrastructureError } from './infrastructure-errors.ts'
import { scoreOutput } from './scorers/suite-scorers.ts'
import { countCases, estimateMetrics, estimateSlices, type SliceTable } from './summarise-results.ts'

export interface EvaluationRun extends EvaluationReport {
  readonly system: string
  readonly slices: SliceTable
  /** In the order of the cases. */
  readonly results: readonly CaseResult[]
}

export interface EvaluationOptions {
  /** Cases at once; 1 when absent. */
  readonly concurrency?: number
  /** After this a case counts as errored; two minutes when absent. */
  readonly caseTimeoutMs?: number
  /** Called after each case, in the order of the cases. */
  readonly onProgress?: (done: number, planned: number) => void
  /** Cancels: what has not ended counts as skipped, and the report is still given. */
  readonly signal?: AbortSignal
  readonly clock: Pick<Clock, 'elapsed' | 'after'>
  readonly newRunId: () => string
}

const CASE_TIMEOUT_MS = 120_000

/** @throws TouchstoneError INTERNAL when planned cases and ended cases differ, which would be a defect of this file */
export async function runEvaluation(
  cases: readonly EvaluationCase[],
  system: SystemUnderTest,
  scorers: readonly Scorer[],
  options: EvaluationOptions,
): Promise<EvaluationRun> {
  const results: CaseResult[] = []
  const run = (testCase: EvaluationCase): Promise<CaseResult> => runCase(testCase, system, scorers, options)
  for await (const result of mapConcurrently(cases, options.concurrency ?? 1, run)) {
    results.push(result)
    options.onProgress?.(results.length, cases.length)
  }
  return {
    run: options.newRunId(),
    system: system.id,
    cases: countCases(cases.length, results),
    metrics: estimateMetrics(results),
    slices: estimateSlices(results),
    results,
  }
}

async function runCase(
  testCase: EvaluationCase,
  system: SystemUnderTest,
  scorers: readonly Scorer[],
  options: EvaluationOptions,
): Promise<CaseResult> {
  const { id, as, question, slice } = testCase
  const startedAt = options.clock.elapsed()
  const finish = (ending: Pick<CaseResult, 'outcome' | 'scores' | 'output' | 'error'>): CaseResult => ({
    id,
    as,
    question,
    slice,
    ...ending,
    durationMs: options.clock.elapsed() - startedAt,
  })
  if (options.signal?.aborted) return finish({ outcome: 'skipped', scores: {} })
  let output: SystemOutput
  try {
    output = await runWithinTime(testCase, system, options)
  } catch (error) {
    // A cancelled run makes systems throw; that is no fault of theirs.
    if (options.signal?.aborted) return finish({ outcome: 'skipped', scores: {} })
    if (isInfrastructureError(error)) return finish({ outcome: 'errored', scores: {}, error: describe(error) })
    return finish({ outcome: 'failed', scores: scoreFailure(testCase, scorers), error: describe(error) })
  }
  const { scores, errors } = await scoreOutput(testCase, output, scorers)
  if (errors.length === 0) return finish({ outcome: 'scored', scores, output })
  return finish({ outcome: 'unscored', scores, output, error: describe(errors[0]) })
}

async function runWithinTime(
  testCase: EvaluationCase,
  system: SystemUnderTest,
  options: EvaluationOptions,
): Promise<SystemOutput> {
  const { signal, clock, caseTimeoutMs = CASE_TIMEOUT_MS } = options
  const controller = new AbortController()
  const stopped = Promise.withResolvers<never>()
  const stop = (reason: unknown): void => {
    controller.abort(reason)
    // The system may not heed its signal; the run goes on all the same.
    stopped.reject(reason)
  }
  const cancel = (): void => stop(signal?.reason)
  const cancelTimer = clock.after(caseTimeoutMs, () =>
    stop(new TouchstoneError('CASE_TIMEOUT', { details: { case: testCase.id, timeoutMs: caseTimeoutMs } })),
  )
  signal?.addEventListener('abort', cancel, { once: true })
  try {
    return await Promise.race([system.run(testCase, controller.signal), stopped.promise])
  } finally {
    cancelTimer()
    signal?.removeEventListener('abort', cancel)
  }
}

function scoreFailure(testCase: EvaluationCase, scorers: readonly Scorer[]): Scores {
  return Object.assign({}, ...scorers.map((scorer) => scorer.scoreFailure?.(testCase) ?? {})) as Scores
}

function describe(error: unknown): { code: string; message: string } {
  return { code: isTouchstoneError(error) ? error.code : 'UNKNOWN', message: messageOf(error) }
}
