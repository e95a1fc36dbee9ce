/** A report as one HTML page without scripts or foreign parts, with a picture of every bound. Knows markup; decides nothing. */
import type { ChangedCase, GateReport, MetricVerdict, SliceFinding } from '../gate-report.ts'
import { describeContext, headline, METRIC_COLUMNS, metricCells, MUST_NEVER_COLUMNS, mustNeverCells, showDifference } from './report-text.ts' // prettier-ignore

const COLOURS = { pass: '#15803d', block: '#b91c1c', inconclusive: '#b45309', unmeasurable: '#475569' } as const
const PLOT = { left: 220, width: 460, row: 44 } as const

export function renderHtml(report: GateReport): string {
  const { verdict, reasons, metrics, mustNever, slices, changedCases } = report
  const sliceRows = slices.map((slice) => sliceCells(slice, metrics))
  const body = [
    `<h1 style="color:${COLOURS[verdict]}">${escape(headline(report))}</h1>`,
    list(reasons),
    ...section('Metrics', metrics, () => drawBounds(metrics) + table(METRIC_COLUMNS, metrics.map(metricCells))),
    ...section('Must never happen', mustNever, () => table(MUST_NEVER_COLUMNS, mustNever.map(mustNeverCells))),
    ...section('Slices (advisory)', slices, () => table(['slice', 'difference', 'bounds', 'n', 'adjusted p', ''], sliceRows)),
    ...section('Changed cases, worst first', changedCases, () => changedCases.map(describeCase).join('')),
    '<h2>How it was measured</h2>',
    list(describeContext(report)),
  ]
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Gate: ${verdict}</title><style>${STYLE}</style></head><body>\n${body.join('\n')}\n</body></html>\n`
}

const STYLE =
  'body{font:15px/1.5 system-ui,sans-serif;max-width:72rem;margin:2rem auto;padding:0 1rem;color:#1e293b}h1{font-size:1.5rem}h2{font-size:1.1rem;margin-top:2rem}table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}th,td{border-bottom:1px solid #e2e8f0;padding:.3rem .6rem;text-align:left}pre{white-space:pre-wrap;background:#f8fafc;padding:.5rem;margin:.2rem 0}svg{max-width:100%;height:auto}'

/** In the unit of its metric. */
function sliceCells(
  { name, difference, lower, upper, n, adjusted, worse }: SliceFinding,
  metrics: readonly MetricVerdict[],
): string[] {
  const metric = metrics.find((each) => name.startsWith(`${each.name}[`)) ?? { name, margin: 0, baseline: null, candidate: null }
  const bounds = `[${showDifference(lower, metric)}, ${showDifference(upper, metric)}]`
  return [name, showDifference(difference, metric), bounds, String(n), adjusted.toPrecision(2), worse ? 'worse' : '']
}

function section(title: string, parts: readonly unknown[], body: () => string): string[] {
  return parts.length === 0 ? [] : [`<h2>${escape(title)}</h2>`, body()]
}

/** Every metric on a scale of its own margin: 0 in the middle, the margin a third to the left. */
function drawBounds(metrics: readonly MetricVerdict[]): string {
  const height = metrics.length * PLOT.row + 30
  const rows = metrics.map((metric, row) => drawRow(metric, row * PLOT.row + 34))
  const legend = `<text x="${place(0)}" y="14" text-anchor="middle" fill="#64748b">unchanged</text><text x="${place(-1)}" y="14" text-anchor="middle" fill="#64748b">margin</text>`
  return `<svg viewBox="0 0 720 ${height}" width="720" height="${height}" font-family="sans-serif" font-size="13" role="img" aria-label="Differences with their bounds">${legend}${rows.join('')}</svg>`
}

function drawRow(metric: MetricVerdict, y: number): string {
  const { name, difference, lower, upper, margin, verdict } = metric
  const label = `<text x="8" y="${y + 4}">${escape(name)}</text>`
  const guides = `<path d="M${place(0)} ${y - 14}v28" stroke="#94a3b8"/><path d="M${place(-1)} ${y - 14}v28" stroke="#94a3b8" stroke-dasharray="3 3"/>`
  if (difference === null || lower === null || upper === null) return label + guides
  const colour = COLOURS[verdict]
  const [from, at, to] = [lower, difference, upper].map((value) => place(value / margin))
  return `${label}${guides}<path d="M${from} ${y}H${to}" stroke="${colour}" stroke-width="3"/><circle cx="${at}" cy="${y}" r="5" fill="${colour}"/>`
}

/** @param margins distance from 0 in margins; cut at three to either side */
function place(margins: number): number {
  const share = (Math.max(-3, Math.min(3, margins)) + 3) / 6
  return Math.round((PLOT.left + share * PLOT.width) * 10) / 10
}

function describeCase({ case: id, metric, baseline, candidate, outputs, errors }: ChangedCase): string {
  const said = (['baseline', 'candidate'] as const).flatMap((arm) => {
    const text = outputs[arm] ?? errors[arm]
    return text === undefined ? [] : [`${arm}<pre>${escape(text)}</pre>`]
  })
  const change = `${Number(baseline.toFixed(3))} → ${Number(candidate.toFixed(3))}`
  return `<details><summary><code>${escape(id)}</code> ${escape(metric)}: ${change}</summary>${said.join('')}</details>`
}

function table(columns: readonly string[], rows: readonly (readonly string[])[]): string {
  const cells = (tag: string, row: readonly string[]): string => `<tr>${row.map((cell) => `<${tag}>${escape(cell)}</${tag}>`).join('')}</tr>` // prettier-ignore
  return `<table>${cells('th', columns)}${rows.map((row) => cells('td', row)).join('')}</table>`
}

function list(lines: readonly string[]): string {
  return lines.length === 0 ? '' : `<ul>${lines.map((line) => `<li>${escape(line)}</li>`).join('')}</ul>`
}

function escape(text: string): string {
  return text.toWellFormed().replace(/[&<>"']/g, (mark) => `&#${mark.charCodeAt(0)};`)
}
