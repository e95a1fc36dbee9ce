/** Words and numbers that every rendering of a report shares. Knows the report; knows no markup. */
import { isRecordMeasure } from '../case-differences.ts'
import type { GateReport, MetricVerdict, MustNeverVerdict, Verdict } from '../gate-report.ts'

export const VERDICT_SIGN: Readonly<Record<Verdict, string>> = { pass: '✅', block: '⛔', inconclusive: '🟡', unmeasurable: '⚪' }

export function headline({ verdict, metrics, next }: GateReport): string {
  const flagged = verdict === 'pass' && metrics.some(({ gating, worseWithinMargin }) => gating && worseWithinMargin)
  return `${verdict}${flagged ? ', worse within the margin' : ''}: ${next.text}`
}

/** What tells how a number of a metric is shown. */
export type ShownMetric = Pick<MetricVerdict, 'name' | 'margin' | 'baseline' | 'candidate'>

/** Of rates, points; else the number as it is. */
export function showDifference(value: number | null, metric: ShownMetric): string {
  if (value === null) return '–'
  const shown = isRate(metric) ? (value * 100).toFixed(2) : value.toPrecision(4)
  return value > 0 ? `+${shown}` : shown
}

export function showLevel(value: number | null, metric: ShownMetric): string {
  if (value === null) return '–'
  return isRate(metric) ? `${(value * 100).toFixed(1)} %` : value.toPrecision(4)
}

/** Dollars and milliseconds may lie between 0 and 1, too. */
function isRate({ name, margin, baseline, candidate }: ShownMetric): boolean {
  const isShare = [baseline, candidate].every((level) => level === null || (level >= 0 && level <= 1))
  return isShare && margin < 1 && !isRecordMeasure(name.replace(/\[.*/s, ''))
}

export const METRIC_COLUMNS = ['metric', 'verdict', 'baseline', 'candidate', 'difference', 'bounds', 'margin', 'detectable', 'n', 'more cases'] as const // prettier-ignore

/** A row under METRIC_COLUMNS. Differences of rates are in points. */
export function metricCells(metric: MetricVerdict): string[] {
  const { name, verdict, gating, waived, worseWithinMargin, baseline, candidate, difference, lower, upper, margin } = metric
  const notes = [
    ...(gating ? [] : ['reported']),
    ...(worseWithinMargin ? ['worse within margin'] : []),
    ...(waived === undefined ? [] : ['waived']),
  ]
  return [
    name,
    [verdict, ...notes].join(', '),
    showLevel(baseline, metric),
    showLevel(candidate, metric),
    showDifference(difference, metric),
    `[${showDifference(lower, metric)}, ${showDifference(upper, metric)}]`,
    showDifference(margin, metric).replace('+', ''),
    metric.mde === null ? '–' : showDifference(metric.mde, metric).replace('+', ''),
    String(metric.n),
    metric.moreCases === 0 ? '–' : String(metric.moreCases),
  ]
}

export const MUST_NEVER_COLUMNS = ['must never', 'verdict', 'happened', 'before', 'looked at', 'rate at most'] as const

export function mustNeverCells(rule: MustNeverVerdict): string[] {
  const rate = `${(100 * rule.upper).toPrecision(3)} %${rule.maxRate === null ? '' : ` of ${100 * rule.maxRate} %`}`
  const verdict = rule.waived === undefined ? rule.verdict : `${rule.verdict}, waived`
  return [rule.name, verdict, String(rule.violations), String(rule.baselineViolations), String(rule.n), rate]
}

/** What a reader needs beside the tables, one line each. */
export function describeContext({ runs, policy, notes }: GateReport): string[] {
  const arms = (['baseline', 'candidate'] as const).map((arm) => {
    const { run, target, format, outcomes } = runs[arm]
    const { planned, scored, failed, errored, unscored, skipped } = outcomes
    return `${arm}: ${target}, run ${run} (${format}); ${planned} planned = ${scored} scored + ${failed} failed + ${errored} errored + ${unscored} unscored + ${skipped} skipped`
  })
  return [
    ...arms,
    `Bounds are one-sided at level ${policy.alpha}; differences are signed so that more is better, those of rates in points.`,
    ...notes,
  ]
}
