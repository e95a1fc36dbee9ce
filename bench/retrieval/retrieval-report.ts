/** One table over all judged sets: every system with its interval, the lead over the best peer, the target. Measures nothing. */
import { bootstrapMeanInterval } from '../../src/foundation/statistics/bootstrap.ts'
import { pairedPermutationTest } from '../../src/foundation/statistics/permutation-test.ts'
import { rocArea } from '../../src/foundation/statistics/roc-area.ts'
import { createSeededRandom } from '../../src/foundation/statistics/seeded-random.ts'
import type { BenchReport } from '../suite.ts'
import type { JudgedRow } from './judged-sets.data.ts'
import type { MeasuredQuery, MeasuredSet } from './measure-set.ts'
import type { RankingSystem } from './ranking-system.ts'

interface Estimate {
  readonly value: number
  readonly lower: number
  readonly upper: number
}

interface Lead extends Estimate {
  readonly peer: string
  readonly p: number
}

export interface MeasuredRow {
  readonly set: string
  readonly measure: string
  readonly n: number
  readonly systems: Readonly<Record<string, Estimate>>
  /** Of each variant over the peer that is best on this row; not for ROC areas, nor where no peer runs. */
  readonly leads: Readonly<Record<string, Lead>>
  readonly targets: Readonly<Record<string, number>>
}

export function measureRow(row: JudgedRow, measured: MeasuredSet, systems: readonly RankingSystem[]): MeasuredRow {
  const { keep = () => true, measure, targets, name: set } = row
  const kept = new Map(
    [...measured].map(([system, queries]) => [system, [...queries.values()].filter(({ query }) => keep(query))]),
  )
  const estimates = [...kept].map(([system, queries]) => [system, estimateRow(measure, queries)] as const)
  const values = Object.fromEntries(estimates)
  const n = kept.get(systems[0]?.name ?? '')?.length ?? 0
  return { set, measure, n, systems: values, leads: measure === 'roc' ? {} : leadsOf(measure, kept, values, systems), targets }
}

function estimateRow(measure: JudgedRow['measure'], queries: readonly MeasuredQuery[]): Estimate {
  if (measure === 'roc') return estimateArea(queries)
  const { mean: value, lower, upper } = bootstrapMeanInterval(queries.map((query) => meanOf(query, measure)))
  return { value, lower, upper }
}

function meanOf({ scores }: MeasuredQuery, measure: Exclude<JudgedRow['measure'], 'roc'>): number {
  return scores.reduce((sum, each) => sum + each[measure], 0) / scores.length
}

const RESAMPLES = 1_000

/** Answerable and not are resampled apart, so that each resample has both. */
function estimateArea(queries: readonly MeasuredQuery[]): Estimate {
  const scoresOf = (answerable: boolean): number[] =>
    queries.filter(({ query }) => (query.metadata['answerable'] === true) === answerable).map(({ topScore }) => topScore)
  const [positives, negatives] = [scoresOf(true), scoresOf(false)]
  const random = createSeededRandom(1)
  const resample = (scores: readonly number[]): number[] => scores.map(() => scores[random.integer(scores.length)] ?? 0)
  const areas = Array.from({ length: RESAMPLES }, () => rocArea(resample(positives), resample(negatives))).sort((a, b) => a - b)
  return { value: rocArea(positives, negatives), lower: areas[24] ?? 0, upper: areas[974] ?? 1 }
}

function leadsOf(
  measure: Exclude<JudgedRow['measure'], 'roc'>,
  kept: ReadonlyMap<string, readonly MeasuredQuery[]>,
  estimates: Readonly<Record<string, Estimate>>,
  systems: readonly RankingSystem[],
): MeasuredRow['leads'] {
  const valueOf = (name: string): number => estimates[name]?.value ?? 0
  const peers = systems.filter(({ isPeer }) => isPeer).map(({ name }) => name)
  const peer = peers.toSorted((left, right) => valueOf(right) - valueOf(left))[0]
  if (peer === undefined) return {}
  const theirs = new Map((kept.get(peer) ?? []).map((query) => [query.query.id, meanOf(query, measure)]))
  const leads = systems
    .filter(({ isPeer }) => !isPeer)
    .map(({ name }) => {
      const differences = (kept.get(name) ?? []).map((query) => meanOf(query, measure) - (theirs.get(query.query.id) ?? 0))
      const { mean: value, lower, upper } = bootstrapMeanInterval(differences)
      return [name, { value, lower, upper, peer, p: pairedPermutationTest(differences) }] as const
    })
  return Object.fromEntries(leads)
}

export function reportRetrieval(rows: readonly MeasuredRow[], systems: readonly RankingSystem[]): BenchReport {
  const names = systems.map(({ name }) => name)
  const cells = ({ set, measure, n, systems: estimates, leads, targets }: MeasuredRow): string[] => [
    set,
    measure,
    String(n),
    ...names.map((name) => interval(estimates[name], share)),
    Object.values(leads)
      .map((lead) => `${interval(lead, signed)} p ${lead.p.toFixed(4)}`)
      .join('; '),
    Object.entries(targets)
      .filter(([name]) => names.includes(name))
      .map(([name, target]) => `${name} ≥ ${share(target)}: ${(estimates[name]?.value ?? 0) >= target ? 'met' : 'MISSED'}`)
      .join('; '),
  ]
  return {
    columns: ['set', 'measure', 'n', ...names, 'lead over the best peer', 'target'],
    rows: rows.map(cells),
    items: rows,
    files: {},
  }
}

/** For people who wait: the suite takes minutes. */
export function describeEstimates(estimates: MeasuredRow['systems']): string {
  return Object.entries(estimates)
    .map(([name, estimate]) => `${name} ${interval(estimate, share)}`)
    .join(', ')
}

function interval(estimate: Estimate | undefined, show: (value: number) => string): string {
  return estimate === undefined ? '' : `${show(estimate.value)} [${show(estimate.lower)}, ${show(estimate.upper)}]`
}

/** As retrieval figures are written: three digits, no zero before the point. */
function share(value: number): string {
  return value.toFixed(3).replace(/^0\./, '.')
}

function signed(value: number): string {
  return `${value < 0 ? '-' : '+'}${share(Math.abs(value))}`
}
