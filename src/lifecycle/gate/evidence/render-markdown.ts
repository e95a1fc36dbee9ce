/** A report as Markdown for a pull request. Knows GitHub's flavour; decides nothing. */
import type { ChangedCase, GateReport } from '../gate-report.ts'
import { describeContext, headline, METRIC_COLUMNS, metricCells, MUST_NEVER_COLUMNS, mustNeverCells, VERDICT_SIGN } from './report-text.ts' // prettier-ignore

/** So much of what a system said is shown. */
const SHOWN_OUTPUT = 300
const SHOWN_CASES = 20
/** Ids may be of any length, also among the reasons. */
const SHOWN_ID = 120
const SHOWN_REASON = 600

/** Fits into a comment: GitHub takes 65,536 characters. */
export function renderMarkdown(report: GateReport): string {
  const { verdict, reasons, metrics, mustNever, slices, changedCases } = report
  const worse = slices.filter((slice) => slice.worse)
  const blocks = [
    `## ${VERDICT_SIGN[verdict]} Gate: ${escape(headline(report))}`,
    reasons.map((reason) => `- ${escape(shorten(reason, SHOWN_REASON))}`).join('\n'),
    metrics.length === 0 ? '' : table(METRIC_COLUMNS, metrics.map(metricCells)),
    mustNever.length === 0 ? '' : table(MUST_NEVER_COLUMNS, mustNever.map(mustNeverCells)),
    worse.length === 0
      ? ''
      : `**Slices that got worse** (advisory, Benjamini-Hochberg): ${worse.map(({ name, n }) => escape(`${name} (n ${n})`)).join(', ')}`,
    changedCases.length === 0 ? '' : details(`${changedCases.length} changed cases, worst first`, changedCases.slice(0, SHOWN_CASES).map(describeCase).join('\n\n')), // prettier-ignore
    details(
      'How it was measured',
      describeContext(report)
        .map((line) => `- ${escape(line)}`)
        .join('\n'),
    ),
  ]
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`
}

function table(columns: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map((cell) => escape(cell).replaceAll('|', '\\|')).join(' | ')} |`
  return [line(columns), line(columns.map(() => '---')), ...rows.map(line)].join('\n')
}

function details(title: string, body: string): string {
  return `<details><summary>${escape(title)}</summary>\n\n${body}\n\n</details>`
}

function describeCase({ case: id, metric, baseline, candidate, outputs, errors }: ChangedCase): string {
  const said = (arm: 'baseline' | 'candidate'): string[] => {
    const text = outputs[arm] ?? errors[arm]
    return text === undefined ? [] : [`  - ${arm}: ${escape(shorten(text, SHOWN_OUTPUT))}`]
  }
  const head = `- \`${shorten(id, SHOWN_ID).replaceAll('`', "'")}\` ${escape(metric)}: ${round(baseline)} → ${round(candidate)}`
  return [head, ...said('baseline'), ...said('candidate')].join('\n')
}

function round(value: number): string {
  return String(Number(value.toFixed(3)))
}

function shorten(text: string, longest: number): string {
  const line = text.replace(/\s+/g, ' ').trim()
  return line.length > longest ? `${line.slice(0, longest).toWellFormed()} …` : line
}

/** What a system said is text here, never markup: no image of a foreign host, no mention, no link. */
function escape(text: string): string {
  return text.replace(/[\\`*_{}[\]<>#@~!&]/g, (mark) => `&#${mark.charCodeAt(0)};`).replace(/\s*\n\s*/g, ' ')
}
