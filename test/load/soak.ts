/**
 * `npm run prove:soak -- [--minutes 60] [--rate 4] [--record]`: one server process under mixed asking, searching, changing documents
 * and changing permissions. Memory and latency must stay flat, and nobody may see what was just taken from them.
 */
import { appendFileSync, cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { createTouchstoneClient, type TouchstoneClient } from '../../src/client/index.ts'
import { loadDataset } from '../../src/lifecycle/evaluation/datasets/load-dataset.ts'
import { ended, PROJECT_ROOT, start } from '../fixtures/command-line.ts'
import { drawSoak } from './soak-drawing.ts'
import { judgeSoak, percentile, type SoakSample } from './soak-samples.ts'

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '60' },
    rate: { type: 'string', default: '4' },
    record: { type: 'boolean', default: false },
  },
})
const minutes = Number(values.minutes)
const SAMPLE_MS = 10_000
const EDIT_MS = 7_000
const REVOKE_MS = 5_000
const SECRET_QUESTION = 'What is the salary band for principal engineers?'
const SECRET = '118,000'

const folder = mkdtempSync(join(tmpdir(), 'touchstone-soak-'))
const server = start(['start', '--config', writeConfig(), '--data', join(folder, 'state'), '--port', '0', '--json'], {
  cwd: folder,
})
let complaints = ''
server.stderr?.on('data', (data: Buffer) => (complaints = (complaints + data.toString()).slice(-20_000)))
const failures: string[] = []
const latencies: number[] = []
const counts = { asked: 0, searched: 0, edited: 0, revoked: 0 }

try {
  const url = await listening()
  const cases = (await loadDataset(join(PROJECT_ROOT, 'evals/handbook'))).cases.filter(({ as }) => as !== 'erik')
  const until = performance.now() + minutes * 60_000
  const samples: SoakSample[] = []
  const work = [
    every(1_000 / Number(values.rate), until, (turn) => askOrSearch(url, turn, cases)),
    every(EDIT_MS, until, editDocuments),
    every(REVOKE_MS, until, (turn) => grantOrRevoke(url, turn)),
    every(SAMPLE_MS, until, async (turn) => void samples.push(takeSample(turn))),
  ]
  await Promise.all(work)
  report(samples)
} finally {
  await ended(server, 'SIGTERM')
  rmSync(folder, { recursive: true, force: true })
}

function writeConfig(): string {
  cpSync(join(PROJECT_ROOT, 'examples/handbook'), join(folder, 'handbook'), { recursive: true })
  const path = join(folder, 'soak.config.mjs')
  const config = {
    sources: { handbook: { kind: 'folder', path: 'handbook', exclude: ['*.csv'] } },
    access: { usersCsv: 'handbook/people.csv', groupsCsv: 'handbook/groups.csv' },
    server: { requestsPerMinute: 1_000_000 },
  }
  writeFileSync(path, `export default ${JSON.stringify(config)}\n`)
  return path
}

async function listening(): Promise<string> {
  let printed = ''
  for await (const data of server.stdout ?? []) {
    printed += String(data)
    const url = /"url":\s*"([^"]+)"/.exec(printed)?.[1]
    if (url !== undefined) return url
  }
  throw new Error(`the server did not start:\n${complaints}`)
}

function clientOf(url: string, user: string): TouchstoneClient {
  return createTouchstoneClient({ url, user })
}

/** Turns begin on time, also while earlier ones are still running: slow answers must show as slow, not as fewer. */
async function every(intervalMs: number, until: number, turn: (ordinal: number) => Promise<void>): Promise<void> {
  const running = new Set<Promise<void>>()
  const begin = performance.now()
  for (let ordinal = 0; performance.now() < until && server.exitCode === null; ordinal++) {
    const one = turn(ordinal).catch((error: unknown) => void failures.push(String(error)))
    running.add(one)
    void one.then(() => running.delete(one))
    await new Promise((next) => setTimeout(next, Math.max(0, begin + (ordinal + 1) * intervalMs - performance.now())))
  }
  await Promise.all(running)
}

async function askOrSearch(
  url: string,
  turn: number,
  cases: readonly { readonly as: string; readonly question: string }[],
): Promise<void> {
  const { as, question } = cases[(turn * 7) % cases.length] ?? { as: 'maria', question: 'leave' }
  const client = clientOf(url, as)
  const startedAt = performance.now()
  if (turn % 3 === 0) await client.search({ query: question })
  else await client.answer(turn % 7 === 0 ? { question, conversation: `${as}-${turn % 50}` } : { question })
  latencies.push(performance.now() - startedAt)
  counts[turn % 3 === 0 ? 'searched' : 'asked']++
}

async function editDocuments(turn: number): Promise<void> {
  const wiki = join(folder, 'handbook/it')
  writeFileSync(
    join(wiki, `note-${turn % 5}.md`),
    `# Note ${turn % 5}\n\nThe number of this turn is ${turn}. Bring it to the desk.\n`,
  )
  if (turn % 4 === 3) rmSync(join(wiki, `note-${(turn + 2) % 5}.md`), { force: true })
  counts.edited++
}

/** A person joins and leaves the group that may read salaries; what was taken must be gone at the very next question. */
async function grantOrRevoke(url: string, turn: number): Promise<void> {
  const granted = turn % 2 === 0
  const reply = await fetch(`${url}/v1/principals/users/probe`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json', 'touchstone-user': 'maria' },
    body: JSON.stringify({ groups: granted ? ['people-ops'] : [] }),
  })
  if (!reply.ok) throw new Error(`PUT user: ${reply.status} ${await reply.text()}`)
  const told = JSON.stringify(await clientOf(url, 'probe').answer({ question: SECRET_QUESTION }))
  if (told.includes(SECRET) !== granted) failures.push(granted ? 'a granted page was not found' : 'LEAK: a revoked page was told')
  counts.revoked++
}

function takeSample(turn: number): SoakSample {
  const taken = latencies.splice(0)
  const status = readFileSync(`/proc/${server.pid}/status`, 'utf8')
  return {
    second: (turn * SAMPLE_MS) / 1_000,
    rssMb: Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? Number.NaN) / 1_024,
    files: readdirSync(`/proc/${server.pid}/fd`).length,
    p50Ms: percentile(taken, 0.5),
    p95Ms: percentile(taken, 0.95),
  }
}

function report(samples: readonly SoakSample[]): void {
  const verdict = judgeSoak(samples)
  const summary = { minutes, ...counts, failures: failures.length, exitCode: server.exitCode, ...verdict }
  console.log(JSON.stringify(summary, null, 2))
  for (const failure of new Set(failures.slice(0, 20))) console.log(failure)
  if (complaints !== '') console.log(complaints.slice(-2_000))
  if (values.record) {
    writeFileSync(join(PROJECT_ROOT, 'bench/results/soak.svg'), drawSoak(samples))
    appendFileSync(
      join(PROJECT_ROOT, 'bench/results/soak.jsonl'),
      `${JSON.stringify({ date: new Date().toISOString().slice(0, 10), ...summary })}\n`,
    )
  }
  if (failures.length > 0 || server.exitCode !== null || !verdict.flat) process.exitCode = 1
}
