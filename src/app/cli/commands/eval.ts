/** `touchstone eval`: a golden set put to a feature, as the people the cases name. */
import { writeFile } from 'node:fs/promises'
import type { CommonOptions } from '../common-options.ts'
import { withApplication } from '../open-application.ts'
import { terminal } from '../terminal.ts'

export interface EvalOptions extends CommonOptions {
  readonly concurrency: number
  readonly feature: string
  readonly details?: string
}

export async function evaluate(suite: string, options: EvalOptions): Promise<void> {
  const { results, slices, ...report } = await withApplication({ ...options, ingestFirst: true }, (application, signal) =>
    application.evaluate(suite, {
      feature: options.feature,
      concurrency: options.concurrency,
      signal,
      onProgress: (done, total) => terminal.progress(`evaluating ${done}/${total}`),
    }),
  )
  if (options.details !== undefined)
    await writeFile(options.details, `${JSON.stringify({ ...report, slices, results }, null, 2)}\n`)
  if (options.json === true) return terminal.printJson({ ...report, slices })
  const { planned, scored, failed, errored, unscored, skipped } = report.cases
  terminal.print(
    `run ${report.run}: ${planned} cases · ${scored} scored, ${failed} failed, ${errored} errored, ${unscored} unscored, ${skipped} skipped\n`,
  )
  terminal.print(`${'metric'.padEnd(20)} ${'value'.padStart(7)}   95 % interval     n`)
  for (const [name, metric] of Object.entries(report.metrics)) {
    const interval = `[${percent(metric.lower)}, ${percent(metric.upper)}]`
    terminal.print(`${name.padEnd(20)} ${percent(metric.value)}   ${interval}  ${String(metric.n).padStart(4)}`)
  }
}

function percent(value: number): string {
  return `${(value * 100).toFixed(1)} %`.padStart(7)
}
