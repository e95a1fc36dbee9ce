/** Search time, memory and ingest over the size of the index, as pictures. Knows measures by their names; measures nothing. */
import { drawLines, type Axis, type ChartSeries } from '../line-chart.ts'
import type { MeasureSummary } from '../measure-summary.ts'

const chunks = (sizes: readonly number[]): Axis => ({
  label: 'chunks',
  ticks: sizes,
  show: (value) => (value >= 1e6 ? `${value / 1e6}M` : `${value / 1e3}k`),
  isLogarithmic: true,
})
const decades = (label: string, ticks: readonly number[]): Axis => ({ label, ticks, show: String, isLogarithmic: true })

/** @returns nothing for a single size @param nameOf of a size's part of the name, before the colon */
export function drawScale(
  measures: readonly MeasureSummary[],
  sizes: readonly number[],
  nameOf: (chunks: number) => { readonly index: string; readonly search: string },
): Readonly<Record<string, string>> {
  if (sizes.length < 2) return {}
  const value = (name: string, of: 'median' | 'p95'): number => measures.find((measure) => measure.name === name)?.[of] ?? 1
  const line = (name: string, colour: string, at: (size: number) => number): ChartSeries => ({
    name,
    colour,
    points: sizes.map((size) => [size, at(size)]),
    marked: sizes.map((size) => [size, at(size)]),
  })
  const search = (size: number): string => `${nameOf(size).search}: search`
  const engine = (size: number): string => `${nameOf(size).search}: the engine alone, one field, unfiltered`
  const memory = (size: number): string => `${nameOf(size).index}: resident memory`
  const speed = (size: number): string => `${nameOf(size).index}: indexed a second`
  return {
    'search-scale.svg': drawLines(
      'Search by words and meaning, everything readable',
      { x: chunks(sizes), y: decades('ms', [2, 5, 10, 20, 50, 100, 200, 500]) },
      [
        line('search, 95th percentile', '#d97706', (size) => value(search(size), 'p95')),
        line('search, median', '#059669', (size) => value(search(size), 'median')),
        line('the engine alone, one field, median', '#64748b', (size) => value(engine(size), 'median')),
      ],
    ),
    'search-scale-index.svg': drawLines(
      'The index',
      { x: chunks(sizes), y: decades('MB; chunks a second', [100, 200, 500, 1000, 2000, 5000, 10_000, 20_000]) },
      [
        line('resident memory, MB', '#2563eb', (size) => value(memory(size), 'median')),
        line('indexed a second', '#9333ea', (size) => value(speed(size), 'median')),
      ],
    ),
  }
}
