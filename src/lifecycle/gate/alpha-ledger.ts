/** Which tests of a release spent its level, and what keeps each family to it. Knows verdicts that were reached; reaches none. */
import type { LedgerEntry, MetricVerdict, MustNeverVerdict, SliceFinding } from './gate-report.ts'

export function writeLedger(
  alpha: number,
  metrics: readonly MetricVerdict[],
  mustNever: readonly MustNeverVerdict[],
  slices: readonly SliceFinding[],
): LedgerEntry[] {
  const gating = metrics.filter((metric) => metric.gating && metric.waived === undefined)
  return [
    {
      family: 'pass',
      alpha,
      control: 'each at alpha, all must pass (intersection-union)',
      decides: true,
      tests: gating.map(({ name }) => ({ name })),
    },
    {
      family: 'block',
      alpha,
      control: 'Holm',
      decides: true,
      tests: gating.map(({ name, p, adjusted }) => ({ name, ...(p === null || adjusted === null ? {} : { p, adjusted }) })),
    },
    {
      family: 'must-never',
      alpha,
      control: 'a single occurrence blocks; exact bound of the rate, each at alpha',
      decides: true,
      tests: mustNever.map(({ name }) => ({ name })),
    },
    {
      family: 'slices',
      alpha,
      control: 'Benjamini-Hochberg',
      decides: false,
      tests: slices.map(({ name, p, adjusted }) => ({ name, p, adjusted })),
    },
  ]
}
