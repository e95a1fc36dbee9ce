/** What missing outcomes could hide: differences as bad, and as good, as they can be. Knows numbers; knows nothing of why one is missing. */
import type { Interval } from './proportion-intervals.ts'
import { undefinedStatistic } from './undefined-statistic.ts'

export interface DifferenceBounds {
  /** Differences (candidate - baseline) in the order of the input: missing ones filled in against the candidate, … */
  readonly worst: readonly number[]
  /** … and for it. */
  readonly best: readonly number[]
  readonly missing: number
}

/**
 * Worst and best paired differences. A verdict that both give does not depend on what is missing; errors are seldom random (hard
 * cases time out), so leaving them out is a guess.
 * @param baseline outcome per case, undefined where missing  @param candidate the same cases in the same order
 * @param range of possible outcomes; [0, 1] when absent
 * @throws TouchstoneError STATISTIC_UNDEFINED for no cases, other lengths, or an outcome outside of the range
 * Source: Manski 1990.
 */
export function boundDifferences(
  baseline: readonly (number | undefined)[],
  candidate: readonly (number | undefined)[],
  range: Interval = { lower: 0, upper: 1 },
): DifferenceBounds {
  const outside = [...baseline, ...candidate].find(
    (value) => value !== undefined && !(value >= range.lower && value <= range.upper),
  )
  if (baseline.length === 0 || baseline.length !== candidate.length || outside !== undefined)
    throw undefinedStatistic(
      'A bound of differences',
      `${baseline.length} and ${candidate.length} outcomes, ${outside ?? 'none'} outside`,
    )
  const differences = (missingBaseline: number, missingCandidate: number): readonly number[] =>
    baseline.map((value, place) => (candidate[place] ?? missingCandidate) - (value ?? missingBaseline))
  return {
    worst: differences(range.upper, range.lower),
    best: differences(range.lower, range.upper),
    missing: baseline.filter((value, place) => value === undefined || candidate[place] === undefined).length,
  }
}
