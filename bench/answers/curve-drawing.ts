/** Risk over coverage as a picture. Knows how a curve is shown; knows nothing of how points came about. */
import { drawLines, type Axis, type Point } from '../line-chart.ts'
import type { OperatingPoint } from './risk-coverage.ts'

export interface CurveSeries {
  readonly name: string
  readonly colour: string
  readonly curve: readonly OperatingPoint[]
  /** Where the product stands. */
  readonly marked?: OperatingPoint
}

const share = (label: string): Axis => ({
  label,
  ticks: [0, 0.2, 0.4, 0.6, 0.8, 1],
  show: (value) => `${Math.round(value * 100)} %`,
})
const toPoint = ({ coverage, risk }: OperatingPoint): Point => [coverage, risk]

/** @param title, series are written as they are: no markup in them */
export function drawCurves(title: string, series: readonly CurveSeries[]): string {
  const axes = {
    x: share('coverage: share of all questions that are answered'),
    y: share('risk: share of answers that are wrong'),
  }
  return drawLines(
    title,
    axes,
    series.map(({ name, colour, curve, marked }) => ({
      name,
      colour,
      points: curve.map(toPoint),
      ...(marked === undefined ? {} : { marked: [toPoint(marked)] }),
    })),
  )
}
