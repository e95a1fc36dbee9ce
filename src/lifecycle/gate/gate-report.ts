/** What a gate says of a release. Shapes only; stable fields first (DESIGN.md, section 8). */
import type { OutcomeCounts } from './pair-runs.ts'
import type { GatePolicy, Waiver } from './gate-policy.ts'

export type Verdict = 'pass' | 'block' | 'inconclusive' | 'unmeasurable'

export interface MetricVerdict {
  /** `correct`; of a gating slice `correct[language=de]`. */
  readonly name: string
  /** Candidate - baseline in the metric's unit, signed so that more is better; null when nothing could be compared. */
  readonly difference: number | null
  /** One-sided bounds, each at level alpha, with every missing outcome at its worst for the lower and its best for the upper. */
  readonly lower: number | null
  readonly upper: number | null
  readonly margin: number
  /** Smallest drop that so many cases, differing as they do, block with the policy's power. */
  readonly mde: number | null
  readonly verdict: Verdict
  /** In words. */
  readonly reason: string
  readonly better: 'higher' | 'lower'
  readonly gating: boolean
  /** Passed, and yet significantly worse: a drop, but within the margin. */
  readonly worseWithinMargin: boolean
  /** One-sided: how likely so much harm is when nothing changed. `adjusted` by Holm over the gating tests; null when not among them. */
  readonly p: number | null
  readonly adjusted: number | null
  readonly baseline: number | null
  readonly candidate: number | null
  /** Cases, not records. */
  readonly n: number
  readonly clusters: number
  /** Cases that got worse, and better. */
  readonly worse: number
  readonly improved: number
  /** Records without a value that should have one. */
  readonly missing: { readonly baseline: number; readonly candidate: number }
  readonly method: 'mcnemar' | 'clustered-t'
  /** Further cases that would decide, with the policy's power, if the difference stays as it is; 0 when decided. */
  readonly moreCases: number
  readonly waived?: Waiver
}

export interface MustNeverVerdict {
  readonly name: string
  readonly verdict: Verdict
  readonly reason: string
  /** Records of the candidate in which it happened, and of the baseline. */
  readonly violations: number
  readonly baselineViolations: number
  /** Clusters that were looked at: what the bound counts. */
  readonly n: number
  /** Exact upper bound of the rate at 1 - alpha. */
  readonly upper: number
  readonly maxRate: number | null
  readonly missing: number
  readonly moreCases: number
  /** Ids of the candidate's violating cases, at most 20. */
  readonly cases: readonly string[]
  readonly waived?: Waiver
}

/** A slice that the policy does not name: it informs, and decides nothing. */
export interface SliceFinding {
  readonly name: string
  readonly difference: number
  readonly lower: number
  readonly upper: number
  readonly n: number
  readonly p: number
  /** By Benjamini and Hochberg over all slices of this report. */
  readonly adjusted: number
  readonly worse: boolean
}

export interface ChangedCase {
  readonly case: string
  readonly metric: string
  readonly baseline: number
  readonly candidate: number
  readonly difference: number
  readonly outputs: { readonly baseline?: string; readonly candidate?: string }
  readonly errors: { readonly baseline?: string; readonly candidate?: string }
}

/** Which tests spent the level: one entry a family of tests. */
export interface LedgerEntry {
  readonly family: 'pass' | 'block' | 'must-never' | 'slices'
  readonly alpha: number
  readonly control: string
  /** Whether it can decide the release. */
  readonly decides: boolean
  readonly tests: readonly { readonly name: string; readonly p?: number; readonly adjusted?: number }[]
}

export interface GateReport {
  readonly verdict: Verdict
  readonly reasons: readonly string[]
  /** Gating ones first, then in the order of names. */
  readonly metrics: readonly MetricVerdict[]
  readonly mustNever: readonly MustNeverVerdict[]
  readonly slices: readonly SliceFinding[]
  /** Worst first, at most 50. */
  readonly changedCases: readonly ChangedCase[]
  readonly ledger: readonly LedgerEntry[]
  /** Of the process: 0 pass, 1 block, 2 unmeasurable, 3 inconclusive, changed by onInconclusive. */
  readonly exitStatus: 0 | 1 | 2 | 3
  readonly next: NextStep
  readonly notes: readonly string[]
  readonly runs: { readonly baseline: ComparedRun; readonly candidate: ComparedRun }
  readonly policy: GatePolicy
}

export interface NextStep {
  readonly step: 'release' | 'stop' | 'canary' | 'more-cases' | 'repair'
  readonly text: string
  /** Of an inconclusive verdict, at level alpha: what each undecided metric loses at most, or the rate of what must never happen. */
  readonly harmAtMost: readonly { readonly name: string; readonly drop: number }[]
}

export interface ComparedRun {
  readonly run: string
  readonly target: string
  readonly format: string
  readonly suite: string | null
  readonly outcomes: OutcomeCounts
}
