/** Work with an end: its own, a time limit, or a cancellation, also when it heeds no signal. Knows nothing of the work. */
import type { Clock } from '../../../foundation/concurrency/clock.ts'

/** @throws what `late` gives when the time is up; the signal's reason when it aborts; what the work throws */
export async function withinTime<Result>(
  clock: Pick<Clock, 'after'>,
  limitMs: number,
  late: () => Error,
  work: (signal: AbortSignal) => Promise<Result>,
  signal?: AbortSignal,
): Promise<Result> {
  const controller = new AbortController()
  const stopped = Promise.withResolvers<never>()
  const stop = (reason: unknown): void => {
    controller.abort(reason)
    // The work may not heed its signal; whoever waits goes on all the same.
    stopped.reject(reason)
  }
  const cancel = (): void => stop(signal?.reason)
  const cancelTimer = clock.after(limitMs, () => stop(late()))
  signal?.addEventListener('abort', cancel, { once: true })
  try {
    signal?.throwIfAborted()
    return await Promise.race([work(controller.signal), stopped.promise])
  } finally {
    cancelTimer()
    signal?.removeEventListener('abort', cancel)
  }
}
