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
