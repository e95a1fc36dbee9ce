/** Documents pushed over HTTP, one a request, until they are acknowledged and until they can all be searched. */
import { once } from 'node:events'
import { fork } from 'node:child_process'
import { join } from 'node:path'
import type { Bench, BenchSuite, Measure } from '../suite.ts'
import type { PushRunResult } from './push-client.ts'

const DOCUMENTS = 10_000
const CONNECTIONS = 10

export const push: BenchSuite = {
  name: 'push',
  summary: `${DOCUMENTS} text documents of about 1 kB, pushed one a request over ${CONNECTIONS} connections by another process.`,
  async run({ folder, note }: Bench): Promise<readonly Measure[]> {
    const script = join(import.meta.dirname, 'push-server.ts')
    const server = fork(script, [join(folder, 'state')], {
      execArgv: process.execArgv,
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    })
    try {
      const [{ url }] = (await once(server, 'message')) as [{ url: string }]
      note('Pushing.')
      const { pushDocuments } = await import('./push-client.ts')
      const result: PushRunResult = await pushDocuments(url, DOCUMENTS, CONNECTIONS)
      server.send('usage')
      const [{ cpuSeconds, residentMb }] = (await once(server, 'message')) as [{ cpuSeconds: number; residentMb: number }]
      return [
        { name: 'acknowledged: documents a minute', unit: '1/min', samples: [(DOCUMENTS / result.acknowledgedSeconds) * 60] },
        { name: 'searchable: documents a minute', unit: '1/min', samples: [(DOCUMENTS / result.searchableSeconds) * 60] },
        {
          name: 'until all are acknowledged',
          unit: 's',
          samples: [result.acknowledgedSeconds],
          target: { of: 'max', below: 60 },
        },
        { name: 'until all can be searched', unit: 's', samples: [result.searchableSeconds], target: { of: 'max', below: 60 } },
        { name: 'acknowledgement', unit: 'ms', samples: result.latenciesMs },
        { name: 'server: CPU of all threads', unit: 's', samples: [cpuSeconds] },
        { name: 'server: resident memory at the end', unit: 'MB', samples: [residentMb] },
      ]
    } finally {
      server.kill('SIGKILL')
    }
  },
}
