/** What went wrong at PostgreSQL, in the words of the catalogue. Knows SQLSTATE and Node's codes; never repeats the URL, which holds a password. */
import { messageOf, TouchstoneError } from '../../foundation/errors/touchstone-error.ts'
import type { ErrorCode } from '../../foundation/errors/catalog.data.ts'

const BY_STATE: readonly (readonly [RegExp, ErrorCode])[] = [
  // Connection lost or refused, server starting or stopping, out of connections or memory, read-only stand-by.
  [/^(08|57P|53[023]|25006)/, 'STATE_UNREACHABLE'],
  // Two transactions stood in each other's way, or one waited too long; a plan that a newer version's migration made stale.
  [/^(40|55P03|57014|0A000)/, 'STATE_UNREACHABLE'],
  [/^5310/, 'DISK_FULL'],
  [/^XX00[12]/, 'STATE_CORRUPT'],
  // Wrong password, no such database or role, missing rights, tables that somebody removed.
  [/^(28|3D000|42501|42P01|3F000)/, 'STATE_UNAVAILABLE'],
]
const LOST = /^(ECONN|EPIPE|ETIMEDOUT|ENOTFOUND|EHOST|ENET|EAI_)/
const LOST_WORDS =
  /Connection terminated|timeout exceeded when trying to connect|not queryable|Query read timeout|connection error/i

/** @returns the error of the catalogue, or the error itself when the statement was at fault */
export function toStateFailure(error: unknown, location: string): unknown {
  if (error instanceof TouchstoneError) return error
  const state = codeOf(error)
  const reason = reasonOf(error)
  const code =
    LOST.test(state) || LOST_WORDS.test(reason) ? 'STATE_UNREACHABLE' : BY_STATE.find(([codes]) => codes.test(state))?.[1]
  return code === undefined ? error : new TouchstoneError(code, { details: { path: location, reason }, cause: error })
}

/** Whether the connection that said so must not be used again: it is gone, or a later answer on it could be that of another question. */
export function spoilsConnection(error: unknown): boolean {
  return /^(08|57P|0A000)/.test(codeOf(error)) || LOST.test(codeOf(error)) || LOST_WORDS.test(messageOf(error))
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''
}

function reasonOf(error: unknown): string {
  // A name with several addresses fails with one error for each, and no message of its own.
  if (error instanceof AggregateError && error.errors.length > 0) return messageOf(error.errors.at(-1))
  return messageOf(error) || codeOf(error)
}
