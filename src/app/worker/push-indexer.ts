/** Runs the indexing of pushed documents when there is something to do, one run after the other, until it is stopped. Knows nothing of documents. */
import type { Clock } from '../../foundation/concurrency/clock.ts'
import { isTouchstoneError, messageOf } from '../../foundation/errors/touchstone-error.ts'

export interface PushIndexer {
  /** Something waits to be indexed. */
  wake(): void
  /** Somebody waits for it: no rest before the next run. */
  hurry(): void
  /** Resolves when a run has ended, or after `ms`. */
  ended(ms: number, signal: AbortSignal): Promise<void>
  /** Resolves when the present run has ended. */
  stop(): Promise<void>
}

export interface PushIndexerParts {
  /** @returns whether something still waits @throws TouchstoneError INGEST_RUNNING when somebody else is at it */
  readonly run: (signal: AbortSignal) => Promise<boolean>
  readonly clock: Clock
  readonly log: (text: string) => void
}

const TAKEN_MS = 250
/** A run costs nearly the same for one document as for hundreds: it rests as long as it worked, so that more gather. */
const LONGEST_REST_MS = 2_000
const FIRST_RETRY_MS = 500
const LONGEST_RETRY_MS = 30_000

export function createPushIndexer({ run, clock, log }: PushIndexerParts): PushIndexer {
  const stopping = new AbortController()
  let isAwake = false
  let working: Promise<void> | undefined
  let runEnded = Promise.withResolvers<void>()
  let rest = new AbortController()
  async function work(): Promise<void> {
    let retryMs = FIRST_RETRY_MS
    while (isAwake && !stopping.signal.aborted) {
      isAwake = false
      const began = clock.elapsed()
      let restMs = 0
      try {
        if (await run(stopping.signal)) isAwake = true
        retryMs = FIRST_RETRY_MS
        restMs = Math.min(clock.elapsed() - began, LONGEST_REST_MS)
      } catch (error) {
        if (stopping.signal.aborted) break
        isAwake = true
        const isTaken = isTouchstoneError(error, 'INGEST_RUNNING')
        if (!isTaken) log(`pushed documents: ${messageOf(error)}`)
        await clock.sleep(isTaken ? TAKEN_MS : retryMs, stopping.signal)
        if (!isTaken) retryMs = Math.min(2 * retryMs, LONGEST_RETRY_MS)
      }
      runEnded.resolve()
      runEnded = Promise.withResolvers()
      rest = new AbortController()
      if (isAwake) await clock.sleep(restMs, AbortSignal.any([rest.signal, stopping.signal]))
    }
    working = undefined
  }
  function wake(): void {
    isAwake = true
    if (!stopping.signal.aborted) working ??= work()
  }
  return {
    wake,
    hurry: () => {
      wake()
      rest.abort()
    },
    ended: async (ms, signal) => {
      const over = new AbortController()
      await Promise.race([runEnded.promise, clock.sleep(ms, AbortSignal.any([over.signal, signal]))])
      over.abort()
    },
    stop: async () => {
      stopping.abort()
      await working
    },
  }
}
