/** Values that another program gave, as scores: finite numbers by name; what is none is told apart. Knows no format. */
import type { Scores } from '../../../contracts/evaluation.ts'
import type { CaseOutcome } from '../../../contracts/recorded-run.ts'

export interface ReadScores {
  readonly scores: Scores
  /** Metrics that have no number: a judge answered prose, NaN, an error. */
  readonly missing: readonly string[]
}

/** Numbers stay, truth becomes 1 and 0; null, NaN and texts are missing. */
export function readScores(values: Iterable<readonly [metric: string, value: unknown]>): ReadScores {
  const scores = new Map<string, number>()
  const missing: string[] = []
  for (const [metric, value] of values) {
    if (typeof value === 'number' && Number.isFinite(value)) scores.set(metric, value)
    else if (typeof value === 'boolean') scores.set(metric, value ? 1 : 0)
    else missing.push(metric)
  }
  // From entries, so that a metric called __proto__ is one.
  return { scores: Object.fromEntries(scores), missing }
}

/** A record without an error is scored when each metric has a value, and there is one. */
export function outcomeOf({ scores, missing }: ReadScores): CaseOutcome {
  return missing.length === 0 && Object.keys(scores).length > 0 ? 'scored' : 'unscored'
}
