/** `npm run bench -- NAME [--json] [--record]`: runs one suite, prints what it measured, appends it to bench/results on request. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { benchCatalog } from './catalog.ts'
import { summariseMeasure } from './measure-summary.ts'
import { recordResult, renderTable, reportMeasures } from './result-table.ts'
import { readRunFacts } from './run-facts.ts'
import type { BenchSuite } from './suite.ts'

interface Flags {
  readonly json: boolean
  readonly record: boolean
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { json: { type: 'boolean', default: false }, record: { type: 'boolean', default: false } },
})
const wanted = benchCatalog.find((suite) => suite.name === positionals[0])
if (wanted === undefined || positionals.length !== 1) {
  const list = benchCatalog.map((suite) => `  ${suite.name.padEnd(10)} ${suite.summary}`).join('\n')
  console.error(`npm run bench -- NAME [--json] [--record]\n\n${list}`)
  process.exitCode = 2
} else await runSuite(wanted, values)

async function runSuite(suite: BenchSuite, flags: Flags): Promise<void> {
  const root = join(import.meta.dirname, '..')
  const folder = mkdtempSync(join(tmpdir(), 'touchstone-bench-'))
  const facts = readRunFacts(root)
  try {
    const found = await suite.run({ root, folder, note: (text) => console.error(text) })
    if ('length' in found && found.length === 0) return
    const report = 'columns' in found ? found : reportMeasures(found.map(summariseMeasure))
    if (flags.json) console.log(JSON.stringify({ suite: suite.name, ...facts, items: report.items }, null, 2))
    else
      console.log(
        `${suite.name} · ${facts.date} · ${facts.commit} · ${facts.machine} · load ${facts.load}\n\n${renderTable(report)}`,
      )
    if (flags.record) recordResult(join(root, 'bench/results'), suite, facts, report)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
