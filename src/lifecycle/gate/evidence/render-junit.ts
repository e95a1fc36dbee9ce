/** A report as JUnit XML and as GitHub annotations, for CI systems that show either. Knows both formats; decides nothing. */
import type { GateReport, MetricVerdict, MustNeverVerdict } from '../gate-report.ts'
import { headline } from './report-text.ts'

/** One test case a decision, under names that stay the same from run to run. What decides nothing is skipped, and what cannot be measured is an error. */
export function renderJUnit(report: GateReport): string {
  const parts = [...report.metrics, ...report.mustNever]
  const cases = [caseOf('verdict', report.verdict, headline(report), report.reasons.join('\n')), ...parts.map(renderPart)]
  const count = (tag: string): number => cases.filter((each) => each.includes(`<${tag}`)).length
  const counts = `tests="${cases.length}" failures="${count('failure')}" errors="${count('error')}" skipped="${count('skipped')}"`
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="touchstone gate" ${counts}>`,
    `  <testsuite name="gate" ${counts}>`,
    ...cases.map((each) => `    ${each}`),
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n')
}

function renderPart(part: MetricVerdict | MustNeverVerdict): string {
  const decides = part.waived === undefined && (!('gating' in part) || part.gating)
  return caseOf(part.name, decides ? part.verdict : 'reported', part.reason, part.reason)
}

function caseOf(name: string, verdict: string, message: string, text: string): string {
  const open = `<testcase classname="gate" name="${escape(name)}" time="0">`
  const tag = { block: 'failure', unmeasurable: 'error', inconclusive: 'skipped', reported: 'skipped' }[verdict]
  if (tag === undefined) return `${open}<system-out>${escape(text)}</system-out></testcase>`
  return `${open}<${tag} message="${escape(`${verdict}: ${message}`)}">${escape(text)}</${tag}></testcase>`
}

/** Commands that GitHub Actions reads from standard output. */
export function renderAnnotations(report: GateReport): string {
  const level = { pass: 'notice', block: 'error', inconclusive: 'warning', unmeasurable: 'error' }[report.verdict]
  const lines = [
    `::${level} title=${property(`Gate: ${report.verdict}`)}::${data([headline(report), ...report.reasons].join('\n'))}`,
    ...[...report.mustNever, ...report.metrics.filter(({ gating }) => gating)]
      .filter(({ verdict, waived }) => verdict === 'block' && waived === undefined)
      .map(({ name, reason }) => `::error title=${property(name)}::${data(reason)}`),
  ]
  return `${lines.join('\n')}\n`
}

function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C')
}

/** Characters that XML 1.0 cannot hold are replaced, since a system may have said anything. */
function escape(text: string): string {
  return text
    .toWellFormed()
    .replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '�')
    .replace(/[&<>"]/g, (mark) => `&#${mark.charCodeAt(0)};`)
}
