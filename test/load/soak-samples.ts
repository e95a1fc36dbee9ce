/** What a soak measured, and whether it stayed flat. Runs nothing. */
import { quantile } from '../../src/foundation/statistics/quantile.ts'

export interface SoakSample {
  readonly second: number
  readonly rssMb: number
  /** Open file descriptors. */
  readonly files: number
  readonly p50Ms: number
  readonly p95Ms: number
}

export interface SoakVerdict {
  readonly rssMb: { readonly early: number; readonly late: number; readonly most: number }
  readonly files: { readonly early: number; readonly late: number }
  readonly p50Ms: { readonly early: number; readonly late: number }
  readonly p95Ms: { readonly early: number; readonly late: number }
  readonly flat: boolean
}

/** Medians of the second and of the last quarter: the first quarter warms up. Flat: memory within 10 %, p50 within 50 %, files within 20. */
export function judgeSoak(samples: readonly SoakSample[]): SoakVerdict {
  const quarter = Math.floor(samples.length / 4)
  const early = samples.slice(quarter, 2 * quarter)
  const late = samples.slice(-quarter)
  const pair = (of: (sample: SoakSample) => number): { early: number; late: number } => ({
    early: percentile(early.map(of), 0.5),
    late: percentile(late.map(of), 0.5),
  })
  const rss = pair((sample) => sample.rssMb)
  const files = pair((sample) => sample.files)
  const p50Ms = pair((sample) => sample.p50Ms)
  const flat = rss.late <= rss.early * 1.1 && p50Ms.late <= p50Ms.early * 1.5 && files.late <= files.early + 20
  const most = Math.max(...samples.map((sample) => sample.rssMb))
  return { rssMb: { ...rss, most }, files, p50Ms, p95Ms: pair((sample) => sample.p95Ms), flat }
}

/** Nearest rank. @returns NaN for no values */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.filter((value) => !Number.isNaN(value)).sort((left, right) => left - right)
  return quantile(sorted, share)
}
