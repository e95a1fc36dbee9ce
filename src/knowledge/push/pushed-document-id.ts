/** The spelling of a pushed document's id: source:path. */
import { TouchstoneError } from '../../foundation/errors/touchstone-error.ts'

const SOURCE = /^[a-z0-9][a-z0-9._-]{0,62}$/i
/** Control characters and halves of a surrogate pair. */
const UNWRITABLE = /[\p{Cc}\p{Cs}]/u
const LONGEST_PATH = 1_000

/** @throws TouchstoneError DOCUMENT_ID_INVALID */
export function splitDocumentId(document: string): { readonly source: string; readonly path: string } {
  const at = document.indexOf(':')
  const source = document.slice(0, Math.max(at, 0))
  const path = document.slice(at + 1)
  const reason = !SOURCE.test(source)
    ? 'before the colon stands a source: letters, digits, dot, dash and underscore, at most 63'
    : path === '' || path.length > LONGEST_PATH || UNWRITABLE.test(path)
      ? `after the colon stands a path of 1 to ${LONGEST_PATH} characters without control characters`
      : undefined
  if (reason === undefined) return { source, path }
  throw new TouchstoneError('DOCUMENT_ID_INVALID', { details: { document: document.slice(0, 200), reason } })
}
