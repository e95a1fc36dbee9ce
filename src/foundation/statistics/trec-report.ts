/** What trec_eval prints for a run against judgements: every measure of every query, and their means. Knows trec_eval's conventions; reads no files. */
import type { Judgements, ScoredDocument } from './ranking-metrics.ts'
import { trecMeasures, type TrecVersion } from './trec-measures.ts'
import { undefinedStatistic } from './undefined-statistic.ts'

export interface TrecReportOptions {
  /** Name of the run, on its own row. */
  readonly runId: string
  /** 10 when absent. */
  readonly version?: TrecVersion
  /**
   * What a judged query that the run lacks counts: 0 when absent (trec_eval -c), or not at all, which rewards leaving out hard
   * queries (version 9 without -c).
   */
  readonly missingQueries?: 'zero' | 'ignore'
}

export interface TrecRow {
  readonly measure: string
  /** Query id, or `all`. */
  readonly query: string
  readonly value: number | string
}

/** Sums over the queries; everything else is a mean. */
const COUNTS = new Set(['num_ret', 'num_rel', 'num_rel_ret', 'num_nonrel_judged_ret'])
/** Geometric means, printed behind the measure before them. */
const GEOMETRIC = [
  { measure: 'gm_map', of: 'map', after: 'map' },
  { measure: 'gm_bpref', of: 'bpref', after: 'infAP' },
] as const
/** A query that scores 0 would make a geometric mean 0. */
const LEAST = 1e-5

/**
 * @param qrels judgements by query; queries of the run without any are left out
 * @param run scored documents by query
 * @returns rows in trec_eval's order: queries as in `qrels`, then `all`. Version 9 has no rows for queries that the run lacks
 * @throws TouchstoneError STATISTIC_UNDEFINED when no query counts
 * Source: trec_eval 9.0.8 and 10.0; the expected output of its edge cases is reproduced line by line.
 */
export function trecReport(
  qrels: ReadonlyMap<string, Judgements>,
  run: ReadonlyMap<string, readonly ScoredDocument[]>,
  { runId, version = 10, missingQueries = 'zero' }: TrecReportOptions,
): readonly TrecRow[] {
  const queries = [...qrels].filter(([query]) => missingQueries === 'zero' || run.has(query))
  if (queries.length === 0) throw undefinedStatistic('A mean over queries', 'a run without a judged query')
  const measured = queries.map(([query, judged]) => [query, trecMeasures(run.get(query) ?? [], judged, version)] as const)
  const single = measured
    .filter(([query]) => version === 10 || run.has(query))
    .flatMap(([query, measures]) => [...measures].map(([measure, value]) => ({ measure, query, value })))
  const means = summarise(measured.map(([, measures]) => measures))
  return [...single, ...[['runid', runId] as const, ...means].map(([measure, value]) => ({ measure, query: 'all', value }))]
}

/** A row as trec_eval prints it: four decimals, counts and texts as they are. */
export function formatTrecRow({ measure, query, value }: TrecRow): string {
  const isWhole = typeof value === 'string' || measure === 'num_q' || COUNTS.has(measure)
  return `${measure.padEnd(22)}\t${query}\t${isWhole ? value : value.toFixed(4)}`
}

function summarise(queries: readonly ReadonlyMap<string, number | string>[]): readonly (readonly [string, number])[] {
  const valuesOf = (measure: string): readonly number[] => queries.map((measures) => Number(measures.get(measure)))
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)
  const rows: (readonly [string, number])[] = [['num_q', queries.length]]
  for (const measure of queries[0]?.keys() ?? []) {
    if (measure === 'relstring') continue
    const total = sum(valuesOf(measure))
    rows.push([measure, COUNTS.has(measure) ? total : total / queries.length])
    for (const geometric of GEOMETRIC) {
      if (geometric.after !== measure) continue
      const logs = valuesOf(geometric.of).map((value) => Math.log(Math.max(LEAST, value)))
      rows.push([geometric.measure, Math.exp(sum(logs) / queries.length)])
    }
  }
  return rows
}
