/** One form for texts that differ only in how they are encoded. Knows Unicode; knows nothing of words or languages. */

/** Soft hyphen, zero-width space, word joiner, byte order mark: seen by nobody, typed by nobody. */
const INVISIBLE = /[\u00ad\u200b\u2060\ufeff]/g
/** Units that may compose with what stands before them, so that folding unit by unit equals folding the whole. */
const CLUSTER = /\s+|\S[\p{M}\u1160-\u11ff\uff9e\uff9f\uffa0-\uffdc\u00ad\u200b\u2060\ufeff]*/gu
const BEYOND_ASCII = /[\u0080-\uffff]/

/**
 * The text for comparisons, never for storage or display: NFKC, lower case, `ß` as `ss`, final sigma as sigma, invisible
 * characters left out, white space collapsed to one space, trimmed. Idempotent.
 */
export function foldText(text: string): string {
  return foldCharacters(text).replace(/\s+/gu, ' ').trim()
}

export interface FoldedText {
  /** Exactly `foldText(original)`. */
  readonly text: string
  /**
   * @param offset in the folded text, 0..text.length
   * @returns where the character that produced it begins in the original; for text.length the end of the last one
   */
  toOriginal(offset: number): number
}

/** As foldText, with the way back. A span [start, end) of the folded text lies at [toOriginal(start), toOriginal(end)). */
export function foldWithOffsets(original: string): FoldedText {
  const origins: number[] = []
  let text = ''
  let pendingSpace = -1
  let end = 0
  for (const match of original.matchAll(CLUSTER)) {
    for (const unit of foldCharacters(match[0])) {
      if (/\s/u.test(unit)) {
        if (pendingSpace < 0) pendingSpace = match.index
        continue
      }
      if (pendingSpace >= 0 && text !== '') {
        text += ' '
        origins.push(pendingSpace)
      }
      pendingSpace = -1
      text += unit
      for (let index = 0; index < unit.length; index++) origins.push(match.index)
      end = match.index + match[0].length
    }
  }
  return { text, toOriginal: (offset) => (offset < text.length ? (origins[Math.max(offset, 0)] ?? 0) : end) }
}

/** The text in NFKC without invisible characters and joiners, with one kind of apostrophe. Length and offsets may change. */
export function normaliseWord(word: string): string {
  if (!BEYOND_ASCII.test(word)) return word
  return word
    .normalize('NFKC')
    .replace(INVISIBLE, '')
    .replace(/[\u200c\u200d]/g, '')
    .replace(/[’ʼ]/g, "'")
}

/** Letters that Unicode does not decompose, as those who lack the key type them. */
const LATIN_LETTERS: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ł: 'l',
  ı: 'i',
  ħ: 'h',
  ŧ: 't',
  ŋ: 'n',
  ĸ: 'k',
}
const LATIN_LETTER = new RegExp(`[${Object.keys(LATIN_LETTERS).join('')}]`, 'g')

/** Lower-case text without the diacritics of Latin letters (`è` as `e`); marks of other scripts are part of their letters and stay. */
export function foldLatinDiacritics(text: string): string {
  if (!BEYOND_ASCII.test(text)) return text
  return text
    .normalize('NFD')
    .replace(/(\p{Script=Latin})\p{M}+/gu, '$1')
    .normalize('NFC')
    .replace(LATIN_LETTER, (letter) => LATIN_LETTERS[letter] ?? letter)
}

/** First code points of the decimal digits of the scripts that write numbers with their own. */
const DIGIT_ZEROS = [
  0x660, 0x6f0, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xbe6, 0xc66, 0xce6, 0xd66, 0xe50, 0xed0, 0x1040, 0x17e0,
] as const

/** Decimal digits of any script as 0-9. */
export function foldDigits(text: string): string {
  if (!BEYOND_ASCII.test(text)) return text
  return text.replace(/\p{Nd}/gu, (digit) => {
    const code = digit.codePointAt(0) ?? 0
    const zero = DIGIT_ZEROS.findLast((candidate) => candidate <= code)
    return zero !== undefined && code - zero < 10 ? String(code - zero) : digit
  })
}

function foldCharacters(text: string): string {
  if (!BEYOND_ASCII.test(text)) return text.toLowerCase()
  return text.normalize('NFKC').toLowerCase().replace(INVISIBLE, '').replaceAll('ß', 'ss').replaceAll('ς', 'σ').normalize('NFKC')
}
