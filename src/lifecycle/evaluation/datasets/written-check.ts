/** What a case or a suite is scored by, as people write it: a scorer of the catalogue by name, its options beside it. Knows no case. */
import { z } from 'zod'
import type { CaseCheck } from '../../../contracts/evaluation.ts'
import { isTouchstoneError, messageOf } from '../../../foundation/errors/touchstone-error.ts'
import { scorerCatalog } from '../scorers/catalog.ts'

export interface WrittenCheck {
  /** Id of a scorer of the catalogue. */
  readonly scorer?: string | undefined
  /** The same, under the name that promptfoo uses. */
  readonly type?: string | undefined
  readonly metric?: string | undefined
  /** Of the scorer `module`, in a suite written in TypeScript. */
  readonly run?: (input: Readonly<Record<string, unknown>>) => unknown
  /** Everything else: the scorer's options. */
  readonly [option: string]: unknown
}

const named = z.looseObject({
  scorer: z.string().optional(),
  type: z.string().optional(),
  metric: z.string().min(1).optional(),
})

/** `{ scorer: contains, any: [leave], metric: mentions_leave }`; every problem of its options is an issue. */
export const writtenCheck: z.ZodType<CaseCheck, WrittenCheck> = named.transform((written, context): CaseCheck => {
  const { scorer, type, metric, ...options } = written
  const id = scorer ?? type ?? ''
  for (const reason of problemsOf(id, options)) context.addIssue({ code: 'custom', message: reason })
  if (scorer !== undefined && type !== undefined) context.addIssue({ code: 'custom', message: 'has both `scorer` and `type`' })
  return { scorer: id, options, ...(metric === undefined ? {} : { metric }) }
})

function problemsOf(id: string, options: unknown): readonly string[] {
  const extension = scorerCatalog.find((each) => each.id === id)
  const known = scorerCatalog.map((each) => each.id).join(', ')
  if (extension === undefined)
    return [id === '' ? `names no scorer; known: ${known}` : `there is no scorer "${id}"; known: ${known}`]
  try {
    extension.parseOptions(options)
    return []
  } catch (error) {
    if (!isTouchstoneError(error, 'CONFIG_INVALID')) return [messageOf(error)]
    return String(error.details['problems'])
      .split('\n')
      .map((line) => line.trim())
  }
}
