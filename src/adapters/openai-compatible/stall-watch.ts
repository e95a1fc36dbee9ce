/** Time limits of one call: to the first byte, for each pause, for the whole. Knows time; knows nothing of what is read. */
import type { Endpoint } from './endpoint-options.ts'

export interface Watch {
  readonly signal: AbortSignal
  touch(): void
  /** Passes bytes on; each of them starts the pause anew. */
  touching(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array>
  /** The limit that ran out, if one did. */
  expiredAfterMs(): number | undefined
  stop(): void
}

export function startWatch({ clock, timeoutMs, totalTimeoutMs }: Endpoint, caller: AbortSignal): Watch {
  const expiry = new AbortController()
  let expired: number | undefined
  const expire = (limitMs: number) => (): void => {
    expired ??= limitMs
    expiry.abort()
  }
  let cancelPause = clock.after(timeoutMs, expire(timeoutMs))
  const cancelTotal = clock.after(totalTimeoutMs, expire(totalTimeoutMs))
  const touch = (): void => {
    cancelPause()
    cancelPause = clock.after(timeoutMs, expire(timeoutMs))
  }
  return {
    signal: AbortSignal.any([caller, expiry.signal]),
    touch,
    async *touching(bytes) {
      for await (const chunk of bytes) {
        touch()
        yield chunk
      }
    },
    expiredAfterMs: () => expired,
    stop() {
      cancelPause()
      cancelTotal()
    },
  }
}
