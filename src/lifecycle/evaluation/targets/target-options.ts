/** Options of targets, checked. Knows how problems are told; knows no kind of target. */
import { z } from 'zod'
import { TouchstoneError } from '../../../foundation/errors/touchstone-error.ts'

/** States what is behind it; raised by whoever changes that. Without it no answer is used again. */
export const statedVersion = z.union([z.string(), z.number()]).optional()

/** @throws TouchstoneError CONFIG_INVALID naming each wrong option */
export function parseTargetOptions<Schema extends z.ZodType>(kind: string, schema: Schema, input: unknown): z.output<Schema> {
  const parsed = schema.safeParse(input)
  if (parsed.success) return parsed.data
  const problems = parsed.error.issues.map(({ path, message }) => `  ${path.join('.')}: ${message}`).join('\n')
  throw new TouchstoneError('CONFIG_INVALID', {
    details: { path: `of a target ${kind}`, count: parsed.error.issues.length, problems },
  })
}
