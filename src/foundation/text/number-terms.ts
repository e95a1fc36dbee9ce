/** Numbers and dates as index terms: one term however they are written. Knows separators; knows nothing of units. */
import { foldDigits } from './unicode.ts'

/** Where the comma stands before decimals and the full stop between thousands. */
const DECIMAL_COMMA = new Set(
  'bg ca cs da de el es et fi fr hr hu id it lt lv nb nl nn no pl pt ro ru sk sl sr sv tr uk vi'.split(' '),
)

/** Whether a word of segmentWords is a number with its separators. */
export function isNumber(word: string): boolean {
  return /^\p{Nd}[\p{Nd}.,:/'’\-\u00a0\u202f٫٬ ]*$/u.test(word)
}

/**
 * The number without separators of thousands and with a point before decimals; a date in ISO form where its order is certain,
 * followed by its year.
 */
export function numberTerms(word: string, language: string): readonly string[] {
  const plain = foldDigits(word)
    .replace(/[\u00a0\u202f '’٬]/gu, '')
    .replaceAll('٫', '.')
  const dotted = /^(\d{1,2})\.(\d{1,2})\.(\d{4})$/.exec(plain)
  if (dotted) {
    const [, day = '', month = '', year = ''] = dotted
    return [`${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`, year]
  }
  if (/[-/]/.test(plain)) return [plain, ...plain.split(/[-/]/).filter((part) => part.length === 4)]
  return [plainNumber(plain, DECIMAL_COMMA.has(language)).replace(/\.00$/, '')]
}

function plainNumber(number: string, decimalComma: boolean): string {
  if (/^\d{1,3}(?:,\d{3})+\.\d+$/.test(number)) return number.replaceAll(',', '')
  if (/^\d{1,3}(?:\.\d{3})+,\d+$/.test(number)) return number.replaceAll('.', '').replace(',', '.')
  if (/^\d{1,3}(?:,\d{3})+$/.test(number) && (!decimalComma || number.length > 7)) return number.replaceAll(',', '')
  if (/^\d{1,3}(?:\.\d{3})+$/.test(number) && (decimalComma || number.length > 7)) return number.replaceAll('.', '')
  return /^\d+,\d+$/.test(number) ? number.replace(',', '.') : number
}
