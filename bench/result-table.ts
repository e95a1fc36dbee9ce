/** Results as a table on the terminal and as dated rows in bench/results. */
import { appendFileSync, existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import type { MeasureSummary } from './measure-summary.ts'
import type { RunFacts } from './run-facts.ts'
import type { BenchSuite } from './suite.ts'

const COLUMNS = ['measure', 'n', 'median', 'p95', 'max', 'target'] as const

export function renderTable(summaries: readonly MeasureSummary[]): string {
  const rows = [COLUMNS, ...summaries.map(cells)]
  const widths = COLUMNS.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  const pad = (cell: string, column: number): string =>
    column === 0 || column === COLUMNS.length - 1 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)
  return rows.map((row) => row.map(pad).join('  ').trimEnd()).join('\n')
}

/** Rows are only ever appended: what was true on a day stays written. */
export function recordResult(path: string, suite: BenchSuite, facts: RunFacts, summaries: readonly MeasureSummary[]): void {
  if (!existsSync(path)) {
    mkdirSync(dirname(path), { recursive: true })
    const columns = ['date', 'commit', 'machine', 'load', ...COLUMNS]
    const header = [columns, columns.map(() => '---')].map(toRow).join('\n')
    writeFileSync(
      path,
      `# ${suite.name}\n\n${suite.summary} Written by \`npm run bench -- ${suite.name} --record\`.\n\n${header}\n`,
    )
  }
  const { date, commit, machine, load } = facts
  const rows = summaries.map((summary) => toRow([date, commit, machine, String(load), ...cells(summary)]))
  appendFileSync(path, `${rows.join('\n')}\n`)
}

function cells({ name, unit, n, median, p95, max, target }: MeasureSummary): string[] {
  const bound = target === undefined ? '' : `${target.of} < ${target.below} ${unit}: ${target.met ? 'met' : 'MISSED'}`
  return [name, String(n), ...[median, p95, max].map((value) => `${toThreeDigits(value)} ${unit}`), bound]
}

function toThreeDigits(value: number): string {
  return value >= 100 ? String(Math.round(value)) : String(Number(value.toPrecision(3)))
}

function toRow(values: readonly string[]): string {
  return `| ${values.join(' | ')} |`
}
