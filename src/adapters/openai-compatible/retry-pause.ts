/** How long to wait before the one further try. Knows what endpoints ask for; sends nothing. */

export const RETRY_DELAY_MS = 250
/** An endpoint that wants a longer pause gets no second try: the asker waits. */
export const MAX_RETRY_DELAY_MS = 5_000

/** `Retry-After` as seconds or as a date. */
export function pauseAskedFor(header: string | string[] | undefined, nowMs: number): number | undefined {
  const text = Array.isArray(header) ? header[0] : header
  if (text === undefined) return undefined
  const waitMs = /^\d+(?:\.\d+)?$/u.test(text.trim()) ? Number(text) * 1000 : Date.parse(text) - nowMs
  return Number.isFinite(waitMs) ? Math.max(0, waitMs) : undefined
}
