/** A server to push to, in a process of its own, so that its client does not measure itself. */
import { composeApplication } from '../../src/app/compose.ts'
import { configSchema } from '../../src/app/config.ts'
import { createHttpServer } from '../../src/app/http/server.ts'
import { systemClock } from '../../src/foundation/concurrency/clock.ts'

const [dataDirectory = ''] = process.argv.slice(2)
const config = configSchema.parse({ sources: { crm: { kind: 'push' } } })
const ann = { id: 'ann', name: 'Ann', disabled: false, groups: ['team-1'] }
const loaded = { path: '', baseDirectory: dataDirectory, config, users: [ann], groups: [] }
const application = await composeApplication(loaded, { dataDirectory, log: (text) => console.error(text) })
const { port: _port, ...limits } = config.server
const server = await createHttpServer(application, { ...limits, port: 0, pushesPerMinute: 10_000_000, clock: systemClock })
process.send?.({ url: await server.listen() })
process.on('message', () => {
  const { user, system } = process.cpuUsage()
  process.send?.({ cpuSeconds: (user + system) / 1e6, residentMb: process.memoryUsage.rss() / 1e6 })
})
