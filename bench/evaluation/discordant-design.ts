/** All ways in which two systems can disagree on n cases, each with its probability. Knows counts; knows no gate. */
import { binomialProbability } from '../../src/foundation/statistics/binomial-distribution.ts'

export interface Design {
  readonly n: number
  /** Share of the cases on which the systems disagree. */
  readonly discordance: number
  /** True difference, candidate - baseline. */
  readonly difference: number
}

export interface Table {
  readonly n: number
  readonly worse: number
  readonly better: number
}

/** What is less likely than this is left out; all of it together stays below 1e-6. */
const NEGLIGIBLE = 1e-11

export function* tablesOf({ n, discordance, difference }: Design): Generator<{ readonly table: Table; readonly chance: number }> {
  const shareWorse = (1 - difference / discordance) / 2
  for (let discordant = 0; discordant <= n; discordant++) {
    const outer = binomialProbability(discordant, n, discordance)
    if (outer < NEGLIGIBLE) continue
    for (let worse = 0; worse <= discordant; worse++) {
      const chance = outer * binomialProbability(worse, discordant, shareWorse)
      if (chance >= NEGLIGIBLE) yield { table: { n, worse, better: discordant - worse }, chance }
    }
  }
}

/** Probability that the rule holds. */
export function chanceThat(design: Design, rule: (table: Table) => boolean): number {
  let sum = 0
  for (const { table, chance } of tablesOf(design)) if (rule(table)) sum += chance
  return sum
}

/**
 * Largest probability to pass an unchanged system that any test of level alpha can have when the discordance is known: the test of
 * Neyman and Pearson of exactly the margin against no difference, randomised to use its whole level.
 */
export function optimalPass({ n, discordance }: Omit<Design, 'difference'>, margin: number, alpha: number): number {
  const share = (1 + margin / discordance) / 2
  const points = [...tablesOf({ n, discordance, difference: 0 })].map(({ table, chance }) => {
    const discordant = table.worse + table.better
    // Log of the likelihood at the margin by that at no difference; the discordant counts cancel but for their split.
    const ratio = table.worse * Math.log(2 * share) + table.better * Math.log(2 * (1 - share))
    const outer = binomialProbability(discordant, n, discordance)
    return { ratio, chance, underMargin: outer * binomialProbability(table.worse, discordant, share) }
  })
  let [spent, power] = [0, 0]
  for (const { chance, underMargin } of points.sort((one, other) => one.ratio - other.ratio)) {
    const room = Math.min(1, (alpha - spent) / underMargin)
    power += room * chance
    spent += room * underMargin
    if (room < 1) break
  }
  return power
}
