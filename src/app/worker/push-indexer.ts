/** Runs the indexing of pushed documents when there is something to do, one run after the other, until it is stopped. Knows nothing of documents. */
import type { Clock } from '../../foundation/concurrency/clock.ts'
import { isTouchstoneError, messageOf } from '../../foundation/errors/touchstone-error.ts'

export interface PushIndexer {
  /** Something waits to be indexed. */
  wake(): void
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
const FIRST_RETRY_MS = 500
const LONGEST_RETRY_MS = 30_000

export function createPushIndexer({ run, clock, log }: PushIndexerParts): PushIndexer {
  const stopping = new AbortController()
  let isAwake = false
  let working: Promise<void> | undefined
  let runEnded = Promise.withResolvers<void>()
  async function work(): Promise<void> {
    let retryMs = FIRST_RETRY_MS
    while (isAwake && !stopping.signal.aborted) {
      isAwake = false
      try {
        if (await run(stopping.signal)) isAwake = true
        retryMs = FIRST_RETRY_MS
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
    }
    working = undefined
  }
  return {
    wake: () => {
      isAwake = true
      if (!stopping.signal.aborted) working ??= work()
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
