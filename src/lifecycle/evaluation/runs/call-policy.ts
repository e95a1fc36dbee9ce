/** How a target is called: in its turn, within its time, again when the surroundings failed. Knows errors, not targets. */
import type { EvaluationCase, SystemOutput, SystemUnderTest } from '../../../contracts/evaluation.ts'
import type { Clock } from '../../../foundation/concurrency/clock.ts'
import { isTouchstoneError, TouchstoneError } from '../../../foundation/errors/touchstone-error.ts'
import { isInfrastructureError } from '../infrastructure-errors.ts'
import type { CallQuota } from './call-quota.ts'
import { withinTime } from './within-time.ts'

export interface Answered {
  readonly output: SystemOutput
  readonly durationMs: number
}

export interface CallPolicy {
  /** @throws the last error of the system or its surroundings */
  call(system: SystemUnderTest, testCase: EvaluationCase, repeat: number, signal: AbortSignal): Promise<Answered>
}

export interface CallPolicyOptions {
  /** Of one attempt. */
  readonly timeoutMs: number
  readonly clock: Pick<Clock, 'elapsed' | 'after'>
}

const FIRST_PAUSE_MS = 500
const LONGEST_PAUSE_MS = 30_000
/** After so many failures of the surroundings other than a refusal for haste, the case counts as errored. */
const ATTEMPTS = 4
/** A target that refuses for haste this long without letting the case through has no quota left. */
const PATIENCE_MS = 900_000
const CHARACTERS_PER_TOKEN = 4
const GUESSED_ANSWER_TOKENS = 250

/** One attempt. */
export function callOnce({ timeoutMs, clock }: CallPolicyOptions): CallPolicy {
  return {
    call: async (system, testCase, repeat, signal) => {
      const startedAt = clock.elapsed()
      const late = (): Error => new TouchstoneError('CASE_TIMEOUT', { details: { case: testCase.id, timeoutMs } })
      const work = (deadline: AbortSignal): Promise<SystemOutput> => system.run(testCase, deadline, repeat)
      const output = await withinTime(clock, timeoutMs, late, work, signal)
      return { output, durationMs: clock.elapsed() - startedAt }
    },
  }
}

/**
 * Waits for the quota; what the surroundings did (timeout, 5xx, broken connection) is tried again after growing pauses, a refusal
 * for haste (429) as often as it takes, after the pause that the target asks for.
 * @param random in [0, 1), so that calls that failed together do not come back together
 */
export function callWithRetries(
  options: CallPolicyOptions & { readonly quota: CallQuota; readonly clock: Clock; readonly random: () => number },
): CallPolicy {
  const { quota, clock, random } = options
  const once = callOnce(options)
  return {
    call: async (system, testCase, repeat, signal) => {
      const givesUpAt = clock.elapsed() + PATIENCE_MS
      for (let [failures, refusals] = [0, 0]; ;) {
        const admitted = await quota.admit(guessTokens(testCase), signal)
        try {
          const answered = await once.call(system, testCase, repeat, signal)
          const { usage } = answered.output
          if (usage !== undefined) admitted.used(usage.inputTokens + usage.outputTokens)
          return answered
        } catch (error) {
          if (signal.aborted || !isInfrastructureError(error)) throw error
          const isRefusal = isLimited(error)
          if (isRefusal) admitted.refused()
          if (isRefusal ? clock.elapsed() > givesUpAt : failures + 1 >= ATTEMPTS) throw error
          const count = isRefusal ? refusals++ : failures++
          const pauseMs = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** count)
          const askedForMs = retryAfterOf(error)
          if (askedForMs !== undefined) quota.pause(askedForMs)
          else await clock.sleep(pauseMs * (0.5 + random() / 2), signal)
        }
      }
    },
  }
}

function isLimited(error: unknown): boolean {
  return isTouchstoneError(error) && ['TARGET_LIMITED', 'MODEL_RATE_LIMITED', 'RATE_LIMITED'].includes(error.code)
}

function retryAfterOf(error: unknown): number | undefined {
  const asked = isTouchstoneError(error) ? error.details['retryAfterMs'] : undefined
  return typeof asked === 'number' ? asked : undefined
}

function guessTokens({ question, history }: EvaluationCase): number {
  const characters = history.reduce((sum, text) => sum + text.length, question.length)
  return Math.ceil(characters / CHARACTERS_PER_TOKEN) + GUESSED_ANSWER_TOKENS
}
