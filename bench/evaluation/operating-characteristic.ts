/** What the gate and the common rules do to unchanged and to worse systems: enumerated for one metric, simulated for the whole verdict. */
import { createSeededRandom } from '../../src/foundation/statistics/seeded-random.ts'
import { wilsonInterval, type Interval } from '../../src/foundation/statistics/proportion-intervals.ts'
import { decideRelease } from '../../src/lifecycle/gate/decide-release.ts'
import { parseGatePolicy, type GatePolicy } from '../../src/lifecycle/gate/gate-policy.ts'
import type { Verdict } from '../../src/lifecycle/gate/gate-report.ts'
import { chanceThat, optimalPass, type Design } from './discordant-design.ts'
import { commonRules, createProductRule, LEVELS } from './gate-rules.ts'
import { simulateRuns, type SimulatedDesign } from './simulated-runs.ts'

export const MARGIN = 0.03
const DROP = 0.04

export interface ExactRow {
  readonly n: number
  readonly discordance: number
  readonly unchanged: {
    readonly pass: number
    readonly block: number
    readonly inconclusive: number
    readonly optimalPass: number
  }
  readonly falsePass: number
  readonly foundDrop: number
  /** Probability that each common rule blocks an unchanged system, passes one worse by the margin, and blocks the drop. */
  readonly rivals: Readonly<
    Record<string, { readonly falseBlock: number; readonly falsePass: number; readonly foundDrop: number }>
  >
}

export function exactRow(n: number, discordance: number): ExactRow {
  const rule = createProductRule(n, MARGIN)
  const at = (difference: number): Design => ({ n, discordance, difference })
  const shareOf = (verdict: Verdict, difference: number): number => chanceThat(at(difference), (table) => rule(table) === verdict)
  const rivals = Object.entries(commonRules).map(([name, blocks]) => {
    const blocked = (difference: number): number => chanceThat(at(difference), (table) => blocks(table, discordance))
    return [name, { falseBlock: blocked(0), falsePass: 1 - blocked(-MARGIN), foundDrop: blocked(-DROP) }] as const
  })
  return {
    n,
    discordance,
    unchanged: {
      pass: shareOf('pass', 0),
      block: shareOf('block', 0),
      inconclusive: shareOf('inconclusive', 0),
      optimalPass: optimalPass({ n, discordance }, MARGIN, LEVELS.alpha),
    },
    falsePass: shareOf('pass', -MARGIN),
    foundDrop: shareOf('block', -DROP),
    rivals: Object.fromEntries(rivals),
  }
}

export interface SimulatedRow extends SimulatedDesign {
  readonly releases: number
  /** Each with its interval at .95 from the number of releases. */
  readonly verdicts: Readonly<Record<Verdict, Interval & { readonly value: number }>>
}

/** All metrics gate, two slices gate, all other slices inform, `leaked` must never happen: the verdict of the release as a whole. */
export const WHOLE_POLICY: GatePolicy = parseGatePolicy(
  `slices: { gating: ["language=de", "kind=long"], margin: 0.05 }`,
  'the whole verdict',
)

export const ONE_METRIC: GatePolicy = parseGatePolicy(`metrics: { metric-0: { margin: ${MARGIN} } }`, 'one metric')

export function simulateVerdicts(design: SimulatedDesign, policy: GatePolicy, releases: number, seed: number): SimulatedRow {
  const random = createSeededRandom(seed)
  const counts: Record<Verdict, number> = { pass: 0, block: 0, inconclusive: 0, unmeasurable: 0 }
  for (let release = 0; release < releases; release++) {
    const { baseline, candidate } = simulateRuns(design, random)
    counts[decideRelease(baseline, candidate, policy, { today: '2026-01-01' }).verdict]++
  }
  const shareOf = (count: number): Interval & { readonly value: number } => ({
    value: count / releases,
    ...wilsonInterval(count, releases),
  })
  const { pass, block, inconclusive, unmeasurable } = counts
  const verdicts = {
    pass: shareOf(pass),
    block: shareOf(block),
    inconclusive: shareOf(inconclusive),
    unmeasurable: shareOf(unmeasurable),
  }
  return { ...design, releases, verdicts }
}
