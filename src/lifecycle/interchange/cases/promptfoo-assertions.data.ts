/** Which scorer stands for an assertion of promptfoo, by its type. A type without a row is told as unsupported. */
import type { CaseCheck } from '../../../contracts/evaluation.ts'

/** @returns the check, or nothing where the scorer cannot say this (most negations of it) */
export type AssertionRule = (value: unknown, negated: boolean) => CaseCheck | undefined

const check = (scorer: string, options: Readonly<Record<string, unknown>>): CaseCheck => ({ scorer, options })
const lists = (value: unknown): readonly string[] =>
  (Array.isArray(value) ? value : typeof value === 'string' ? value.split(',').map((each) => each.trim()) : [value]).map(String)
const escaped = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`)
const isText = (value: unknown): boolean => typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'

const containing =
  (needs: 'one' | 'any' | 'all', match: string): AssertionRule =>
  (value, negated) => {
    const texts = needs === 'one' ? [String(value)] : lists(value)
    if (negated) return needs === 'all' ? undefined : check('contains', { not: texts, match })
    return check('contains', { [needs === 'any' ? 'any' : 'all']: texts, match })
  }
const matching =
  (pattern: (value: string) => string): AssertionRule =>
  (value, negated) =>
    typeof value === 'string'
      ? check('regex', { pattern: pattern(value), flags: '', ...(negated ? { not: true } : {}) })
      : undefined
const judged =
  (rubric: (value: string) => string): AssertionRule =>
  (value, negated) =>
    negated
      ? undefined
      : check('model-rubric', { rubric: rubric(typeof value === 'string' ? value : JSON.stringify(value ?? '')) })
const overlapping =
  (scorer: string): AssertionRule =>
  (value, negated) =>
    negated || !isText(value) ? undefined : check(scorer, { value: String(value) })

export const promptfooAssertions: Readonly<Record<string, AssertionRule>> = {
  equals: (value, negated) => (negated || !isText(value) ? undefined : check('exact', { value })),
  contains: containing('one', 'text'),
  icontains: containing('one', 'folded-text'),
  'contains-any': containing('any', 'text'),
  'icontains-any': containing('any', 'folded-text'),
  'contains-all': containing('all', 'text'),
  'icontains-all': containing('all', 'folded-text'),
  regex: matching((value) => value),
  'starts-with': matching((value) => `^${escaped(value)}`),
  'is-json': (value, negated) => (negated ? undefined : check('json-schema', { schema: value ?? true })),
  'rouge-n': overlapping('rouge'),
  bleu: overlapping('bleu'),
  'llm-rubric': judged((value) => value),
  'g-eval': judged((value) => value),
  'model-graded-closedqa': judged((value) => `The answer meets this criterion: ${value}`),
  factuality: judged((value) => `The answer agrees in its facts with this reference, and contradicts nothing of it: ${value}`),
  'model-graded-factuality': judged(
    (value) => `The answer agrees in its facts with this reference, and contradicts nothing of it: ${value}`,
  ),
  'answer-relevance': judged(() => 'The answer responds to the question, and to nothing else.'),
  'context-faithfulness': (_value, negated) => (negated ? undefined : check('groundedness', { against: 'retrieved' })),
}

/** Measured in every run, so that a policy can gate on them without a check. */
export const measuredAnyway: ReadonlySet<string> = new Set(['cost', 'latency'])
