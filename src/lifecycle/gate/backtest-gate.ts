/** Past releases with known outcome, decided again. Knows recorded runs and what came of them; knows no file. */
import type { RecordedRun } from '../../contracts/recorded-run.ts'
import { clopperPearsonInterval, type Interval } from '../../foundation/statistics/proportion-intervals.ts'
import { decideRelease } from './decide-release.ts'
import type { GatePolicy } from './gate-policy.ts'
import type { Verdict } from './gate-report.ts'

export interface PastRelease {
  readonly name: string
  readonly baseline: RecordedRun
  readonly candidate: RecordedRun
  /** What users met: whether the release should have been stopped. */
  readonly outcome: 'good' | 'bad'
  /** `2026-11-23`: waivers count as they stood then. */
  readonly day: string
}

export interface Backtest {
  readonly releases: readonly {
    readonly name: string
    readonly outcome: 'good' | 'bad'
    readonly verdict: Verdict
    readonly reasons: readonly string[]
  }[]
  readonly counts: Readonly<Record<'good' | 'bad', Readonly<Record<Verdict, number>>>>
  /** Good ones that were blocked, and bad ones that passed, each of its kind, exact at .95; null without any of the kind. */
  readonly falseBlock: (Interval & { readonly value: number }) | null
  readonly falsePass: (Interval & { readonly value: number }) | null
}

export function backtestGate(history: readonly PastRelease[], policy: GatePolicy): Backtest {
  const releases = history.map(({ name, baseline, candidate, outcome, day }) => {
    const { verdict, reasons } = decideRelease(baseline, candidate, policy, { today: day })
    return { name, outcome, verdict, reasons }
  })
  const countsOf = (outcome: 'good' | 'bad'): Record<Verdict, number> => {
    const counts = { pass: 0, block: 0, inconclusive: 0, unmeasurable: 0 }
    for (const release of releases) if (release.outcome === outcome) counts[release.verdict]++
    return counts
  }
  const counts = { good: countsOf('good'), bad: countsOf('bad') }
  return {
    releases,
    counts,
    falseBlock: shareOf(counts.good.block, counts.good),
    falsePass: shareOf(counts.bad.pass, counts.bad),
  }
}

function shareOf(count: number, counts: Readonly<Record<Verdict, number>>): Backtest['falseBlock'] {
  const total = Object.values(counts).reduce((sum, each) => sum + each, 0)
  return total === 0 ? null : { value: count / total, ...clopperPearsonInterval(count, total) }
}
