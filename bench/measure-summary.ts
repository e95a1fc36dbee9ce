/** A measure in a few numbers, and whether it meets its target. */
import { quantile } from '../src/foundation/statistics/quantile.ts'
import type { Measure, Target, Unit } from './suite.ts'

export interface MeasureSummary {
  readonly name: string
  readonly unit: Unit
  readonly n: number
  readonly median: number
  readonly p95: number
  readonly max: number
  readonly target?: Target & { readonly met: boolean }
}

export function summariseMeasure({ name, unit, samples, target }: Measure): MeasureSummary {
  const sorted = samples.toSorted((left, right) => left - right)
  const numbers = { median: quantile(sorted, 0.5), p95: quantile(sorted, 0.95), max: quantile(sorted, 1) }
  return {
    name,
    unit,
    n: samples.length,
    ...numbers,
    ...(target === undefined ? {} : { target: { ...target, met: isMet(target, numbers[target.of]) } }),
  }
}

function isMet(target: Target, value: number): boolean {
  return 'below' in target ? value < target.below : value > target.above
}
