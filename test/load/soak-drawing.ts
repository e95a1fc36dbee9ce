/** Draws a soak as an SVG of its own: memory above, latency below, over minutes. */
import type { SoakSample } from './soak-samples.ts'

const LEFT = 64
const WIDTH = 760
const HEIGHT = 170

export function drawSoak(samples: readonly SoakSample[]): string {
  const end = samples.at(-1)?.second ?? 1
  const panels = [
    panel(40, 'resident memory, MB', samples, end, [[(sample) => sample.rssMb, '#2563eb', 'server']]),
    panel(40 + HEIGHT + 60, 'latency over ten seconds, ms', samples, end, [
      [(sample) => sample.p50Ms, '#059669', 'p50'],
      [(sample) => sample.p95Ms, '#d97706', 'p95'],
    ]),
  ]
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${LEFT + WIDTH + 40} ${2 * HEIGHT + 150}" font-family="sans-serif" font-size="13">\n<rect width="100%" height="100%" fill="#fff"/>\n${panels.join('\n')}\n</svg>\n`
}

type Line = readonly [value: (sample: SoakSample) => number, colour: string, name: string]

function panel(top: number, title: string, samples: readonly SoakSample[], end: number, lines: readonly Line[]): string {
  const most = Math.max(1, ...lines.flatMap(([value]) => samples.map(value)).filter((value) => !Number.isNaN(value))) * 1.1
  const x = (second: number): string => (LEFT + (second / end) * WIDTH).toFixed(1)
  const y = (value: number): string => (top + HEIGHT - (value / most) * HEIGHT).toFixed(1)
  const ticks = [0, 0.25, 0.5, 0.75, 1].map((share) => {
    const value = most * share
    return `<path d="M${LEFT} ${y(value)}h${WIDTH}" stroke="#ddd"/><text x="${LEFT - 8}" y="${Number(y(value)) + 4}" text-anchor="end">${value.toFixed(0)}</text>`
  })
  const minutes = [0, 0.25, 0.5, 0.75, 1].map(
    (share) =>
      `<text x="${x(end * share)}" y="${top + HEIGHT + 18}" text-anchor="middle">${((end * share) / 60).toFixed(0)} min</text>`,
  )
  const drawn = lines.map(([value, colour, name], index) => {
    const points = samples.filter((sample) => !Number.isNaN(value(sample)))
    const path = points.map((sample, at) => `${at === 0 ? 'M' : 'L'}${x(sample.second)} ${y(value(sample))}`).join('')
    const key = LEFT + WIDTH - 120 + index * 60
    return `<path d="${path}" fill="none" stroke="${colour}" stroke-width="1.5"/><text x="${key}" y="${top - 8}" fill="${colour}">${name}</text>`
  })
  return [`<text x="${LEFT}" y="${top - 8}" font-size="15">${title}</text>`, ...ticks, ...minutes, ...drawn].join('\n')
}
