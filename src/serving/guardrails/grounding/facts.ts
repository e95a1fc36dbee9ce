/** Numbers, dates and times of a text in one normal form. Knows how they are written; knows nothing of support. */
import { MONTHS, NUMBER_WORDS, UNITS } from './language-facts.data.ts'

export type Fact = {
  /** Half-open span in the text. */
  readonly start: number
  readonly end: number
} & (
  | { readonly kind: 'number'; readonly value: number; readonly unit?: string }
  /** Missing parts were not said. Readings of an ambiguous 03/04/2026 stand side by side. */
  | { readonly kind: 'date'; readonly readings: readonly CalendarDate[] }
  /** Minutes since midnight. */
  | { readonly kind: 'time'; readonly minutes: number }
)

export interface CalendarDate {
  readonly year?: number
  readonly month?: number
  readonly day?: number
}

/** @param language decides whether `1.500` is fifteen hundred or one and a half */
export function findFacts(text: string, language: string): readonly Fact[] {
  const facts: Fact[] = []
  const taken = new Uint8Array(text.length)
  for (const read of [readDates, readTimes, readNumbers, readNumberWords])
    for (const fact of read(text, language)) {
      if (taken.subarray(fact.start, fact.end).some((mark) => mark === 1)) continue
      taken.fill(1, fact.start, fact.end)
      facts.push(fact)
    }
  return facts.sort((left, right) => left.start - right.start)
}

/** Whether what was found says at least what was claimed: equal values, units that do not contradict, a date as exact. */
export function factAgrees(claimed: Fact, found: Fact): boolean {
  if (claimed.kind === 'number' && found.kind === 'number')
    return claimed.value === found.value && unitsAgree(claimed.unit, found.unit)
  if (claimed.kind === 'time' && found.kind === 'time') return claimed.minutes === found.minutes
  if (claimed.kind === 'date' && found.kind === 'date')
    return claimed.readings.some((claim) => found.readings.some((reading) => dateCovers(reading, claim)))
  // A year alone is written as a number: "in 2026".
  if (claimed.kind === 'number' && found.kind === 'date')
    return claimed.unit === undefined && found.readings.some((reading) => reading.year === claimed.value)
  return false
}

function unitsAgree(claimed: string | undefined, found: string | undefined): boolean {
  return claimed === found || claimed === undefined || found === undefined
}

function dateCovers(found: CalendarDate, claim: CalendarDate): boolean {
  return (['year', 'month', 'day'] as const).every((part) => claim[part] === undefined || claim[part] === found[part])
}

const MONTH = `(${Object.keys(MONTHS)
  .sort((left, right) => right.length - left.length)
  .join('|')})`
const DATE_PATTERNS: readonly (readonly [RegExp, (groups: readonly string[]) => readonly CalendarDate[]])[] = [
  [/(?<![\d-])(\d{4})-(\d{2})-(\d{2})(?![\d-])/gu, ([y, m, d]) => [date(y, m, d)]],
  [/(\d{4})\s?年(?:\s?(\d{1,2})\s?月)?(?:\s?(\d{1,2})\s?日)?/gu, ([y, m, d]) => [date(y, m, d)]],
  [/(?<!\d)(\d{1,2})\s?月\s?(\d{1,2})\s?日/gu, ([m, d]) => [date(undefined, m, d)]],
  [/(?<![\d.])(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})(?!\d)/gu, ([d, m, y]) => [date(y, m, d)]],
  [/(?<![\d/])(\d{1,2})\/(\d{1,2})\/(\d{4})(?![\d/])/gu, ([a, b, y]) => [date(y, b, a), date(y, a, b)]],
  [
    new RegExp(
      String.raw`(?<!\d)(\d{1,2})(?:\.|st|nd|rd|th|er|º)?\s?(?:of |de )?${MONTH}\.?(?![\p{L}])(?:,?\s?(?:de |del )?(\d{4}))?(?!\d)`,
      'giu',
    ),
    ([d, m, y]) => [date(y, monthOf(m), d)],
  ],
  [
    new RegExp(String.raw`(?<!\p{L})${MONTH}\.?\s(\d{1,2})(?:st|nd|rd|th)?(?!\d)(?:,?\s(\d{4}))?(?!\d)`, 'giu'),
    ([m, d, y]) => [date(y, monthOf(m), d)],
  ],
  [new RegExp(String.raw`(?<!\p{L})${MONTH}\.?,?\s(?:de |del )?(\d{4})(?!\d)`, 'giu'), ([m, y]) => [date(y, monthOf(m))]],
]

function readDates(text: string): Fact[] {
  return DATE_PATTERNS.flatMap(([pattern, read]) =>
    [...text.matchAll(pattern)].flatMap((match): Fact[] => {
      // "grade 5 may take": a lower-case may is the verb.
      const readings = / may(?![\p{L}])|^may(?![\p{L}])/u.test(match[0]) ? [] : read(match.slice(1)).filter(isPossible)
      return readings.length > 0 ? [{ kind: 'date', readings, ...spanOf(match) }] : []
    }),
  )
}

