/** What stands between two runs of white space, and what is remembered of it. Knows where texts may be cut; knows nothing of terms. */

/**
 * From the first letter, digit or sign beyond ASCII after a border to the last. Borders are space, tab, line feed and carriage
 * return: no word, number or compound goes across one, in any language. ASCII signs around a piece decide nothing, but an
 * underscore after it does: it makes a number part of a name.
 */
const PIECE = /[A-Za-z0-9\x80-\uffff](?:[^ \t\n\r]*[A-Za-z0-9_\x80-\uffff])?/g
const REMEMBERED = 30_000
const LONGEST_REMEMBERED = 24

/** The pieces of a text between white space: the words of each on its own are those of the whole. */
export function wordPieces(text: string): readonly string[] {
  return text.match(PIECE) ?? []
}

/**
 * Remembers what `work` gave for a piece, by language: texts say the same words again and again.
 * Bounded; begins anew when it is full. Results are shared between calls and must not be changed.
 */
export function rememberPieces<Result>(
  work: (piece: string, language: string) => Result,
): (piece: string, language: string) => Result {
  const byLanguage = new Map<string, Map<string, Result>>()
  let size = 0
  return (piece, language) => {
    const known = byLanguage.get(language)?.get(piece)
    if (known !== undefined) return known
    const result = work(piece, language)
    if (piece.length > LONGEST_REMEMBERED) return result
    if (size >= REMEMBERED) {
      byLanguage.clear()
      size = 0
    }
    const pieces = byLanguage.get(language) ?? new Map<string, Result>()
    // A slice of a document would keep the whole document alive as a key: copied.
    pieces.set(Buffer.from(piece, 'utf16le').toString('utf16le'), result)
    byLanguage.set(language, pieces)
    size++
    return result
  }
}
