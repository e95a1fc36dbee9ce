/** Shows a number as its spreadsheet format does: dates in ISO 8601, percentages, decimals, units. Knows no file. Source: ECMA-376, 18.8.30-31. */

export interface ShownNumber {
  readonly text: string
  readonly isDate: boolean
}

const MS_PER_DAY = 86_400_000
/** 31 December 9999, where spreadsheets end. */
const LAST_DAY = 2_958_465
/** Day 0. Spreadsheets take 1900 for a leap year; from 1 March on, day 0 is this. */
const DAY_ZERO_1900 = Date.UTC(1899, 11, 30)
const DAY_ZERO_1904 = Date.UTC(1904, 0, 1)
const FIRST_SOUND_DAY = 61

/** @param from1904 whether day 0 is 1 January 1904 */
export type NumberFormat = (value: number, from1904: boolean) => ShownNumber

/** Longer codes are no writer's. */
const LONGEST_CODE = 255

/**
 * Of a code's sections `positive;negative;zero;text` the one for the value's sign counts; conditions do not. Codes that only
 * hide or replace a number, and fractions, show it plainly.
 * @param code as the file has it, e.g. `#,##0.00 "EUR"`, `dd.mm.yyyy`
 */
export function compileNumberFormat(code: string): NumberFormat {
  const codes = code.length > LONGEST_CODE ? [] : code.split(/;(?=(?:[^"]*"[^"]*")*[^"]*$)/)
  const [positive = showsPlainly, negative, zero] = codes.map(compileSection)
  return (value, from1904) => {
    // The section for negative numbers brings its own sign.
    if (value < 0 && negative !== undefined) return negative(-value, from1904)
    return value === 0 && zero !== undefined && codes.length > 2 ? zero(value, from1904) : positive(value, from1904)
  }
}

const showsPlainly: NumberFormat = (value) => ({ text: showPlain(value), isDate: false })

function compileSection(code: string): NumberFormat {
  const date = dateParts(code)
  if (date !== undefined)
    return (value, from1904) => {
      const text = showDate(value, date, from1904)
      return text === undefined ? showsPlainly(value, from1904) : { text, isDate: true }
    }
  const pattern = readPattern(code)
  return pattern === undefined ? showsPlainly : (value) => ({ text: showByPattern(value, pattern), isDate: false })
}

/** As many digits as a spreadsheet keeps. */
export function showPlain(value: number): string {
  return String(Number(value.toPrecision(15)))
}

interface DateParts {
  readonly year: boolean
  readonly day: boolean
  readonly month: boolean
  readonly time: boolean
  readonly seconds: boolean
  /** Hours, minutes or seconds that count on beyond a day. */
  readonly elapsed: boolean
}

/** @returns nothing for the format of a number */
function dateParts(code: string): DateParts | undefined {
  const elapsed = /\[(?:h+|m+|s+)\]/i.test(code)
  const letters = code
    .replace(/"[^"]*"|\\.|[_*].|\[[^\]]*\]/g, '')
    .replace(/am\/pm|a\/p/gi, 'h')
    .toLowerCase()
  if (letters.includes('general') || (!elapsed && !/[ymdhs]/.test(letters))) return undefined
  const year = letters.includes('y')
  const day = letters.includes('d')
  const seconds = letters.includes('s')
  const time = seconds || letters.includes('h')
  // An m beside hours or seconds is minutes.
  const month = letters.replace(/h[^dy]*?m+|m+[^dyh]*?s/g, '').includes('m')
  return { year, month, day, time, seconds, elapsed }
}

/** @returns nothing for numbers that are no date */
function showDate(value: number, parts: DateParts, from1904: boolean): string | undefined {
  if (value < 0 || value > LAST_DAY) return undefined
  if (parts.elapsed) return showElapsed(value, parts)
  const unit = parts.seconds ? 1000 : 60_000
  const offset = !from1904 && value < FIRST_SOUND_DAY ? 1 : 0
  const ms = Math.round(((value + offset) * MS_PER_DAY) / unit) * unit
  const [date = '', rest = ''] = new Date((from1904 ? DAY_ZERO_1904 : DAY_ZERO_1900) + ms).toISOString().split('T')
  const time = rest.slice(0, parts.seconds ? 8 : 5)
  if (!parts.year && !parts.month && !parts.day) return time
  if (parts.time) return `${date} ${time}`
  if (parts.day) return date
  return parts.month ? date.slice(0, 7) : date.slice(0, 4)
}

function showElapsed(days: number, parts: DateParts): string {
  const seconds = Math.round(days * 86_400)
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60]
  const tail = parts.seconds ? `:${pad(seconds % 60)}` : ''
  return `${hours}:${pad(minutes)}${tail}`
}

function pad(number: number): string {
  return String(number).padStart(2, '0')
}

interface Pattern {
  readonly before: string
  readonly after: string
  /** Placeholders left and right of the point: `#,##0`, `00`. */
  readonly whole: string
  readonly decimals: string
  readonly isScientific: boolean
  /** Percent signs multiply, commas behind the last digit divide. */
  readonly factor: number
}

/** @returns nothing when the code has no place for digits, or is one that shows fractions */
function readPattern(code: string): Pattern | undefined {
  const { before, digits, after } = splitPattern(code)
  if (digits === '' || digits.includes('/') || /general|@/i.test(code)) return undefined
  const percents = `${before}${after}`.split('%').length - 1
  const [whole = '', decimals = ''] = digits.replace(/E.*$/i, '').split('.')
  const thousands = /,*$/.exec(decimals === '' ? whole : decimals)?.[0].length ?? 0
  const factor = 100 ** percents * 1000 ** -thousands
  return { before, after, whole: whole.replace(/,+$/, ''), decimals, isScientific: /E/i.test(digits), factor }
}

function showByPattern(value: number, { before, after, whole, decimals, isScientific, factor }: Pattern): string {
  const scaled = value * factor
  const shown = isScientific
    ? scaled.toExponential(countDigits(decimals)).replace('e', 'E')
    : showDecimal(scaled, whole, decimals)
  const sign = shown.startsWith('-') ? '-' : ''
  return `${sign}${before}${shown.slice(sign.length)}${after}`.replace(/\s+/g, ' ').trim()
}

function showDecimal(value: number, whole: string, decimals: string): string {
  const most = countDigits(decimals)
  const least = decimals.replace(/[^0]/g, '').length
  let [integer = '0', fraction = ''] = roundHalfUp(Math.abs(value), most).split('.')
  while (fraction.length > least && fraction.endsWith('0')) fraction = fraction.slice(0, -1)
  integer = integer.padStart(whole.replace(/[^0]/g, '').length, '0')
  if (whole.includes(',')) integer = integer.replace(/\B(?=(?:\d{3})+$)/g, ',')
  const shown = fraction === '' ? integer : `${integer}.${fraction}`
  return value < 0 && /[1-9]/.test(shown) ? `-${shown}` : shown
}

/** As spreadsheets round: by the decimal digits that they keep, not by the binary ones. */
function roundHalfUp(value: number, decimals: number): string {
  const kept = Number(value.toPrecision(15))
  const shifted = Math.round(Number(`${kept}e${decimals}`))
  const rounded = Number.isFinite(shifted) ? Number(`${shifted}e-${decimals}`) : kept
  return rounded < 1e21 ? rounded.toFixed(decimals) : String(rounded)
}

function countDigits(placeholders: string): number {
  return Math.min(30, placeholders.replace(/[^0#?]/g, '').length)
}

/** Literal text stands before and after; quotes, escapes, colours, conditions and fillers are resolved. */
function splitPattern(code: string): { readonly before: string; readonly digits: string; readonly after: string } {
  const tokens = [...code.matchAll(/"[^"]*"|\\.|[_*].|\[[^\]]*\]|E[+-]|./gisu)].map(([token]) => token)
  const first = tokens.findIndex(isPlaceholder)
  const last = tokens.findLastIndex(isPlaceholder)
  const digits = tokens.slice(first, last + 1).filter((token) => isPlaceholder(token) || token === '/')
  const literal = (part: readonly string[]): string => part.map(literalOf).join('')
  return first === -1
    ? { before: '', digits: '', after: '' }
    : { before: literal(tokens.slice(0, first)), digits: digits.join(''), after: literal(tokens.slice(last + 1)) }
}

function isPlaceholder(token: string): boolean {
  return /^(?:[0#?.,]|E[+-])$/i.test(token)
}

function literalOf(token: string): string {
  if (token.startsWith('"')) return token.slice(1, -1)
  if (token.startsWith('\\')) return token.slice(1)
  if (/^[_*]/.test(token)) return ' '
  if (token.startsWith('[')) return /^\[\$([^\]-]*)/.exec(token)?.[1] ?? ''
  return token
}
