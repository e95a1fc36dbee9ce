/** Runs one family in worker processes that may crash or hang, and goes on behind what they died of. */
import { fork, type ChildProcess } from 'node:child_process'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { addReport, type FuzzReport, type FuzzSummary, PROGRESS_FD } from './fuzz-report.ts'
import { fuzzCatalog } from './catalog.ts'
import { spoiledInput } from './spoiled-input.ts'

export interface FuzzOptions {
  readonly seed: number
  readonly from: number
  readonly inputs: number
  /** One input that takes longer hangs. */
  readonly hangMs: number
  /** Heap of a worker; resident memory beyond twice of it counts as unbounded. */
  readonly heapMb: number
  onProgress?(summary: FuzzSummary): void
}

export async function fuzzFamily(family: string, options: FuzzOptions): Promise<FuzzSummary> {
  const summary: FuzzSummary = {
    family,
    seed: options.seed,
    inputs: 0,
    outcomes: {},
    findings: [],
    firstRssBytes: 0,
    mostRssBytes: 0,
  }
  const end = options.from + options.inputs
  for (let from = options.from; from < end;) {
    const stop = await runWorker(family, from, end, options, summary)
    summary.inputs += (stop === undefined ? end : stop.ordinal + 1) - from
    if (stop === undefined) break
    await addDeath(family, stop, options.seed, summary)
    from = stop.ordinal + 1
  }
  const limit = options.heapMb * 2 * 1024 * 1024
  if (summary.mostRssBytes > limit)
    summary.findings.push({
      ordinal: -1,
      name: family,
      foreign: false,
      bytes: '',
      message: `memory grew to ${summary.mostRssBytes} bytes`,
    })
  return summary
}

interface Death {
  readonly ordinal: number
  readonly reason: string
}

/** @returns what it died of, or nothing when it came to its end */
function runWorker(
  family: string,
  from: number,
  to: number,
  { seed, hangMs, heapMb, onProgress }: FuzzOptions,
  summary: FuzzSummary,
): Promise<Death | undefined> {
  const child = fork(join(import.meta.dirname, 'fuzz-worker.ts'), [family, String(seed), String(from), String(to)], {
    execArgv: ['--conditions=touchstone-source', '--disable-warning=ExperimentalWarning', `--max-old-space-size=${heapMb}`],
    stdio: ['ignore', 'ignore', 'ignore', 'ipc', 'pipe'],
  })
  let ordinal = from
  let hangs = false
  // The first input waits for the worker to start.
  let timer = setTimeout(kill, hangMs + 60_000)
  function kill(): void {
    hangs = true
    child.kill('SIGKILL')
  }
  progressOf(child).on('data', (data: Buffer) => {
    const last = data.toString().trimEnd().split('\n').at(-1)
    if (last !== undefined) ordinal = Number(last)
    clearTimeout(timer)
    timer = setTimeout(kill, hangMs)
  })
  child.on('message', (report: FuzzReport) => {
    addReport(summary, report)
    onProgress?.({ ...summary, inputs: summary.inputs + ordinal - from })
  })
  return new Promise((resolve) => {
    child.on('close', (code, signal) => {
      clearTimeout(timer)
      resolve(
        code === 0 ? undefined : { ordinal, reason: hangs ? `no end within ${hangMs} ms` : `died: ${signal ?? `exit ${code}`}` },
      )
    })
  })
}

function progressOf(child: ChildProcess): Readable {
  return child.stdio[PROGRESS_FD] as Readable
}

async function addDeath(family: string, { ordinal, reason }: Death, seed: number, summary: FuzzSummary): Promise<void> {
  const target = await fuzzCatalog.find((known) => known.name === family)?.open()
  const input = target && spoiledInput(target, family, seed, ordinal)
  await target?.close()
  const bytes = Buffer.from(input?.bytes ?? []).toString('base64')
  addReport(summary, {
    outcomes: { FOUND: 1 },
    findings: [{ ordinal, name: input?.name ?? family, foreign: input?.foreign === true, bytes, message: reason }],
    rssBytes: 0,
  })
}
