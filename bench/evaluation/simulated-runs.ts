/** Recorded runs of two systems, drawn from a seed: several metrics that go together, slices, what must never happen. Knows no gate. */
import type { RecordedRun, RunRecord } from '../../src/contracts/recorded-run.ts'
import type { SeededRandom } from '../../src/foundation/statistics/seeded-random.ts'

export interface SimulatedDesign {
  readonly cases: number
  readonly discordance: number
  /** How much worse the candidate is in every metric. */
  readonly drop: number
  readonly metrics: number
  /** Times that each case is put; scores are then averaged. */
  readonly repeats: number
  /** Cases in each cluster, whose fate goes together in half of the draws. */
  readonly clusterSize: number
}

const LANGUAGES = ['de', 'en', 'fr', 'nl']
const RATE = 0.88

export function simulateRuns(design: SimulatedDesign, random: SeededRandom): { baseline: RecordedRun; candidate: RecordedRun } {
  const baseline: RunRecord[] = []
  const candidate: RunRecord[] = []
  const chance = (): number => random.integer(2 ** 32) / 2 ** 32
  let shared = drawPair(design, chance)
  for (let place = 0; place < design.cases; place++) {
    if (place % design.clusterSize === 0) shared = drawPair(design, chance)
    // Half the cases of a cluster share what happens to them; without clusters none does.
    const first = design.clusterSize > 1 && chance() < 0.5 ? shared : undefined
    for (let repeat = 0; repeat < design.repeats; repeat++) {
      const main = first ?? drawPair(design, chance)
      const pairs = Array.from({ length: design.metrics }, (_, metric) =>
        metric === 0 || chance() < 0.5 ? main : drawPair(design, chance),
      )
      const slice = { language: LANGUAGES[place % 4] ?? '', kind: place % 3 === 0 ? 'long' : 'short' }
      const own = { case: `case-${place}`, repeat, outcome: 'scored' as const, slice }
      const cluster = design.clusterSize > 1 ? { cluster: `cluster-${Math.floor(place / design.clusterSize)}` } : {}
      baseline.push({ ...own, ...cluster, scores: toScores(pairs, 0) })
      candidate.push({ ...own, ...cluster, scores: toScores(pairs, 1) })
    }
  }
  return { baseline: toRun(baseline), candidate: toRun(candidate) }
}

type Pair = readonly [number, number]

function drawPair({ discordance, drop }: SimulatedDesign, chance: () => number): Pair {
  const drawn = chance()
  if (drawn < (discordance + drop) / 2) return [1, 0]
  if (drawn < discordance) return [0, 1]
  const right = chance() < (RATE - (discordance + drop) / 2) / (1 - discordance) ? 1 : 0
  return [right, right]
}

function toScores(pairs: readonly Pair[], arm: 0 | 1): Record<string, number> {
  return Object.fromEntries([...pairs.map((pair, metric): [string, number] => [`metric-${metric}`, pair[arm]]), ['leaked', 0]])
}

function toRun(records: readonly RunRecord[]): RecordedRun {
  const own = { format: 'simulated', run: 'simulated', target: 'simulated' }
  return { ...own, meanings: { leaked: { mustNever: true } }, planned: records.length, records, unsupported: [] }
}