function readTimes(text: string): Fact[] {
  const clock = /(?<![\d:.,])([01]?\d|2[0-4])[:h]([0-5]\d)(?:\s?(a\.?m\.?|p\.?m\.?))?(?![\d:])/giu
  const hour = /(?<![\d:.,])(\d{1,2})\s?(a\.?m\.?(?!\p{L})|p\.?m\.?(?!\p{L})|uhr|o['’]clock)/giu
  const wide = /(?<!\d)(午前|午後)?(\d{1,2})\s?時(?!間)(?:(\d{1,2})\s?分)?/gu
  return [
    ...[...text.matchAll(clock)].map((match) => time(match, match[1], match[2], match[3])),
    ...[...text.matchAll(hour)].map((match) => time(match, match[1], undefined, match[2])),
    ...[...text.matchAll(wide)].map((match) => time(match, match[2], match[3], match[1] === '午後' ? 'pm' : undefined)),
  ]
}

const CURRENCY_BEFORE = /([€$£¥]|(?<!\p{L})(?:EUR|USD|GBP|JPY|CHF))\s?$/u
const UNIT_AFTER =
  /^(?:[\s\u00A0-]?([%€$£¥]|°C|円|パーセント|時間|分間|秒|日間|日|営業日|週間|週|[かヶカヵ]月|年間|年|人|名|回|キロ|メートル)|[\s\u00A0-]([\p{L}-]+)(?:[\s-]([\p{L}]+))?|([\p{L}]{1,3})(?!\p{L}))/u

function readNumbers(text: string, language: string): Fact[] {
  const pattern = /(?<![\p{L}\d.,])[+-]?\d+(?:[.,'’\u00A0\u202F]\d{3})*(?:[.,]\d+)?/gu
  return [...text.matchAll(pattern)].map((match): Fact => {
    const span = spanOf(match)
    const unit = unitAround(text, span.start, span.end)
    return { kind: 'number', value: parseNumber(match[0], language), ...(unit === undefined ? {} : { unit }), ...span }
  })
}

function readNumberWords(text: string, language: string): Fact[] {
  const words = NUMBER_WORDS[language] ?? {}
  return [...text.matchAll(/\p{L}+/gu)].flatMap((match): Fact[] => {
    const word = match[0].toLowerCase()
    const value = Object.hasOwn(words, word) ? words[word] : undefined
    const span = spanOf(match)
    const unit = unitAround(text, span.start, span.end)
    return value === undefined ? [] : [{ kind: 'number', value, ...(unit === undefined ? {} : { unit }), ...span }]
  })
}

function unitAround(text: string, start: number, end: number): string | undefined {
  const before = CURRENCY_BEFORE.exec(text.slice(Math.max(0, start - 5), start))?.[1]
  if (before !== undefined) return UNITS[before.toLowerCase()]
  const after = UNIT_AFTER.exec(text.slice(end, end + 40))
  const words = [after?.[1], after?.[2], after?.[3], after?.[4]].map((word) => (word ?? '').toLowerCase())
  if (/^(?:working|business)$/u.test(words[1] ?? '') && /^days?$/u.test(words[2] ?? '')) return 'working-day'
  return words.map((word) => (Object.hasOwn(UNITS, word) ? UNITS[word] : undefined)).find((unit) => unit !== undefined)
}

const DECIMAL_COMMA = new Set(['de', 'es', 'fr', 'it', 'pt', 'nl', 'pl', 'ru', 'sv', 'da', 'nb', 'fi', 'cs', 'tr'])

/** @param written digits with separators; an ambiguous single separator is read as the language writes it */
export function parseNumber(written: string, language: string): number {
  const plain = written.replace(/['’\u00A0\u202F]/gu, '')
  const lastComma = plain.lastIndexOf(',')
  const lastPoint = plain.lastIndexOf('.')
  if (lastComma >= 0 && lastPoint >= 0) return Number(withDecimal(plain, lastComma > lastPoint ? ',' : '.'))
  const separator = lastComma >= 0 ? ',' : lastPoint >= 0 ? '.' : ''
  if (separator === '') return Number(plain)
  const groups = plain.split(separator)
  const couldGroup = groups.slice(1).every((group) => group.length === 3) && !/^[+-]?0/u.test(plain)
  const decimal = DECIMAL_COMMA.has(language) ? ',' : '.'
  const isGrouping = couldGroup && (groups.length > 2 || separator !== decimal)
  return Number(isGrouping ? groups.join('') : withDecimal(plain, separator))
}

function withDecimal(plain: string, decimal: string): string {
  const grouping = decimal === ',' ? '.' : ','
  return plain.replaceAll(grouping, '').replace(decimal, '.')
}

function date(year?: string, month?: string | number, day?: string): CalendarDate {
  return {
    ...(year === undefined ? {} : { year: Number(year) }),
    ...(month === undefined ? {} : { month: Number(month) }),
    ...(day === undefined ? {} : { day: Number(day) }),
  }
}

function isPossible({ month = 1, day = 1 }: CalendarDate): boolean {
  return month >= 1 && month <= 12 && day >= 1 && day <= 31
}

function monthOf(name: string | undefined): number | undefined {
  return MONTHS[(name ?? '').toLowerCase()]
}

function time(match: RegExpExecArray, hours = '0', minutes = '0', half?: string): Fact {
  const afternoon = /^p/iu.test(half ?? '')
  const morning = /^a/iu.test(half ?? '')
  const hour = (Number(hours) % (afternoon || morning ? 12 : 24)) + (afternoon ? 12 : 0)
  return { kind: 'time', minutes: hour * 60 + Number(minutes), ...spanOf(match) }
}

function spanOf(match: RegExpExecArray): { start: number; end: number } {
  return { start: match.index, end: match.index + match[0].length }
}
