/** Options of a retrieval extension, validated. Knows the error they end in; knows no extension. */
import type { z } from 'zod'
import { TouchstoneError } from '../../foundation/errors/touchstone-error.ts'

/** Missing options are the defaults. @throws TouchstoneError CONFIG_INVALID naming each wrong option */
export function parseExtensionOptions<Schema extends z.ZodType>(id: string, schema: Schema, input: unknown): z.output<Schema> {
  const parsed = schema.safeParse(input ?? {})
  if (parsed.success) return parsed.data
  const problems = parsed.error.issues.map((issue) => `  ${issue.path.join('.')}: ${issue.message}`)
  throw new TouchstoneError('CONFIG_INVALID', {
    details: { path: `retrieval.${id}`, count: problems.length, problems: problems.join('\n') },
  })
}
