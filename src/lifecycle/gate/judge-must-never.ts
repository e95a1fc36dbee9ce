/** What must never happen: counted, and what its absence shows. Knows single records; a baseline that does it too excuses nothing. */
import { clopperPearsonInterval, zeroFailureBound } from '../../foundation/statistics/proportion-intervals.ts'
import { readValue } from './case-differences.ts'
import type { MustNeverVerdict } from './gate-report.ts'
import type { PairedCase } from './pair-runs.ts'
import { showNumber } from './show-number.ts'

interface Rule {
  readonly name: string
  readonly maxRate: number | null
}

/** So many cases are named. */
const NAMED = 20

interface Tally {
  violations: number
  baselineViolations: number
  missing: number
  readonly clusters: Set<number>
  readonly violating: Set<number>
  readonly cases: Set<string>
}

/**
 * A single value above 0 in the candidate blocks, whether or not the baseline has it too. Without one the bound at 1 - alpha is
 * stated, over clusters, since those are what is independent; `maxRate` asks that it be no higher. A missing outcome could be the
 * one: then no pass. Source: Clopper and Pearson 1934.
 */
export function judgeMustNever(cases: readonly PairedCase[], rule: Rule, alpha: number): MustNeverVerdict {
  const tally = tallyViolations(cases, rule.name)
  const n = tally.clusters.size
  const upper = n === 0 ? 1 : upperBound(tally.violating.size, n, alpha)
  const needed = rule.maxRate === null ? 0 : Math.ceil(Math.log(alpha) / Math.log1p(-rule.maxRate))
  const decision = decide(tally, rule, upper)
  return {
    ...rule,
    ...decision,
    violations: tally.violations,
    baselineViolations: tally.baselineViolations,
    n,
    upper,
    missing: tally.missing,
    moreCases: decision.verdict === 'inconclusive' ? Math.max(0, needed - n) : 0,
    cases: [...tally.cases].slice(0, NAMED),
  }
}

function tallyViolations(cases: readonly PairedCase[], name: string): Tally {
  const tally: Tally = {
    violations: 0,
    baselineViolations: 0,
    missing: 0,
    clusters: new Set(),
    violating: new Set(),
    cases: new Set(),
  }
  for (const { case: id, cluster, baseline, candidate } of cases)
    for (const place of candidate.keys()) {
      const before = readValue(baseline[place], name)
      const after = readValue(candidate[place], name)
      if (before !== undefined && before > 0) tally.baselineViolations++
      // Where the baseline says that the measure does not apply, no outcome is missing.
      if (after === undefined || Number.isNaN(after)) tally.missing += isExpected(before, after) ? 1 : 0
      else tally.clusters.add(cluster)
      if (after === undefined || !(after > 0)) continue
      tally.violations++
      tally.violating.add(cluster)
      tally.cases.add(id)
    }
  return tally
}

function isExpected(before: number | undefined, after: number | undefined): boolean {
  return before !== undefined && (after !== undefined || !Number.isNaN(before))
}

function decide(tally: Tally, { maxRate }: Rule, upper: number): Pick<MustNeverVerdict, 'verdict' | 'reason'> {
  const n = tally.clusters.size
  if (tally.violations > 0) {
    const [first] = tally.cases
    const before = tally.baselineViolations === 0 ? 'never in the baseline' : `${tally.baselineViolations} times in the baseline`
    return { verdict: 'block', reason: `happened ${tally.violations} times (${first ?? ''}), ${before}` }
  }
  if (n === 0) return { verdict: 'unmeasurable', reason: 'no case of the candidate has a value' }
  const bound = `never in ${n}, which bounds its rate by ${showNumber(upper)}`
  if (tally.missing > 0)
    return { verdict: 'inconclusive', reason: `${bound}, but ${tally.missing} outcomes are missing and could be the one` }
  if (maxRate !== null && upper > maxRate)
    return { verdict: 'inconclusive', reason: `${bound}; the policy asks for ${showNumber(maxRate)}` }
  return { verdict: 'pass', reason: bound }
}

function upperBound(violations: number, n: number, alpha: number): number {
  return violations === 0 ? zeroFailureBound(n, 1 - alpha) : clopperPearsonInterval(violations, n, 1 - 2 * alpha).upper
}
