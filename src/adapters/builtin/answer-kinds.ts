/** What kind of answer a sentence could give, by light recognition. Knows how money, dates or people are written; ranks nothing. */
import {
  DURATION_UNITS,
  EVENT_WORDS,
  FREQUENCY_WORDS,
  MONTH_NAMES,
  NUMBER_WORDS,
  PLACE_WORDS,
  REASON_WORDS,
  ROLE_WORDS,
  WEEKDAYS,
  WIDE_PLACES,
  WIDE_ROLES,
} from './answer-kinds.data.ts'

export type AnswerKind =
  | 'money'
  | 'percent'
  | 'number'
  | 'duration'
  | 'mass'
  | 'length'
  | 'date'
  | 'time'
  | 'frequency'
  | 'event'
  | 'person'
  | 'contact'
  | 'place'
  | 'reason'

/** Written with a sign, a unit or a form of its own; a person or a reason may be written in any words. */
export const SURE_KINDS: ReadonlySet<AnswerKind> = new Set(['money', 'percent', 'mass', 'time', 'contact'])

const RECOGNISERS: Readonly<Record<AnswerKind, readonly RegExp[]>> = {
  money: [
    /(?:[€$£¥]|(?:EUR|USD|GBP|JPY|CHF|Euro)\b)\s?\d|\d(?:[\d.,' ]*\d)?\s?(?:k\b|m\b)?\s?(?:[€$£¥円]|(?:EUR|USD|GBP|JPY|CHF|euros?|dollars?|pounds?|yen|cents?|dólares)(?!\p{L}))/iu,
    /\b(?:free of charge|no charge|free for|for free|unpaid|no cost|kostenlos|kostenfrei|gratis|gratuit)\b|無料/iu,
  ],
  percent: [/\d\s?(?:%|percent|per cent|prozent|por ciento|パーセント)/iu],
  number: [
    /(?<![\d:.,/-])(?!(?:19|20)\d{2}(?!\d))\d+(?:[.,]\d+)*(?![:\d]|[./-]\d)/u,
    whole(NUMBER_WORDS),
    /[一二三四五六七八九十百千]+[つ人回個日名台]/u,
  ],
  duration: [
    new RegExp(String.raw`(?:\d|${edge(NUMBER_WORDS)})(?:[\d.,]*)[\s-]*(?:\p{L}+[\s-]){0,2}(?:${DURATION_UNITS})(?!\p{L})`, 'iu'),
    /\d+\s?(?:日|週|か月|ヶ月|カ月|年|時間|分)/u,
    // A table says the unit in the header: "Months: 3".
    new RegExp(String.raw`(?<!\p{L})(?:${DURATION_UNITS})[^:;]{0,30}:\s?\d`, 'iu'),
  ],
  mass: [
    /\d\s?(?:kg|g|mg|t|lbs?|kilos?|kilograms?|kilogramm|kilogramos|grams?|gramm|gramos|tonnes?|tonnen|pounds)(?!\p{L})|\d\s?(?:キロ|グラム|トン)/iu,
  ],
  length: [
    /\d\s?(?:mm|cm|m|km|millimet(?:re|er)s?|centimet(?:re|er)s?|met(?:re|er)s?|kilomet(?:re|er)s?|inch(?:es)?|feet|miles?|metern?|zentimetern?|millimetern?|kilometern?|metros?|centímetros?|milímetros?|kilómetros?)(?!\p{L})|\d\s?(?:メートル|センチ|ミリ)/iu,
  ],
  date: [
    new RegExp(String.raw`(?<!\p{L})(?:${MONTH_NAMES})(?!\p{L})`, 'iu'),
    new RegExp(String.raw`(?<!\p{L})(?:${WEEKDAYS})(?!\p{L})`, 'iu'),
    /\d{4}-\d{2}|\d{1,2}[./]\d{1,2}[./]\d{2,4}|(?<!\d)(?:19|20)\d{2}(?!\d)|\d+月|\d+日|毎月|毎年|月末|年末|曜/u,
    /\b(?:\d{1,2}(?:st|nd|rd|th)|first|second|third|last|\d{1,2}\.) (?:working |business |bank )?(?:day|week|of|tag|werktag|arbeitstag|día)/iu,
  ],
  time: [
    /\d{1,2}[:.h]\d{2}(?!\d)|\d\s?(?:a\.?m|p\.?m|uhr|o'clock)(?!\p{L})|\b(?:noon|midnight|mittag|mitternacht|mediodía)\b|\d+時|正午|24\/7|around the clock/iu,
  ],
  frequency: [whole(FREQUENCY_WORDS), /毎|ごと|に\d*一?回|年\d+回|月\d+回|週\d+回/u],
  event: [whole(EVENT_WORDS), /まで|前に|後に|以内|すぐ|直ちに|までに/u],
  person: [
    whole(ROLE_WORDS),
    /(?<=[\p{Ll},:;] )\p{Lu}\p{Ll}+ \p{Lu}\p{Ll}+|^\p{Lu}\p{Ll}+ \p{Lu}\p{Ll}+|:\s?\p{Lu}\p{Ll}+ \p{Lu}\p{Ll}+/u,
    WIDE_ROLES,
  ],
  contact: [
    /[\w.+-]+@[\w-]+\.\w+|\+?\d[\d\s()/-]{5,}\d|https?:\/\/|\bwww\.|(?:extension|ext\.?|durchwahl|extensión|内線)\W{0,3}\d+|#[\p{L}-]+/iu,
  ],
  place: [
    whole(PLACE_WORDS),
    /(?<=(?:\bin|\bat|\bto|\bon|\bvia|\bunder|\bim|\bbei|\bnach|\ben|\bà) (?:the |der |dem |el |la )?)\p{Lu}\p{L}+/u,
    /https?:\/\/|\w\/\w/u,
    WIDE_PLACES,
  ],
  reason: [whole(REASON_WORDS), /ため|から|ので|理由/u],
}

/** @returns whether the sentence holds something of that kind */
export function holdsKind(text: string, kind: AnswerKind): boolean {
  return RECOGNISERS[kind].some((pattern) => pattern.test(text))
}

function whole(words: string): RegExp {
  return new RegExp(String.raw`(?<![\p{L}\p{N}])(?:${words})(?![\p{L}\p{N}])`, 'iu')
}

function edge(words: string): string {
  return String.raw`(?<!\p{L})(?:${words})(?!\p{L})`
}
