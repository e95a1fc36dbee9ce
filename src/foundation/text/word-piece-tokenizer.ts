/** WordPiece as BERT defines it: text to piece numbers. Knows the algorithm; the vocabulary is given. */

/** Longer words are unknown, as in BERT. */
const LONGEST_WORD = 100
const PUNCTUATION = String.raw`\p{P}!-\/:-@\[-\x60\{-~`
const IDEOGRAPHS = String.raw`\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u{20000}-\u{2a6df}\u{2a700}-\u{2ceaf}\u{2f800}-\u{2fa1f}`
const WORD = new RegExp(`[${PUNCTUATION}${IDEOGRAPHS}]|[^\\s${PUNCTUATION}${IDEOGRAPHS}]+`, 'gu')
const ASCII = /^[\t\n\r\x20-\x7e]*$/
const UNPRINTABLE = /(?![\t\n\r])\p{C}|\u{fffd}/gu

/** What is taken from a text before it is looked up; both, as uncased BERT does, when left out. */
export interface WordPieceFolding {
  readonly lowercase: boolean
  readonly stripAccents: boolean
}

const UNCASED: WordPieceFolding = { lowercase: true, stripAccents: true }

/** @returns numbers of the pieces in text order, each an index into the vocabulary */
export type WordPieceTokenizer = (text: string) => number[]

/**
 * @param vocabulary piece strings; one that continues a word begins with `##`. Where it holds `[UNK]`, an unknown word is that
 * piece; otherwise unknown words are left out.
 * Source: Devlin et al. 2018, BasicTokenizer and WordpieceTokenizer; white space, controls and accents as in Hugging Face tokenizers.
 */
export function createWordPieceTokenizer(vocabulary: readonly string[], folding: WordPieceFolding = UNCASED): WordPieceTokenizer {
  const starts = new Map<string, number>()
  const continuations = new Map<string, number>()
  let longest = 0
  for (const [index, piece] of vocabulary.entries()) {
    const continues = piece.startsWith('##') && piece.length > 2
    const letters = continues ? piece.slice(2) : piece
    ;(continues ? continuations : starts).set(letters, index)
    longest = Math.max(longest, letters.length)
  }
  const unknown = starts.get('[UNK]')

  return (text) => {
    const pieces: number[] = []
    for (const word of foldText(text, folding).match(WORD) ?? []) {
      const whole = starts.get(word)
      if (whole !== undefined) pieces.push(whole)
      else if (!appendPieces(word, pieces) && unknown !== undefined) pieces.push(unknown)
    }
    return pieces
  }

  /** Longest match first; a word that cannot be covered to its end adds nothing. */
  function appendPieces(word: string, pieces: number[]): boolean {
    if (word.length > LONGEST_WORD && [...word].length > LONGEST_WORD) return false
    const before = pieces.length
    for (let start = 0; start < word.length;) {
      const known = start === 0 ? starts : continuations
      let end = Math.min(word.length, start + longest)
      let piece = known.get(word.slice(start, end))
      while (piece === undefined && --end > start) piece = known.get(word.slice(start, end))
      if (piece === undefined) {
        pieces.length = before
        return false
      }
      pieces.push(piece)
      start = end
    }
    return true
  }
}

/** Without control characters, and without accents and case where the vocabulary has none. */
function foldText(text: string, { lowercase, stripAccents }: WordPieceFolding): string {
  if (ASCII.test(text)) return lowercase ? text.toLowerCase() : text
  const printable = text.replace(UNPRINTABLE, '')
  const plain = stripAccents ? printable.normalize('NFD').replace(/\p{Mn}/gu, '') : printable
  return lowercase ? plain.replaceAll('Σ', 'σ').toLowerCase() : plain
}
