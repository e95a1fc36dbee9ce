/** What each rule blocks over the number of cases, as pictures. Knows rows of the bench; computes nothing. */
import { drawLines, type Axis, type ChartSeries } from '../line-chart.ts'
import type { ExactRow } from './operating-characteristic.ts'

const COLOURS = ['#b91c1c', '#d97706', '#64748b', '#9333ea']
const share = (label: string): Axis => ({
  label,
  ticks: [0, 0.2, 0.4, 0.6, 0.8, 1],
  show: (value) => `${Math.round(100 * value)} %`,
})

/** @param rows of every size, at one discordance or more: that of .1 is drawn */
export function drawRules(rows: readonly ExactRow[]): Readonly<Record<string, string>> {
  const drawn = rows.filter(({ discordance }) => discordance === 0.1).toSorted((left, right) => left.n - right.n)
  const x: Axis = { label: 'cases', ticks: drawn.map(({ n }) => n), show: String, isLogarithmic: true }
  const gate = (value: (row: ExactRow) => number): ChartSeries => ({
    name: 'this gate',
    colour: '#15803d',
    points: drawn.map((row) => [row.n, value(row)]),
    marked: drawn.map((row) => [row.n, value(row)]),
  })
  const rivals = (of: 'falseBlock' | 'foundDrop'): ChartSeries[] =>
    Object.keys(drawn[0]?.rivals ?? {}).map((name, at) => ({
      // Names are text of an SVG.
      name: name.replaceAll('>', '&gt;').replaceAll('<', '&lt;'),
      colour: COLOURS[at % COLOURS.length] ?? '#000',
      points: drawn.map((row) => [row.n, row.rivals[name]?.[of] ?? 0]),
    }))
  return {
    'gate-false-block.svg': drawLines(
      'An unchanged system is blocked (10 % of answers differ from run to run)',
      { x, y: share('share of unchanged releases that are blocked') },
      [gate(({ unchanged }) => unchanged.block), ...rivals('falseBlock')],
    ),
    'gate-found-drop.svg': drawLines(
      'A drop of four points is blocked (10 % of answers differ)',
      { x, y: share('share of releases four points worse that are blocked') },
      [gate(({ foundDrop }) => foundDrop), ...rivals('foundDrop')],
    ),
  }
}
