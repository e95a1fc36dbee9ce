/** Run as a child of the memory suite: passes through the stages of a start and prints the resident memory after each, one JSON line a stage. */
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

const [, , dataDirectory = '', configFile = ''] = process.argv
const SETTLE_MS = 300

async function report(stage: string): Promise<void> {
  await sleep(SETTLE_MS)
  const { rss, heapUsed, heapTotal, external } = process.memoryUsage()
  console.log(JSON.stringify({ stage, rss, heapUsed, heapTotal, external }))
}

await report('Node started')
const { loadConfig } = await import('../src/app/load-config.ts')
const loaded = await loadConfig(configFile)
await report('configuration loaded')
const { openSqliteState } = await import('../src/adapters/sqlite/open-sqlite-state.ts')
const state = await openSqliteState(join(dataDirectory, 'state.sqlite'))
await state.destroy()
await report('state opened')
const { composeApplication } = await import('../src/app/compose.ts')
await report('compose imported')
const { loadLanceDb } = await import('../src/adapters/lancedb/native.ts')
await loadLanceDb()
await report('LanceDB loaded')
const { prepareAnalysis } = await import('../src/foundation/text/analysis.ts')
await prepareAnalysis(['en', 'de', 'es', 'ja'])
await report('analysis prepared')
const application = await composeApplication(loaded, { dataDirectory, log: (text) => console.error(text) })
await report('application composed')
await import('../src/app/http/server.ts')
await report('HTTP server imported')
await application.close()
