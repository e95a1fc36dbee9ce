/** The spelling of a pushed document's id: source:path. */
import { TouchstoneError } from '../../foundation/errors/touchstone-error.ts'
import { DOCUMENT_ID_BYTES } from '../../foundation/storage/bounded-text.ts'

const SOURCE = /^[a-z0-9][a-z0-9._-]{0,62}$/i
/** Control characters and halves of a surrogate pair. */
const UNWRITABLE = /[\p{Cc}\p{Cs}]/u

/** @throws TouchstoneError DOCUMENT_ID_INVALID */
export function splitDocumentId(document: string): { readonly source: string; readonly path: string } {
  const at = document.indexOf(':')
  const source = document.slice(0, Math.max(at, 0))
  const path = document.slice(at + 1)
  const reason = !SOURCE.test(source)
    ? 'before the colon stands a source: letters, digits, dot, dash and underscore, at most 63'
    : path === '' || Buffer.byteLength(document) > DOCUMENT_ID_BYTES || UNWRITABLE.test(path)
      ? `after the colon stands a path without control characters; the whole has at most ${DOCUMENT_ID_BYTES} bytes`
      : undefined
  if (reason === undefined) return { source, path }
  throw new TouchstoneError('DOCUMENT_ID_INVALID', { details: { document: document.slice(0, 200), reason } })
}
