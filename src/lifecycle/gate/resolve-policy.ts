/** Which metrics of two runs a policy judges, and how. Knows names and meanings; judges nothing. */
import type { RecordedRun } from '../../contracts/recorded-run.ts'
import { isRecordMeasure, rangeOf, type MeasuredMetric } from './case-differences.ts'
import { DEFAULT_MARGIN, type GatePolicy } from './gate-policy.ts'
import type { PairedRuns } from './pair-runs.ts'

export interface MetricPlan extends MeasuredMetric {
  readonly margin: number
  readonly gating: boolean
}

export interface ReleasePlan {
  readonly metrics: readonly MetricPlan[]
  readonly mustNever: readonly { readonly name: string; readonly maxRate: number | null }[]
  readonly notes: readonly string[]
}

/**
 * A metric that the baseline has and the candidate lacks is judged all the same: a scorer that stopped must not look like a pass.
 * One that only the candidate has cannot be compared, and is noted.
 */
export function resolvePolicy(
  policy: GatePolicy,
  baseline: RecordedRun,
  candidate: RecordedRun,
  paired: PairedRuns,
): ReleasePlan {
  const before = metricNames(baseline)
  const after = metricNames(candidate)
  const meaningOf = (name: string) => candidate.meanings[name] ?? baseline.meanings[name]
  const named = policy.metrics ?? {}
  const declared = [...before, ...after].filter((name) => meaningOf(name)?.mustNever)
  const never = new Set([...Object.keys(policy.mustNever), ...declared.filter((name) => !(name in named))])
  const compared = new Set([...Object.keys(named), ...[...before].filter((name) => !never.has(name))])
  const metrics = [...compared].sort().map((name): MetricPlan => {
    const rule = named[name]
    const range = rangeOf(paired.cases, name)
    const isScore = range.lower === 0 && range.upper === 1
    const better = rule?.better ?? meaningOf(name)?.better ?? (isRecordMeasure(name) ? 'lower' : 'higher')
    // A margin of three points means nothing for a measure with units.
    const gating = rule?.gating ?? (policy.metrics === undefined && isScore)
    return { name, better, range, margin: rule?.margin ?? DEFAULT_MARGIN, gating }
  })
  return {
    metrics: metrics.toSorted((one, other) => Number(other.gating) - Number(one.gating)),
    mustNever: [...never].sort().map((name) => ({ name, maxRate: policy.mustNever[name]?.maxRate ?? null })),
    notes: [
      ...[...after]
        .filter((name) => !compared.has(name) && !never.has(name))
        .sort()
        .map((name) => `${name} is in the candidate only and could not be compared`),
      ...metrics
        .filter(({ name, gating }) => !gating && !(name in named) && policy.metrics === undefined)
        .map(({ name }) => `${name} has values outside of [0, 1] and does not gate; give it a margin under metrics`),
    ],
  }
}

function metricNames(run: RecordedRun): Set<string> {
  const names = new Set<string>()
  for (const { scores } of run.records) for (const name in scores) names.add(name)
  return names
}
