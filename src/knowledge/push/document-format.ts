/** Under which name the parsers read a pushed document. Knows endings and media types; parses nothing. */
import { TouchstoneError } from '../../foundation/errors/touchstone-error.ts'
import { findParser, parserCatalog } from '../ingestion/parsers/catalog.ts'

export interface DocumentFormat {
  /** The path, with an ending of the format where its own says something else. */
  readonly readAs: string
  readonly mediaType: string
}

const TEXTUAL = /^text\/|[/+](?:json|xml|yaml)$/
const PLAIN = 'text/plain'

/**
 * The media type decides; without one the path's ending; characters without either are plain text.
 * @throws TouchstoneError MEDIA_TYPE_UNSUPPORTED
 */
export function documentFormat(path: string, bytes: Uint8Array, isText: boolean, mediaType: string | undefined): DocumentFormat {
  const byPath = findParser(path, bytes)
  if (mediaType === undefined) {
    // Text that somebody drew out of a PDF is no PDF, though it keeps the name.
    if (byPath !== undefined && (!isText || TEXTUAL.test(byPath.mediaType))) return { readAs: path, mediaType: byPath.mediaType }
    if (isText) return documentFormat(path, bytes, isText, PLAIN)
    throw unsupported('(none)')
  }
  const wanted = mediaType.split(';', 1)[0]?.trim().toLowerCase() ?? ''
  if (byPath?.mediaType === wanted) return { readAs: path, mediaType: wanted }
  const ending = parserCatalog.find((parser) => parser.mediaType === wanted)?.endings[0]
  if (ending === undefined) throw unsupported(wanted)
  return { readAs: `${path}.${ending}`, mediaType: wanted }
}

function unsupported(type: string): TouchstoneError {
  const expected = parserCatalog.map((parser) => parser.mediaType)
  return new TouchstoneError('MEDIA_TYPE_UNSUPPORTED', { details: { type, expected } })
}
