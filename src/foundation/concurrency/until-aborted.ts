/** Work that nobody waits for any longer once a signal aborts. Knows nothing of why. */

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
