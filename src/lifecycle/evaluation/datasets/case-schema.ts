/** How a case is written, and what it becomes. Knows one case; knows nothing of files or of other cases. */
import { z } from 'zod'
import type { EvaluationCase } from '../../../contracts/evaluation.ts'

const text = z.string().refine((value) => value.trim() !== '', 'must not be empty')

/** One way to say it, or several. */
const fact = z.union([text, z.array(text).min(1)], { error: 'expected a text (a number in quotes), or a list of texts' })

const expectation = z
  .strictObject({
    facts: z.array(fact).min(1).optional(),
    not: z.array(text).optional(),
    abstain: z.boolean().optional(),
  })
  .refine((expect) => (expect.facts !== undefined) !== (expect.abstain === true), 'needs either facts or `abstain: true`')

const writtenCase = z.strictObject({
  id: text,
  as: text,
  question: text,
  history: z.array(text).optional(),
  expect: expectation,
  never: z.array(text).optional(),
  document: text.optional(),
  slice: z.record(text, text).optional(),
})

export interface CaseProblem {
  /** `expect.facts[0]`; empty for the case as a whole. */
  readonly path: string
  readonly reason: string
}

/** @returns the case, or everything that is wrong with it */
export function parseCase(value: unknown): { readonly testCase: EvaluationCase } | { readonly problems: readonly CaseProblem[] } {
  const result = writtenCase.safeParse(value)
  if (!result.success) {
    return { problems: result.error.issues.map(({ path, message }) => ({ path: formatPath(path), reason: message })) }
  }
  const { id, as, question, history, expect, never, document, slice } = result.data
  return {
    testCase: {
      id,
      as,
      question,
      history: history ?? [],
      expect: {
        facts: (expect.facts ?? []).map((alternatives) => (typeof alternatives === 'string' ? [alternatives] : alternatives)),
        not: expect.not ?? [],
        abstain: expect.abstain ?? false,
      },
      never: never ?? [],
      ...(document === undefined ? {} : { document }),
      slice: slice ?? {},
    },
  }
}

function formatPath(path: readonly PropertyKey[]): string {
  return path.reduce<string>((whole, part) => {
    if (typeof part === 'number') return `${whole}[${part}]`
    return whole === '' ? String(part) : `${whole}.${String(part)}`
  }, '')
}
