/** Options of a scorer that has none. */
import { TouchstoneError } from '../../../foundation/errors/touchstone-error.ts'

export type NoOptions = Readonly<Record<string, never>>

/** @throws TouchstoneError CONFIG_INVALID naming each option, for none is known */
export function parseNoOptions(scorer: string, input: unknown): NoOptions {
  const given = input === undefined || input === null ? [] : typeof input === 'object' ? Object.keys(input) : [String(input)]
  if (given.length === 0) return {}
  const problems = given.map((name) => `  ${name}: the scorer ${scorer} has no options`).join('\n')
  throw new TouchstoneError('CONFIG_INVALID', { details: { path: `of scorer ${scorer}`, count: given.length, problems } })
}
