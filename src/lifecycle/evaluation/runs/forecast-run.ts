/** What a run will cost and how long it will take. Knows means; calls nothing. */
import type { CallRate } from './call-quota.ts'
import type { Pace } from './earlier-runs.ts'

export interface Forecast {
  readonly calls: number
  readonly costNanoUsd: number
  readonly seconds: number
  /** What it rests on. */
  readonly from: 'earlier runs' | 'first cases'
}

export function forecastRun(
  calls: number,
  pace: Pace,
  { concurrency, rate, from }: { readonly concurrency: number; readonly rate: CallRate; readonly from: Forecast['from'] },
): Forecast {
  const { callsPerMinute = Infinity, tokensPerMinute = Infinity } = rate
  const seconds = Math.max(
    (calls * pace.durationMs) / Math.min(concurrency, Math.max(1, calls)) / 1_000,
    (calls / callsPerMinute) * 60,
    ((calls * (pace.tokens ?? 0)) / tokensPerMinute) * 60,
  )
  return { calls, costNanoUsd: Math.round(calls * pace.costNanoUsd), seconds, from }
}
