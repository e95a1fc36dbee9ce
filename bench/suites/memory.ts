/** Resident memory of a server that has its index open: at rest, after work, and where it goes. Knows nothing of what it serves. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { runChild, runTouchstone } from '../child-run.ts'
import { createTouchstoneClient } from '../../src/client/index.ts'
import type { Bench, BenchSuite, Measure } from '../suite.ts'

const RUNS = 3
const ANSWERS = 50
const SETTLE_MS = 2_000
const REST_MS = 10_000
const TARGET = { of: 'median', below: 250 } as const
const SUBJECTS = ['annual leave', 'expenses', 'on-call', 'security training', 'the release process', 'parental leave', 'travel']

export const memory: BenchSuite = {
  name: 'memory',
  summary: 'Resident memory of `touchstone start` on the sample company, and what each stage of a start adds.',
  async run({ root, folder, note }: Bench): Promise<readonly Measure[]> {
    const data = join(folder, 'state')
    note('Ingesting the sample company.')
    await runTouchstone(root, ['ingest', '--data', data])
    const runs: ServerMemory[] = []
    for (let run = 0; run < RUNS; run++) {
      note(`Server ${run + 1} of ${RUNS}.`)
      runs.push(await watchServer(root, data))
    }
    const stages = await passStages(root, data)
    return [
      { name: 'server, at rest after start', unit: 'MB', samples: runs.map((run) => run.started), target: TARGET },
      { name: `server, after ${ANSWERS} answers`, unit: 'MB', samples: runs.map((run) => run.answered) },
      { name: 'server, 10 s later', unit: 'MB', samples: runs.map((run) => run.rested), target: TARGET },
      ...stages,
    ]
  },
}

/** Megabytes (1e6 bytes). */
interface ServerMemory {
  readonly started: number
  readonly answered: number
  readonly rested: number
}

async function watchServer(root: string, data: string): Promise<ServerMemory> {
  const args = [join(root, 'bin/touchstone.js'), 'start', '--json', '--port', '0', '--data', data]
  const server = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] })
  try {
    const url = await listeningUrl(server)
    await sleep(SETTLE_MS)
    const started = residentMb(server)
    const client = createTouchstoneClient({ url, user: 'maria' })
    for (let answer = 0; answer < ANSWERS; answer++) {
      await client.answer({ question: `What are the rules on ${SUBJECTS[answer % SUBJECTS.length]}, point ${answer}?` })
    }
    const answered = residentMb(server)
    await sleep(REST_MS)
    return { started, answered, rested: residentMb(server) }
  } finally {
    server.kill('SIGTERM')
    await once(server, 'close')
  }
}

/** `start --json` prints one document with the address. */
function listeningUrl(server: ChildProcess): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  let text = ''
  server.stdout?.on('data', (data: Buffer) => {
    text += data.toString()
    const url = /"url": "([^"]+)"/.exec(text)?.[1]
    if (url !== undefined) resolve(url)
  })
  server.once('close', () => reject(new Error('the server ended before it listened')))
  return promise
}

function residentMb({ pid = 0 }: ChildProcess): number {
  const kib = execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' })
  return (Number(kib) * 1024) / 1e6
}

async function passStages(root: string, data: string): Promise<Measure[]> {
  const script = join(import.meta.dirname, 'memory-stages.ts')
  const flags = ['--conditions=touchstone-source', '--disable-warning=ExperimentalWarning']
  const run = await runChild(process.execPath, [...flags, script, data, join(root, 'touchstone.config.ts')], { cwd: root })
  return run.stdout
    .trim()
    .split('\n')
    .map((line): Measure => {
      const { stage, rss } = JSON.parse(line) as { readonly stage: string; readonly rss: number }
      return { name: `stage: ${stage}`, unit: 'MB', samples: [rss / 1e6] }
    })
}
