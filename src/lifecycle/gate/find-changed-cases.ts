/** Which cases changed, worst first, with what was said. Knows scores; measures with units change everywhere and are left out. */
import type { RunRecord } from '../../contracts/recorded-run.ts'
import { collectDifferences, isRecordMeasure, readValue } from './case-differences.ts'
import type { ChangedCase } from './gate-report.ts'
import type { PairedCase } from './pair-runs.ts'
import type { MetricPlan } from './resolve-policy.ts'

/** So many are listed. */
const LISTED = 50

interface Change {
  readonly paired: PairedCase
  readonly plan: MetricPlan
  readonly difference: number
}

export function findChangedCases(cases: readonly PairedCase[], metrics: readonly MetricPlan[]): ChangedCase[] {
  const scores = metrics.filter(({ name, gating, range }) => gating && !isRecordMeasure(name) && range.upper - range.lower === 1)
  const changes = scores.flatMap((plan) => {
    const { places, observed } = collectDifferences(cases, plan)
    const found: Change[] = []
    for (const [row, difference] of observed.entries()) {
      const paired = cases[places[row] ?? -1]
      if (paired !== undefined && difference !== 0 && !Number.isNaN(difference)) found.push({ paired, plan, difference })
    }
    return found
  })
  // The sort is stable: ties stay in the order of metrics, then of case ids.
  return changes
    .sort((one, other) => one.difference - other.difference)
    .slice(0, LISTED)
    .map(describeChange)
}

function describeChange({ paired, plan, difference }: Change): ChangedCase {
  const { name } = plan
  const place = mostTelling(paired, plan)
  const [before, after] = [paired.baseline[place], paired.candidate[place]]
  return {
    case: paired.case,
    metric: name,
    baseline: average(paired, name, 'baseline'),
    candidate: average(paired, name, 'candidate'),
    difference,
    outputs: textOf(before?.output, after?.output),
    errors: textOf(before?.error?.message, after?.error?.message),
  }
}

/** The repeat in which the runs differ most. */
function mostTelling(paired: PairedCase, { name }: MetricPlan): number {
  let [telling, furthest] = [0, -1]
  for (const place of paired.baseline.keys()) {
    const distance = Math.abs((valueAt(paired.candidate[place], name) ?? 0) - (valueAt(paired.baseline[place], name) ?? 0))
    if (distance > furthest) [telling, furthest] = [place, distance]
  }
  return telling
}

/** Over the repeats that have a value in both runs, as the difference is. */
function average(paired: PairedCase, metric: string, arm: 'baseline' | 'candidate'): number {
  const values = [...paired.baseline.keys()].flatMap((place) => {
    const [left, right] = [valueAt(paired.baseline[place], metric), valueAt(paired.candidate[place], metric)]
    return left === undefined || right === undefined ? [] : [arm === 'baseline' ? left : right]
  })
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

function valueAt(record: RunRecord | undefined, metric: string): number | undefined {
  const value = readValue(record, metric)
  return value === undefined || Number.isNaN(value) ? undefined : value
}

function textOf(baseline: string | undefined, candidate: string | undefined): { baseline?: string; candidate?: string } {
  return { ...(baseline === undefined ? {} : { baseline }), ...(candidate === undefined ? {} : { candidate }) }
}
