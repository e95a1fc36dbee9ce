/** Draws risk over coverage as an SVG of its own. Knows lines and axes; knows nothing of how points came about. */
import type { OperatingPoint } from './risk-coverage.ts'

export interface CurveSeries {
  readonly name: string
  readonly colour: string
  readonly curve: readonly OperatingPoint[]
  /** Where the product stands. */
  readonly marked?: OperatingPoint
}

const PLOT = { left: 64, top: 48, width: 560, height: 320 } as const
const TICKS = [0, 0.2, 0.4, 0.6, 0.8, 1] as const

/** @param title, series are written as they are: no markup in them */
export function drawCurves(title: string, series: readonly CurveSeries[]): string {
  const lines = [
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 660 430" font-family="sans-serif" font-size="13">',
    '<rect width="660" height="430" fill="#fff"/>',
    `<text x="${PLOT.left}" y="26" font-size="15">${title}</text>`,
    ...TICKS.flatMap(drawTick),
    text(PLOT.left + PLOT.width / 2, 416, 'coverage: share of all questions that are answered'),
    `<text transform="translate(18 ${PLOT.top + PLOT.height / 2}) rotate(-90)" text-anchor="middle">risk: share of answers that are wrong</text>`,
    ...series.flatMap(drawSeries),
    '</svg>',
  ]
  return `${lines.join('\n')}\n`
}

function drawTick(value: number): string[] {
  const label = `${Math.round(value * 100)} %`
  return [
    `<path d="M${x(0)} ${y(value)}H${x(1)}M${x(value)} ${y(0)}V${y(1)}" stroke="#ddd"/>`,
    text(x(value), y(0) + 18, label),
    `<text x="${x(0) - 8}" y="${y(value) + 4}" text-anchor="end">${label}</text>`,
  ]
}

function drawSeries({ name, colour, curve, marked }: CurveSeries, index: number): string[] {
  const steps = curve.map(({ coverage, risk }, at) => `${at === 0 ? 'M' : 'L'}${x(coverage)} ${y(risk)}`).join('')
  const row = PLOT.top + 16 + index * 20
  return [
    `<path d="${steps}" fill="none" stroke="${colour}" stroke-width="2"/>`,
    ...(marked ? [`<circle cx="${x(marked.coverage)}" cy="${y(marked.risk)}" r="5" fill="${colour}"/>`] : []),
    `<path d="M${PLOT.left + 12} ${row}h24" stroke="${colour}" stroke-width="2"/>`,
    `<text x="${PLOT.left + 44}" y="${row + 4}">${name}</text>`,
  ]
}

function text(left: number, top: number, content: string): string {
  return `<text x="${left}" y="${top}" text-anchor="middle">${content}</text>`
}

function x(coverage: number): number {
  return Math.round((PLOT.left + coverage * PLOT.width) * 10) / 10
}

function y(risk: number): number {
  return Math.round((PLOT.top + (1 - risk) * PLOT.height) * 10) / 10
}
