/** What a scorer was told, checked by its schema. Knows how problems are named; knows no scorer. */
import type { z } from 'zod'
import { TouchstoneError } from '../../../foundation/errors/touchstone-error.ts'

/** @param input options as written; absent ones count as none @throws TouchstoneError CONFIG_INVALID naming each wrong option by its path */
export function parseScorerOptions<Options>(scorer: string, schema: z.ZodType<Options>, input: unknown): Options {
  const result = schema.safeParse(input ?? {})
  if (result.success) return result.data
  throw invalidOptions(
    scorer,
    result.error.issues.map(({ path, message }) => ({ path: path.join('.'), reason: message })),
  )
}

/** For what a schema cannot see, as a pattern that does not compile. */
export function invalidOptions(
  scorer: string,
  problems: readonly { readonly path: string; readonly reason: string }[],
): TouchstoneError {
  const listed = problems.map(({ path, reason }) => `  ${path === '' ? 'options' : path}: ${reason}`).join('\n')
  return new TouchstoneError('CONFIG_INVALID', {
    details: { path: `of scorer ${scorer}`, count: problems.length, problems: listed },
  })
}
