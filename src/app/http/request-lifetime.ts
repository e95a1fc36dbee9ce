/** How long a request lives: until it is answered, its client leaves, its time is up, or the server closes. Knows nothing of its work. */
import type { ServerResponse } from 'node:http'
import type { Clock } from '../../foundation/concurrency/clock.ts'
import { TouchstoneError } from '../../foundation/errors/touchstone-error.ts'

export interface RequestLifetimes {
  /** Begins one; its signal aborts with REQUEST_TIMEOUT or REQUEST_CANCELLED as the reason. */
  begin(response: ServerResponse): AbortSignal
  /** Ends all that are still open. */
  cancelAll(): void
}

export function createRequestLifetimes(timeoutMs: number, clock: Clock): RequestLifetimes {
  const open = new Set<AbortController>()
  return {
    begin: (response) => {
      const controller = new AbortController()
      open.add(controller)
      const stopTimer = clock.after(timeoutMs, () =>
        controller.abort(new TouchstoneError('REQUEST_TIMEOUT', { details: { timeoutMs } })),
      )
      response.once('close', () => {
        stopTimer()
        open.delete(controller)
        if (!response.writableFinished) controller.abort(new TouchstoneError('REQUEST_CANCELLED'))
      })
      return controller.signal
    },
    cancelAll: () => {
      for (const controller of open) controller.abort(new TouchstoneError('REQUEST_CANCELLED'))
    },
  }
}

/**
 * The work's result, or the signal's reason as soon as it aborts, even when the work does not listen.
 * An error of the work after the signal aborted is the signal's doing, and is reported as its reason.
 */
export async function untilAborted<Result>(work: Promise<Result>, signal: AbortSignal): Promise<Result> {
  const { promise: aborted, reject } = Promise.withResolvers<never>()
  const onAbort = (): void => reject(signal.reason)
  if (signal.aborted) onAbort()
  signal.addEventListener('abort', onAbort, { once: true })
  try {
    return await Promise.race([work, aborted])
  } catch (error) {
    throw signal.aborted ? signal.reason : error
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
}
