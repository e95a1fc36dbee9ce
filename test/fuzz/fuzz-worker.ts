/**
 * Tries the inputs FROM..TO of one family, one after the other. Says before each which it is, on a pipe that is written at once, so
 * that whoever watches knows what it hung or died of. `node fuzz-worker.ts FAMILY SEED FROM TO`
 */
import { writeSync } from 'node:fs'
import { fuzzCatalog } from './catalog.ts'
import type { FuzzReport } from './fuzz-report.ts'
import { PROGRESS_FD } from './fuzz-report.ts'
import { spoiledInput } from './spoiled-input.ts'

const REPORT_EVERY = 100
const [, , name = '', seed = '0', from = '0', to = '0'] = process.argv
const family = fuzzCatalog.find((known) => known.name === name)
if (family === undefined) throw new RangeError(`there is no family ${name}`)
const target = await family.open()
let outcomes: Record<string, number> = {}
// As the parser process does, which outlives them.
process.on('unhandledRejection', () => (outcomes['stray rejection'] = (outcomes['stray rejection'] ?? 0) + 1))
let findings: FuzzReport['findings'] = []

for (let ordinal = Number(from); ordinal < Number(to); ordinal++) {
  writeSync(PROGRESS_FD, `${ordinal}\n`)
  const input = spoiledInput(target, name, Number(seed), ordinal)
  try {
    const outcome = await target.attempt(input)
    outcomes[outcome] = (outcomes[outcome] ?? 0) + 1
  } catch (error) {
    outcomes['FOUND'] = (outcomes['FOUND'] ?? 0) + 1
    const message = error instanceof Error ? error.message : String(error)
    findings = [
      ...findings,
      { ordinal, name: input.name, foreign: input.foreign === true, bytes: Buffer.from(input.bytes).toString('base64'), message },
    ]
  }
  if ((ordinal + 1) % REPORT_EVERY === 0) await report()
}
await report()
await target.close()
process.exit(0)

async function report(): Promise<void> {
  const message: FuzzReport = { outcomes, findings, rssBytes: process.memoryUsage.rss() }
  await new Promise((sent) => process.send?.(message, sent))
  outcomes = {}
  findings = []
}
