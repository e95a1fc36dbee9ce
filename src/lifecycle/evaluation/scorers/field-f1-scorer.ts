/** How many fields of an extraction are right. Knows JSON as paths and values; knows nothing of what fields mean. */
import { z } from 'zod'
import type { ScorerExtension } from '../../../contracts/evaluation.ts'
import { answerText, createMeasure } from './measure.ts'
import { readJson } from './output-json.ts'
import { comparableText } from './said-text.ts'
import { parseScorerOptions } from './scorer-options.ts'

const optionsSchema = z.strictObject({
  /** The right object; the case's `expected` when absent. */
  value: z.record(z.string(), z.unknown()).optional(),
  /** Only these fields count, with everything below them: `customer`, `items[].price`. */
  fields: z.array(z.string().min(1)).min(1).optional(),
  /** Texts are equal also when only case, dashes, quotes, white space or thousands separators differ. */
  fold: z.boolean().default(true),
})
export type FieldF1Options = z.output<typeof optionsSchema>

/**
 * `field_precision`, `field_recall`, `field_f1` over the leaves of the object: a leaf is right when the reference has the same value
 * under the same path. Elements of a list have the path `list[]` and no order; null and absent are the same. What is no JSON has no
 * leaves. Two objects without leaves agree: 1.
 */
export const fieldF1Scorer: ScorerExtension<FieldF1Options> = {
  id: 'field-f1',
  version: 1,
  summary: 'Share of the fields of an extracted object that are right: precision, recall, F1.',
  parseOptions: (input) => parseScorerOptions('field-f1', optionsSchema, input),
  create: ({ value, fields, fold }) =>
    createMeasure('field_f1', (testCase, output) => {
      const reference = value ?? testCase.expected
      if (typeof reference !== 'object' || reference === null) return {}
      const wanted = leavesOf(reference, fields, fold)
      const given = leavesOf(readJson(answerText(output))?.value, fields, fold)
      const right = countShared(wanted, given)
      const [wantedCount, givenCount] = [wanted.length, given.length]
      const isEmpty = wantedCount + givenCount === 0
      return {
        field_precision: isEmpty ? 1 : givenCount === 0 ? 0 : right / givenCount,
        field_recall: isEmpty ? 1 : wantedCount === 0 ? 0 : right / wantedCount,
        field_f1: isEmpty ? 1 : (2 * right) / (wantedCount + givenCount),
      }
    }),
}

function leavesOf(value: unknown, fields: readonly string[] | undefined, fold: boolean): readonly string[] {
  const leaves: string[] = []
  const visit = (path: string, part: unknown): void => {
    if (part === null || part === undefined) return
    if (Array.isArray(part)) return part.forEach((each) => visit(`${path}[]`, each))
    if (typeof part === 'object') {
      for (const [name, each] of Object.entries(part)) visit(path === '' ? name : `${path}.${name}`, each)
      return
    }
    if (fields === undefined || fields.some((field) => isBelow(path, field)))
      leaves.push(JSON.stringify([path, fold && typeof part === 'string' ? comparableText(part) : part]))
  }
  visit('', value)
  return leaves
}

function isBelow(path: string, field: string): boolean {
  return path === field || path.startsWith(`${field}.`) || path.startsWith(`${field}[`)
}

/** Of two multisets. */
function countShared(wanted: readonly string[], given: readonly string[]): number {
  const left = new Map<string, number>()
  for (const each of wanted) left.set(each, (left.get(each) ?? 0) + 1)
  let shared = 0
  for (const each of given) {
    const count = left.get(each) ?? 0
    if (count > 0) shared++
    left.set(each, count - 1)
  }
  return shared
}
