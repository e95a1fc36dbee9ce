/** Text that takes part in a key. PostgreSQL's indexes refuse entries of 2.7 kB and more, so what people write is bounded before. */
import { contentHash } from '../hashing/content-hash.ts'

/** UTF-16 units; each is at most three bytes there. */
export const KEY_TEXT_LENGTH = 240
/** Bytes of a document's id: source, colon, path. */
export const DOCUMENT_ID_BYTES = 1_000

/**
 * Short text as databases keep it; of longer text the beginning and a hash of the whole, so that equal stays equal and different
 * stays different. Halves of characters and NUL become U+FFFD here as they would there, where two keys could become one unseen.
 */
export function boundedText(given: string, length = KEY_TEXT_LENGTH): string {
  const text = given.toWellFormed().replaceAll('\0', '\uFFFD')
  if (text.length <= length) return text
  const hash = contentHash(text)
  return `${text.slice(0, length - hash.length - 1).toWellFormed()}…${hash}`
}
