/** Whether an answer gives the right number, within a tolerance and in any unit of its quantity. Knows numbers; knows nothing of sentences. */
import { z } from 'zod'
import type { ScorerExtension } from '../../../contracts/evaluation.ts'
import { answerText, createMeasure } from './measure.ts'
import { numbersIn, unitNamed, type MeasuredUnit, type SaidNumber } from './said-numbers.ts'
import { parseScorerOptions } from './scorer-options.ts'

const optionsSchema = z.strictObject({
  /** The case's `expected` when absent, which may be a text as "25 days". */
  value: z.number().optional(),
  tolerance: z
    .strictObject({ absolute: z.number().min(0).default(0), relative: z.number().min(0).max(1).default(0) })
    .default({ absolute: 0, relative: 0 }),
  unit: z
    .string()
    .refine((name) => unitNamed(name) !== undefined, 'is no unit of the table; leave it out to compare the number alone')
    .optional(),
  /** Which number of the answer counts, of those that have a unit of the quantity where one is asked for. */
  pick: z.enum(['any', 'first', 'last', 'only']).default('last'),
})
export type NumericOptions = z.output<typeof optionsSchema>

/**
 * `numeric`: 1 when the number that counts differs from the right one by at most the larger tolerance: `absolute` in the right
 * number's unit, `relative` as a share of the right number. A number without a unit is read in the unit asked for only when it is
 * the only number there.
 */
export const numericScorer: ScorerExtension<NumericOptions> = {
  id: 'numeric',
  version: 1,
  summary: 'The answer gives the right number, within a tolerance, in any unit of the quantity.',
  parseOptions: (input) => parseScorerOptions('numeric', optionsSchema, input),
  create: (options) =>
    createMeasure('numeric', (testCase, output) => {
      const right = rightNumber(options, testCase.expected)
      if (right === undefined) return {}
      const numbers = candidates(numbersIn(answerText(output)), right.unit)
      return { numeric: pickOf(numbers, options.pick).some((number) => isNear(number, right, options.tolerance)) ? 1 : 0 }
    }),
}

interface RightNumber {
  readonly value: number
  readonly unit?: MeasuredUnit
}

function rightNumber({ value, unit: name }: NumericOptions, expected: unknown): RightNumber | undefined {
  const unit = name === undefined ? undefined : unitNamed(name)
  const given = value ?? (typeof expected === 'number' ? expected : undefined)
  if (given !== undefined) return { value: given, ...(unit && { unit }) }
  const [said] = typeof expected === 'string' ? numbersIn(expected) : []
  const [reading] = said?.readings ?? []
  if (reading === undefined) return undefined
  const measured = unit ?? said?.unit
  return { value: reading, ...(measured && { unit: measured }) }
}

function candidates(numbers: readonly SaidNumber[], unit: MeasuredUnit | undefined): readonly SaidNumber[] {
  if (unit === undefined) return numbers
  const measured = numbers.filter((number) => number.unit?.quantity === unit.quantity)
  return measured.length === 0 && numbers.length === 1 && numbers[0]?.unit === undefined ? numbers : measured
}

function pickOf(numbers: readonly SaidNumber[], pick: NumericOptions['pick']): readonly SaidNumber[] {
  if (pick === 'first') return numbers.slice(0, 1)
  if (pick === 'last') return numbers.slice(-1)
  return pick === 'only' && numbers.length > 1 ? [] : numbers
}

function isNear({ readings, unit }: SaidNumber, right: RightNumber, tolerance: NumericOptions['tolerance']): boolean {
  const factor = unit !== undefined && right.unit !== undefined ? unit.size / right.unit.size : 1
  const allowed = Math.max(tolerance.absolute, tolerance.relative * Math.abs(right.value))
  // Decimal fractions and factors of units are not exact in binary.
  const slack = 1e-9 * Math.abs(right.value)
  return readings.some((reading) => Math.abs(reading * factor - right.value) <= allowed + slack)
}
