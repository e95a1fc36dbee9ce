/** Results as a table on the terminal and as dated rows in bench/results. */
import { appendFileSync, existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { MeasureSummary } from './measure-summary.ts'
import type { RunFacts } from './run-facts.ts'
import type { BenchReport, BenchSuite } from './suite.ts'

const COLUMNS = ['measure', 'n', 'median', 'p95', 'max', 'target'] as const

export function reportMeasures(summaries: readonly MeasureSummary[]): BenchReport {
  return { columns: COLUMNS, rows: summaries.map(cells), items: summaries, files: {} }
}

export function renderTable({ columns, rows }: BenchReport): string {
  const lines = [columns, ...rows]
  const widths = columns.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)))
  const pad = (cell: string, column: number): string =>
    column === 0 || column === columns.length - 1 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)
  return lines.map((line) => line.map(pad).join('  ').trimEnd()).join('\n')
}

/** Rows are only ever appended: what was true on a day stays written. Files show the latest. */
export function recordResult(folder: string, suite: BenchSuite, facts: RunFacts, report: BenchReport): void {
  const path = join(folder, `${suite.name}.md`)
  if (!existsSync(path)) {
    mkdirSync(dirname(path), { recursive: true })
    const columns = ['date', 'commit', 'machine', 'load', ...report.columns]
    const header = [columns, columns.map(() => '---')].map(toRow).join('\n')
    writeFileSync(
      path,
      `# ${suite.name}\n\n${suite.summary} Written by \`npm run bench -- ${suite.name} --record\`.\n\n${header}\n`,
    )
  }
  const { date, commit, machine, load } = facts
  const rows = report.rows.map((row) => toRow([date, commit, machine, String(load), ...row]))
  appendFileSync(path, `${rows.join('\n')}\n`)
  for (const [name, text] of Object.entries(report.files)) writeFileSync(join(folder, name), text)
}

function cells({ name, unit, n, median, p95, max, target }: MeasureSummary): string[] {
  const limit = target === undefined ? '' : 'below' in target ? `< ${target.below}` : `> ${target.above}`
  const bound = target === undefined ? '' : `${target.of} ${limit} ${unit}: ${target.met ? 'met' : 'MISSED'}`
  return [name, String(n), ...[median, p95, max].map((value) => `${toThreeDigits(value)} ${unit}`), bound]
}

function toThreeDigits(value: number): string {
  return value >= 100 ? String(Math.round(value)) : String(Number(value.toPrecision(3)))
}

function toRow(values: readonly string[]): string {
  return `| ${values.join(' | ')} |`
}
