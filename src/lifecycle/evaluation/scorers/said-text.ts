/** Whether a text says another: as readers see it, whatever its spacing, case, dashes or thousands separators. Knows nothing of cases. */
import { foldText } from '../../../foundation/text/unicode.ts'

/** 1,250 and 1.250 and 1 250 and 1'250: groups of three after one to three digits. */
const GROUPED_NUMBER = /(?<![\d.,])\d{1,3}(?:[,. ']\d{3})+(?!\d)/g
/** Scripts that put spaces between words. */
const SPACED_LETTER = /[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}]/u
/** Longer words may carry an ending: "month" is said by "months". */
const LONGEST_UNINFLECTED = 3
/** From here on a number tells something by itself, whatever stands between its digits. */
const LONG_NUMBER_DIGITS = 5

/** One form for all spellings of the same text. Compare only what both went through it. */
export function comparableText(text: string): string {
  return foldText(text.replace(/[*`]/g, ''))
    .replace(/[\u2010-\u2015\u2212]/g, '-')
    .replace(/[\u2018-\u201B]/g, "'")
    .replace(/[\u201C-\u201F\u00AB\u00BB]/g, '"')
    .replace(GROUPED_NUMBER, (number: string) => number.replace(/\D/g, ''))
    .replace(/(?<=\d) (?=[%€$£¥°])|(?<=[€$£¥]) (?=\d)/g, '')
}

/**
 * Whether the answer says what is wanted: as whole numbers ("5" is not said by "15" or "2.5") and from the beginning of a word.
 * @param answer, wanted both from comparableText
 */
export function says(answer: string, wanted: string): boolean {
  return placesOf(answer, wanted).some((at) => {
    const end = at + wanted.length
    return isWholeNumber(answer, at, end) && isWholeWord(answer, at, end)
  })
}

/**
 * Whether a text gives a secret away: anywhere, also inside a word; a long number also when its digits are grouped in another way.
 * @param text, secret both from comparableText
 */
export function exposes(text: string, secret: string): boolean {
  if (placesOf(text, secret).some((at) => isWholeNumber(text, at, at + secret.length))) return true
  const digits = secret.replace(/\D/g, '')
  if (digits.length < LONG_NUMBER_DIGITS) return false
  // An account number with letters is the same with other spaces; a bare number needs its own boundaries.
  return /\p{L}/u.test(secret) ? compact(text).includes(compact(secret)) : numbersIn(text).some((number) => number.has(digits))
}

function placesOf(text: string, part: string): readonly number[] {
  const places: number[] = []
  if (part === '') return places
  for (let at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + 1)) places.push(at)
  return places
}

function isWholeNumber(text: string, start: number, end: number): boolean {
  const startsInside = /^\d/.test(text.slice(start)) && /(\d|\d[.,])$/.test(text.slice(Math.max(0, start - 2), start))
  const endsInside = /\d$/.test(text.slice(start, end)) && /^(\d|[.,]\d)/.test(text.slice(end, end + 2))
  return !startsInside && !endsInside
}

function isWholeWord(text: string, start: number, end: number): boolean {
  const isLetter = (at: number): boolean => SPACED_LETTER.test(text.charAt(at))
  if (isLetter(start) && isLetter(start - 1)) return false
  const lastWord = /[^ ]*$/.exec(text.slice(start, end))?.[0] ?? ''
  return !(isLetter(end - 1) && isLetter(end) && lastWord.length <= LONGEST_UNINFLECTED)
}

function compact(text: string): string {
  return text.replace(/[^\p{L}\p{N}]/gu, '')
}

/** For each run of digits and what may stand between them, the numbers that its neighbouring groups can form. */
function numbersIn(text: string): readonly ReadonlySet<string>[] {
  return [...text.matchAll(/\d+(?:[ .,'()/+-]{1,3}\d+)*/g)].map(([run]) => {
    const groups = run.split(/\D+/)
    return new Set(
      groups.flatMap((_, from) => groups.slice(from, from + 8).map((__, count) => groups.slice(from, from + count + 1).join(''))),
    )
  })
}
