/** How often intervals and gates are right, by adding up the probability of every outcome. Knows binomial and trinomial designs; simulates nothing. */
import { binomialProbability } from '../../src/foundation/statistics/binomial-distribution.ts'
import type { PairedCounts } from '../../src/foundation/statistics/paired-proportion-intervals.ts'
import type { Interval } from '../../src/foundation/statistics/proportion-intervals.ts'

/** Outcomes that are rarer are left out; together they stay below 1e-9. */
const NEGLIGIBLE = 1e-14

/** P that the interval of a rate contains it. @param trials whole, >= 1 @param rate in (0, 1) */
export function rateCoverage(interval: (successes: number, trials: number) => Interval, trials: number, rate: number): number {
  let covered = 0
  for (let successes = 0; successes <= trials; successes++) {
    const probability = binomialProbability(successes, trials, rate)
    if (probability < NEGLIGIBLE) continue
    const { lower, upper } = interval(successes, trials)
    if (lower <= rate && rate <= upper) covered += probability
  }
  return covered
}

/** A true state of two systems on the same cases. */
export interface PairedDesign {
  readonly cases: number
  /** Share of the cases that only the baseline gets right. */
  readonly worse: number
  /** Share of the cases that only the candidate gets right. */
  readonly better: number
  /** Of the cases on which both agree, the share that both get right; 1 when absent. Only some intervals depend on it. */
  readonly bothRight?: number
}

/** P that the counts of a design do what `happens` says. */
export function pairedProbability(
  { cases, worse, better, bothRight = 1 }: PairedDesign,
  happens: (counts: PairedCounts) => boolean,
): number {
  let probability = 0
  const discordance = worse + better
  for (let discordant = 0; discordant <= cases; discordant++) {
    const ofDiscordant = binomialProbability(discordant, cases, discordance)
    if (ofDiscordant < NEGLIGIBLE) continue
    for (let lost = 0; lost <= discordant; lost++) {
      const ofLost = ofDiscordant * (discordance === 0 ? 1 : binomialProbability(lost, discordant, worse / discordance))
      if (ofLost < NEGLIGIBLE) continue
      for (const [both, share] of agreements(cases - discordant, bothRight))
        if (happens({ both, worse: lost, better: discordant - lost, neither: cases - discordant - both }))
          probability += ofLost * share
    }
  }
  return probability
}

/** P that the interval of the paired difference contains it. */
export function pairedCoverage(interval: (counts: PairedCounts) => Interval, design: PairedDesign): number {
  const difference = design.better - design.worse
  return pairedProbability(design, (counts) => {
    const { lower, upper } = interval(counts)
    return lower <= difference && difference <= upper
  })
}

function agreements(concordant: number, bothRight: number): readonly (readonly [both: number, share: number])[] {
  if (bothRight === 1) return [[concordant, 1]]
  const shares: (readonly [number, number])[] = []
  for (let both = 0; both <= concordant; both++) {
    const share = binomialProbability(both, concordant, bothRight)
    // Fewer digits here: the counts of agreement move the intervals little.
    if (share > 1e-9) shares.push([both, share])
  }
  return shares
}
