/** What the pool and its child processes say to each other. Knows nothing of how they run. */
import type { ParserLimits } from '../../../contracts/parser.ts'
import type { ParsedDocument } from '../../../contracts/document.ts'
import type { ErrorCode } from '../../../foundation/errors/catalog.data.ts'
import type { ErrorDetails } from '../../../foundation/errors/touchstone-error.ts'

/** To the child: one document at a time. */
export interface ParseRequest {
  readonly path: string
  readonly bytes: Uint8Array
  readonly limits: ParserLimits
}

/** From the child: `ready` once, then one answer for each request. */
export type ParserReply =
  | { readonly type: 'ready' }
  | { readonly type: 'document'; readonly document: ParsedDocument }
  | { readonly type: 'error'; readonly code: ErrorCode; readonly details: ErrorDetails }

/** File descriptor of the pipe on which the child's watchdog says that it still lives, and why it dies. */
export const WATCHDOG_FD = 4
/** The watchdog's word before it kills the process. */
export const OVER_MEMORY = 'M'
export const ALIVE = '.'
