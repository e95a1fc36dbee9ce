/** A child of the memory suite: passes through the stages of a start and prints what is resident after each, one JSON line a stage. */
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

const SETTLE_MS = 300
const [, , dataDirectory = '', configFile = ''] = process.argv

async function reach(stage: string): Promise<void> {
  await sleep(SETTLE_MS)
  console.log(JSON.stringify({ stage, rss: process.memoryUsage.rss() }))
}

await reach('Node')
const { loadConfig } = await import('../../src/app/load-config.ts')
const loaded = await loadConfig(configFile)
await reach('configuration')
const { openSqliteState } = await import('../../src/adapters/sqlite/open-sqlite-state.ts')
const state = await openSqliteState(join(dataDirectory, 'state.sqlite'))
await state.destroy()
await reach('state')
const { composeApplication } = await import('../../src/app/compose.ts')
await reach('own modules')
const { loadLanceDb } = await import('../../src/adapters/lancedb/native.ts')
await loadLanceDb()
await reach('LanceDB loaded')
const { prepareAnalysis } = await import('../../src/foundation/text/analysis.ts')
await prepareAnalysis(['en', 'de', 'es', 'ja'])
await reach('analysis prepared')
const application = await composeApplication(loaded, { dataDirectory, log: (text) => console.error(text) })
await reach('index open')
await import('../../src/app/http/server.ts')
await reach('HTTP server')
await application.close()
