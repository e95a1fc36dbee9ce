/** What a run will ask, in which order, and under which names. Knows cases; knows nothing of systems. */
import type { EvaluationCase } from '../../../contracts/evaluation.ts'
import { TouchstoneError } from '../../../foundation/errors/touchstone-error.ts'
import { canonicalJson, contentHash } from '../../../foundation/hashing/content-hash.ts'

export interface PlannedCase {
  readonly testCase: EvaluationCase
  readonly caseHash: string
  /** 0-based. */
  readonly repeat: number
}

/**
 * Every case once, then every case again: a run that is cut short has seen all cases as often as possible.
 * @throws TouchstoneError DATASET_INVALID for two cases of one id: ids pair runs
 */
export function planRun(cases: readonly EvaluationCase[], repeats: number): readonly PlannedCase[] {
  const seen = new Set<string>()
  const twice = cases.filter(({ id }) => seen.size === seen.add(id).size).map(({ id }) => `  ${id}: another case has this id`)
  if (twice.length > 0)
    throw new TouchstoneError('DATASET_INVALID', {
      details: { path: 'of the run', count: twice.length, problems: twice.join('\n') },
    })
  const hashed = cases.map((testCase) => ({ testCase, caseHash: contentHash(canonicalJson(testCase)) }))
  return Array.from({ length: repeats }, (_, repeat) => hashed.map((each) => ({ ...each, repeat }))).flat()
}

/** Under which an output can be found again. */
export function outputKey({ caseHash, repeat }: { readonly caseHash?: string; readonly repeat: number }): string {
  return `${caseHash ?? ''} ${repeat}`
}
