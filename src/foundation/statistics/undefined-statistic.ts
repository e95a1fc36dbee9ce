/** The error of a statistic that its input does not define. Knows the code only. */
import { TouchstoneError } from '../errors/touchstone-error.ts'

/** @param statistic noun phrase at the start of the sentence "… is not defined for …" @param reason the offending values */
export function undefinedStatistic(statistic: string, reason: string): TouchstoneError {
  return new TouchstoneError('STATISTIC_UNDEFINED', { details: { statistic, reason } })
}

/** @throws TouchstoneError STATISTIC_UNDEFINED unless the share is in (0, 1) */
export function requireShare(statistic: string, name: string, share: number): void {
  if (!(share > 0 && share < 1)) throw undefinedStatistic(statistic, `${name} ${share}`)
}

/** @throws TouchstoneError STATISTIC_UNDEFINED unless every count is whole and at least 0 */
export function requireCounts(statistic: string, counts: Readonly<Record<string, number>>): void {
  for (const [name, count] of Object.entries(counts))
    if (!Number.isSafeInteger(count) || count < 0) throw undefinedStatistic(statistic, `${name} = ${count}`)
}

/** @throws TouchstoneError STATISTIC_UNDEFINED for fewer values than `least`, or one that is not finite */
export function requireValues(statistic: string, values: readonly number[], least = 1): void {
  if (values.length < least) throw undefinedStatistic(statistic, `${values.length} values`)
  const wrong = values.find((value) => !Number.isFinite(value))
  if (wrong !== undefined) throw undefinedStatistic(statistic, `the value ${wrong}`)
}
