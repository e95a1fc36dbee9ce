/** How a case is written, and what it becomes. Knows one case, or one conversation; knows nothing of files or of other cases. */
import { z } from 'zod'
import type { CaseExpectation, EvaluationCase } from '../../../contracts/evaluation.ts'
import { writtenCheck } from './written-check.ts'

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

/** What a case is scored by. */
const scoredBy = {
  expect: expectation.optional(),
  expected: z.unknown().optional(),
  assert: z.array(writtenCheck).min(1).optional(),
}
const labels = {
  never: z.array(text).optional(),
  document: text.optional(),
  slice: z.record(text, text).optional(),
}
const turn = z.strictObject({ question: text, ...scoredBy, ...labels })

const writtenCase = z.strictObject({
  id: text,
  as: text.optional(),
  question: text.optional(),
  turns: z.array(turn).min(1).optional(),
  history: z.array(text).optional(),
  vars: z.record(text, z.unknown()).optional(),
  cluster: text.optional(),
  ...scoredBy,
  ...labels,
})

type ParsedCase = z.output<typeof writtenCase>
type ParsedTurn = z.output<typeof turn>

/** A case as a file or `defineSuite` states it. */
export type WrittenCase = z.input<typeof writtenCase>

export interface CaseProblem {
  /** `expect.facts[0]`; empty for the case as a whole. */
  readonly path: string
  readonly reason: string
}

/**
 * @param hasSuiteScorers whether every case is scored by something already, so that it need not say by what
 * @returns the case, or one for each scored turn of a conversation; or everything that is wrong with it
 */
export function parseCase(
  value: unknown,
  hasSuiteScorers: boolean,
): { readonly cases: readonly EvaluationCase[] } | { readonly problems: readonly CaseProblem[] } {
  const result = writtenCase.safeParse(value)
  if (!result.success) {
    return { problems: result.error.issues.map(({ path, message }) => ({ path: formatPath(path), reason: message })) }
  }
  const problems = contradictions(result.data, hasSuiteScorers)
  if (problems.length > 0) return { problems }
  return { cases: result.data.turns === undefined ? [singleCase(result.data)] : turnCases(result.data, hasSuiteScorers) }
}

function contradictions(written: ParsedCase, hasSuiteScorers: boolean): readonly CaseProblem[] {
  const { as, question, turns, vars, expect, expected, assert } = written
  const problems: CaseProblem[] = []
  const add = (path: string, reason: string): number => problems.push({ path, reason })
  if (turns !== undefined) {
    for (const [path, own] of Object.entries({ question, expect, expected, assert }))
      if (own !== undefined) add(path, 'belongs into a turn where there are turns')
    if (!hasSuiteScorers && !turns.some(isScored)) add('turns', 'none of them has `expect` or `assert`')
  } else {
    if (question === undefined && vars === undefined) add('question', 'is missing; a case has a question, turns or vars')
    if (!hasSuiteScorers && expect === undefined && assert === undefined)
      add('expect', 'is missing; without it the case needs `assert`, or its suite scorers')
  }
  const hasChecks = assert !== undefined || turns?.some((each) => each.assert !== undefined) === true
  if (as === undefined && !hasSuiteScorers && !hasChecks) add('as', 'is missing; it names who asks')
  return problems
}

function isScored(written: ParsedTurn): boolean {
  return written.expect !== undefined || written.assert !== undefined || written.expected !== undefined
}

function singleCase(written: ParsedCase): EvaluationCase {
  const { id, as, question, history, cluster, vars, slice } = written
  return {
    id,
    as: as ?? '',
    question: question ?? '',
    history: history ?? [],
    ...scoring(written),
    never: written.never ?? [],
    ...optional({ document: written.document, cluster, vars }),
    slice: slice ?? {},
  }
}

/** Each scored turn with what was asked before; the others are asked, and not scored. */
function turnCases(written: ParsedCase, hasSuiteScorers: boolean): readonly EvaluationCase[] {
  const { id, as, turns = [], history = [], cluster, vars, never = [], document, slice } = written
  return turns.flatMap((each, at) => {
    if (!hasSuiteScorers && !isScored(each)) return []
    return {
      id: `${id}/turn-${at + 1}`,
      as: as ?? '',
      question: each.question,
      history: [...history, ...turns.slice(0, at).map((earlier) => earlier.question)],
      ...scoring(each),
      never: [...never, ...(each.never ?? [])],
      ...optional({ document: each.document ?? document, cluster: cluster ?? id, vars }),
      slice: { ...slice, ...each.slice },
    }
  })
}

function scoring(
  written: Pick<ParsedTurn, 'expect' | 'expected' | 'assert'>,
): Pick<EvaluationCase, 'expect' | 'expected' | 'checks'> {
  return { expect: toExpectation(written.expect), ...optional({ expected: written.expected, checks: written.assert }) }
}

function toExpectation(expect: z.output<typeof expectation> | undefined): CaseExpectation {
  return {
    facts: (expect?.facts ?? []).map((alternatives) => (typeof alternatives === 'string' ? [alternatives] : alternatives)),
    not: expect?.not ?? [],
    abstain: expect?.abstain ?? false,
  }
}

/** Absent members are left out, so that they change no hash. */
function optional<Members extends object>(members: Members): { [Key in keyof Members]?: Exclude<Members[Key], undefined> } {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as Members
}

export function formatPath(path: readonly PropertyKey[]): string {
  return path.reduce<string>((whole, part) => {
    if (typeof part === 'number') return `${whole}[${part}]`
    return whole === '' ? String(part) : `${whole}.${String(part)}`
  }, '')
}
