/** What SQLite's messages mean for us. Knows no query. */
import { messageOf, TouchstoneError } from '../../foundation/errors/touchstone-error.ts'

const DAMAGED = /not a database|malformed/i
const SQLITE_BUSY = 5
const NO_SPACE = /disk is full|ENOSPC/i

/** Whether the error speaks of the file and not of the query. */
export function isFileError(error: unknown): boolean {
  return DAMAGED.test(messageOf(error)) || NO_SPACE.test(messageOf(error))
}

/** Whether another connection holds the file. */
export function isBusy(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && error.errcode === SQLITE_BUSY
}

/** As one of the catalogue; errors of ours pass unchanged. */
export function toStateError(error: unknown, path: string): unknown {
  if (error instanceof TouchstoneError) return error
  const reason = messageOf(error)
  if (DAMAGED.test(reason)) return new TouchstoneError('STATE_CORRUPT', { details: { path, reason }, cause: error })
  if (NO_SPACE.test(reason)) return new TouchstoneError('DISK_FULL', { details: { path }, cause: error })
  return new TouchstoneError('STATE_UNAVAILABLE', { details: { path, reason }, cause: error })
}
