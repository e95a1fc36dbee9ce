/** A fusion weight fitted to judged queries, held back towards a default that was found on many collections. Knows numbers only. */

export interface WeightGrid {
  /** Candidates, ascending. */
  readonly weights: readonly number[]
  /** For each judged query the quality at each candidate, e.g. nDCG@10. */
  readonly qualities: readonly (readonly number[])[]
  /** What serves without judgements; one of the candidates. */
  readonly fallback: number
}

export interface FittedWeight {
  /** One of the candidates, or between two. */
  readonly weight: number
  readonly isFitted: boolean
  readonly queries: number
  /** Mean gain over the default on queries that took no part in the fit; 0 when nothing was fitted. */
  readonly gain: number
}

/** Fewer judged queries say more about chance than about the collection. */
export const FEWEST_QUERIES = 50
const FOLDS = 5

/**
 * The best candidate, moved towards the default: default + n / (n + 50) * (best - default), the default counting as 50 queries that
 * were judged before. Each fold is scored at the weight that the others give; a fit that does not gain there is dropped.
 * Source: Bruch, Gai, Ingber 2023 (arXiv 2210.11934): the one parameter of a convex combination is learned from a few dozen queries.
 */
export function fitWeight(grid: WeightGrid): FittedWeight {
  const { qualities, fallback } = grid
  const queries = qualities.length
  const unfitted = { weight: fallback, isFitted: false, queries, gain: 0 }
  if (queries < FEWEST_QUERIES) return unfitted
  let gain = 0
  for (let fold = 0; fold < FOLDS; fold++) {
    const weight = shrunkBest(
      grid,
      qualities.filter((_, at) => at % FOLDS !== fold),
    )
    for (const row of qualities.filter((_, at) => at % FOLDS === fold))
      gain += (qualityAt(grid, row, weight) - qualityAt(grid, row, fallback)) / queries
  }
  return gain > 0 ? { weight: shrunkBest(grid, qualities), isFitted: true, queries, gain } : unfitted
}

function shrunkBest({ weights, fallback }: WeightGrid, rows: WeightGrid['qualities']): number {
  const sums = weights.map((_, at) => rows.reduce((sum, row) => sum + (row[at] ?? 0), 0))
  const most = Math.max(...sums)
  // Of equals the one nearest to the default.
  const best = weights
    .filter((_, at) => sums[at] === most)
    .toSorted((left, right) => Math.abs(left - fallback) - Math.abs(right - fallback))
  return fallback + (rows.length / (rows.length + FEWEST_QUERIES)) * ((best[0] ?? fallback) - fallback)
}

/** On the straight line between the two candidates around it. */
function qualityAt({ weights }: WeightGrid, row: readonly number[], weight: number): number {
  const above = weights.findIndex((candidate) => candidate >= weight)
  if (above <= 0) return row[Math.max(0, above)] ?? 0
  const [low = 0, high = 1] = [weights[above - 1], weights[above]]
  const share = (weight - low) / (high - low)
  return (1 - share) * (row[above - 1] ?? 0) + share * (row[above] ?? 0)
}
