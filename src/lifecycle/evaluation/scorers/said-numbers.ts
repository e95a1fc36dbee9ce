/** The numbers of a text with their units, in every way that they can be read. Knows how numbers are written; knows nothing of cases. */
import { quantities, type Unit } from './units.data.ts'

export interface SaidNumber {
  /** 1.250 may be a thousand or one and a quarter: each reading. */
  readonly readings: readonly number[]
  /** As it stands before or after the number, if it is one that is known. */
  readonly unit?: MeasuredUnit
}

export interface MeasuredUnit {
  readonly quantity: string
  readonly size: number
}

const unitByName: ReadonlyMap<string, MeasuredUnit> = new Map(
  Object.entries(quantities).flatMap(([quantity, units]) =>
    units.flatMap(({ names, size }: Unit) => names.map((name) => [name, { quantity, size }] as const)),
  ),
)
const longestFirst = [...unitByName.keys()].sort((left, right) => right.length - left.length)
const alternatives = longestFirst.map((name) => name.replace(/[$.]/g, String.raw`\$&`)).join('|')
const NUMBER = String.raw`(?<![\p{L}\p{N}_]|[\p{N}][.,])([-−+]?)(\d+(?:[., '\u00A0\u202F]\d+)*)(?:[eE]([-+]?\d{1,3}))?`
const SCALE = String.raw`(?:[ \u00A0\u202F]?(thousand|million|billion|tausend|millionen|million|milliarden|milliarde|k|m|bn)(?![\p{L}\p{N}]))?`
const SAID = new RegExp(
  String.raw`(?:([€$£¥])[ \u00A0]?)?${NUMBER}${SCALE}(?:[ \u00A0\u202F-]?(${alternatives})(?![\p{L}\p{N}]))?`,
  'giu',
)
const SCALES: Readonly<Record<string, number>> = {
  thousand: 1e3,
  tausend: 1e3,
  k: 1e3,
  million: 1e6,
  millionen: 1e6,
  m: 1e6,
  billion: 1e9,
  milliarde: 1e9,
  milliarden: 1e9,
  bn: 1e9,
}

/** @returns nothing for a name that the table does not have */
export function unitNamed(name: string): MeasuredUnit | undefined {
  return unitByName.get(name.toLowerCase())
}

/** In the order of the text. */
export function numbersIn(text: string): readonly SaidNumber[] {
  return [...text.matchAll(SAID)].map(([, currency, sign = '', digits = '', exponent, scale, after]) => {
    const unit = unitNamed(after ?? currency ?? '')
    // "5 m" is five metres, "5 m€" five million: a lone letter is a scale only before a unit or after a currency.
    const isMetre = scale?.toLowerCase() === 'm' && after === undefined && currency === undefined
    const factor = (isMetre ? 1 : (SCALES[scale?.toLowerCase() ?? ''] ?? 1)) * 10 ** Number(exponent ?? 0)
    const signed = /[-−]/.test(sign) ? -1 : 1
    const measured = isMetre ? unitNamed('m') : unit
    return {
      readings: readingsOf(digits).map((value) => signed * value * factor),
      ...(measured === undefined ? {} : { unit: measured }),
    }
  })
}

/** Groups of three digits are thousands or, behind a single full stop or comma, perhaps decimals. */
function readingsOf(digits: string): readonly number[] {
  const plain = digits.replace(/[ '\u00A0\u202F]/g, '')
  const marks = [...plain.replace(/\d/g, '')]
  const last = marks.at(-1)
  if (last === undefined) return [Number(plain)]
  const asDecimal = Number(
    `${plain.slice(0, plain.lastIndexOf(last)).replace(/[.,]/g, '')}.${plain.slice(plain.lastIndexOf(last) + 1)}`,
  )
  const asGroups = Number(plain.replace(/[.,]/g, ''))
  if (new Set(marks).size === 2) return [asDecimal]
  const isGrouped = /^\d{1,3}(?:[.,]\d{3})+$/.test(plain)
  if (marks.length > 1) return isGrouped ? [asGroups] : [asDecimal]
  return isGrouped ? [asGroups, asDecimal] : [asDecimal]
}
