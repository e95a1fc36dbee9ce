/** Draws lines over two axes as an SVG of its own. Knows lines and axes; knows nothing of what they mean. */

export interface Axis {
  readonly label: string
  /** Ascending; the first and the last bound the plot. */
  readonly ticks: readonly number[]
  readonly show: (value: number) => string
  /** Powers of the same base are equally far apart. All ticks are then above 0. */
  readonly isLogarithmic?: boolean
}

export interface ChartSeries {
  readonly name: string
  readonly colour: string
  readonly points: readonly Point[]
  /** Drawn as dots too, such as where the product stands. */
  readonly marked?: readonly Point[]
  readonly isDashed?: boolean
}

export type Point = readonly [x: number, y: number]

const PLOT = { left: 74, top: 48, width: 550, height: 320 } as const
type Place = (value: number) => number

/** @param title, names and labels are written as they are: no markup in them */
export function drawLines(title: string, axes: { readonly x: Axis; readonly y: Axis }, series: readonly ChartSeries[]): string {
  const x = placeOn(axes.x, (share) => PLOT.left + share * PLOT.width)
  const y = placeOn(axes.y, (share) => PLOT.top + (1 - share) * PLOT.height)
  const lines = [
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 660 430" font-family="sans-serif" font-size="13">',
    '<rect width="660" height="430" fill="#fff"/>',
    `<text x="${PLOT.left}" y="26" font-size="15">${title}</text>`,
    ...axes.x.ticks.map((tick) => `<path d="M${x(tick)} ${PLOT.top}v${PLOT.height}" stroke="#ddd"/>`),
    ...axes.x.ticks.map((tick) => text(x(tick), PLOT.top + PLOT.height + 18, axes.x.show(tick))),
    ...axes.y.ticks.map((tick) => `<path d="M${PLOT.left} ${y(tick)}h${PLOT.width}" stroke="#ddd"/>`),
    ...axes.y.ticks.map((tick) => `<text x="${PLOT.left - 8}" y="${y(tick) + 4}" text-anchor="end">${axes.y.show(tick)}</text>`),
    text(PLOT.left + PLOT.width / 2, 416, axes.x.label),
    `<text transform="translate(18 ${PLOT.top + PLOT.height / 2}) rotate(-90)" text-anchor="middle">${axes.y.label}</text>`,
    ...series.flatMap((each, row) => drawSeries(each, row, x, y)),
    '</svg>',
  ]
  return `${lines.join('\n')}\n`
}

function drawSeries({ name, colour, points, marked = [], isDashed }: ChartSeries, index: number, x: Place, y: Place): string[] {
  const steps = points.map(([across, up], at) => `${at === 0 ? 'M' : 'L'}${x(across)} ${y(up)}`).join('')
  const row = PLOT.top + 16 + index * 20
  const stroke = `stroke="${colour}" stroke-width="2"${isDashed === true ? ' stroke-dasharray="5 4"' : ''}`
  return [
    `<path d="${steps}" fill="none" ${stroke}/>`,
    ...marked.map(([across, up]) => `<circle cx="${x(across)}" cy="${y(up)}" r="5" fill="${colour}"/>`),
    `<path d="M${PLOT.left + 12} ${row}h24" ${stroke}/>`,
    `<text x="${PLOT.left + 44}" y="${row + 4}">${name}</text>`,
  ]
}

function placeOn({ ticks, isLogarithmic }: Axis, toPlot: Place): Place {
  const scale = isLogarithmic === true ? Math.log : (value: number): number => value
  const [from, to] = [scale(ticks[0] ?? 0), scale(ticks.at(-1) ?? 1)]
  return (value) => Math.round(toPlot((scale(value) - from) / (to - from)) * 10) / 10
}

function text(left: number, top: number, content: string): string {
  return `<text x="${left}" y="${top}" text-anchor="middle">${content}</text>`
}
