/** `npm run fuzz -- parsers|http|config|FAMILY [--inputs N] [--seed S] [--from N] [--keep] [--json]`: tries spoiled inputs, tells what failed. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { fuzzCatalog } from './catalog.ts'
import { fuzzFamily } from './fuzz-family.ts'
import type { FuzzSummary } from './fuzz-report.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    inputs: { type: 'string', default: '100000' },
    seed: { type: 'string', default: '1' },
    from: { type: 'string', default: '0' },
    keep: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
})
const wanted = fuzzCatalog.filter(({ group, name }) => positionals.includes(group) || positionals.includes(name))
if (wanted.length === 0) {
  const list = fuzzCatalog.map(({ group, name }) => `  ${group.padEnd(8)} ${name}`).join('\n')
  console.error(`npm run fuzz -- parsers|http|config|FAMILY [--inputs N] [--seed S] [--from N] [--keep] [--json]\n\n${list}`)
  process.exitCode = 2
}

const summaries: FuzzSummary[] = []
for (const { name } of wanted) {
  const startedAt = performance.now()
  const summary = await fuzzFamily(name, {
    seed: Number(values.seed),
    from: Number(values.from),
    inputs: Number(values.inputs),
    hangMs: 20_000,
    heapMb: 512,
    onProgress: ({ inputs, findings }) => {
      if (process.stderr.isTTY) process.stderr.write(`\r${name}: ${inputs} of ${values.inputs}, ${findings.length} found `)
    },
  })
  if (process.stderr.isTTY) process.stderr.write('\n')
  summaries.push(summary)
  if (!values.json) printSummary(summary, (performance.now() - startedAt) / 1000)
  if (values.keep) keep(summary)
}
if (values.json) console.log(JSON.stringify({ items: summaries }, null, 2))
if (summaries.some((summary) => summary.findings.length > 0)) process.exitCode = 1

function printSummary(
  { family, seed, inputs, outcomes, findings, firstRssBytes, mostRssBytes }: FuzzSummary,
  seconds: number,
): void {
  const megabytes = (bytes: number): string => (bytes / 2 ** 20).toFixed(0)
  const counts = Object.entries(outcomes).sort(([, left], [, right]) => right - left)
  console.log(
    `${family}, seed ${seed}: ${inputs} inputs in ${seconds.toFixed(0)} s, ${findings.length} found; memory ${megabytes(firstRssBytes)} MB at first, ${megabytes(mostRssBytes)} MB at most`,
  )
  console.log(`  ${counts.map(([outcome, count]) => `${outcome} ${count}`).join(', ')}`)
  for (const { ordinal, name, message } of findings.slice(0, 20))
    console.log(`  ${ordinal} ${name}: ${message.split('\n', 1)[0]}`)
}

/** What was found becomes a test: fuzz.test.ts tries every kept input again. */
function keep({ family, seed, findings }: FuzzSummary): void {
  const folder = join(import.meta.dirname, 'kept')
  mkdirSync(folder, { recursive: true })
  for (const { ordinal, foreign, ...finding } of findings) {
    if (ordinal < 0 || foreign) continue
    writeFileSync(join(folder, `${family}-${seed}-${ordinal}.json`), `${JSON.stringify({ family, ...finding }, null, 2)}\n`)
  }
}
