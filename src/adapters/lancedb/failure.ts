/** What LanceDB's messages mean for us, and when a commit is worth another try. Knows no table. */
import { TouchstoneError } from '../../foundation/errors/touchstone-error.ts'
import type { Clock } from '../../foundation/concurrency/clock.ts'

// LanceDB rejects with plain errors, so that the wording is all there is to tell them apart.
const DAMAGED =
  /not found|invalid range|file size is too small|corrupt|magic|invalid (?:manifest|footer|metadata)|failed to decode|unexpected (?:end|eof)|fill whole buffer|panic in async/i
const CONFLICT = /conflict|concurrent|too many concurrent writers|already (?:been )?committed/i
const NO_SPACE = /no space left|os error 28\b|quota exceeded/i

const COMMIT_ATTEMPTS = 8
const FIRST_DELAY_MS = 15

/** A LanceDB error as one of the catalogue; errors of ours pass unchanged. */
export function toIndexError(error: unknown, path: string): TouchstoneError {
  if (error instanceof TouchstoneError) return error
  const reason = firstLine(error)
  if (NO_SPACE.test(reason)) return new TouchstoneError('DISK_FULL', { details: { path }, cause: error })
  if (DAMAGED.test(reason)) return indexCorrupt(path, reason, error)
  return new TouchstoneError('INDEX_UNAVAILABLE', { details: { reason }, cause: error })
}

export function indexCorrupt(path: string, reason: string, cause?: unknown): TouchstoneError {
  return new TouchstoneError('INDEX_CORRUPT', { details: { path, reason }, cause })
}

/** Commits again, with growing pauses, while another writer keeps winning; every other error ends it at once. */
export async function commit<Result>(write: () => Promise<Result>, path: string, clock: Clock): Promise<Result> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await write()
    } catch (error) {
      if (attempt === COMMIT_ATTEMPTS || !CONFLICT.test(firstLine(error))) throw toIndexError(error, path)
      await clock.sleep(FIRST_DELAY_MS * 2 ** attempt)
    }
  }
}

export function firstLine(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error)
  // Places in the library's source, and where it was compiled, help nobody who reads the message.
  return (message.split('\n')[0] ?? '').replace(/, \/(?:usr|rustc)\S*.*$/, '').slice(0, 300)
}
