/** `npm run ci:extra`: what takes longer than tests may, or needs a server that only some machines have. Knows the steps and their order; each is a command of its own. */
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '../test/fixtures/free-port.ts'

const ROOT = join(import.meta.dirname, '..')
const SERVICES = join(ROOT, '../shared/services')
const SCIFACT = join(ROOT, '../shared/data/retrieval/scifact')
const CACHE = join(ROOT, 'node_modules/.cache')
const NODE = [process.execPath, '--conditions=touchstone-source', '--disable-warning=ExperimentalWarning'] as const
const TOUCHSTONE = [process.execPath, join(ROOT, 'bin/touchstone.js')] as const
/** What the second engine may differ by, in nDCG@10. */
const TOLERANCE = 0.005

/** Planted around the index: whichever engine is behind it, the proof must see them. */
const ENGINE_LEAKS =
  'the filter of the index is off|vectors are compared without|found by meaning is not locked|keeps its old scope'

const stopping = new AbortController()
for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => stopping.abort())

await step('golden set of the handbook, gated against the accepted run', gateHandbook)
if (existsSync(join(SERVICES, 'opensearch.sh'))) await withOpenSearch(proveSecondEngine)
else process.stdout.write('skipped: OpenSearch, since ../shared/services is not there\n')

/** The product judges its own changes. Accepting one: the evidence's candidate.jsonl becomes evals/handbook/baseline.recorded.jsonl. */
async function gateHandbook(): Promise<void> {
  const data = join(CACHE, 'touchstone-ci')
  const [candidate, evidence] = [join(data, 'candidate'), join(data, 'evidence')]
  for (const folder of [candidate, evidence]) await rm(folder, { recursive: true, force: true })
  await run([...TOUCHSTONE, 'eval', 'evals/handbook', '--data', data, '--no-cache', '--out', candidate])
  const [baseline, policy] = ['evals/handbook/baseline.recorded.jsonl', 'evals/handbook/gate.yaml']
  await run([...TOUCHSTONE, 'gate', baseline, candidate, '--policy', policy, '--bundle', evidence])
  await run([...TOUCHSTONE, 'gate', 'verify', evidence])
}

async function proveSecondEngine(url: string, folder: string): Promise<void> {
  const env = { TOUCHSTONE_OPENSEARCH_URL: url }
  const suite = 'src/adapters/opensearch/opensearch-contract.test.ts'
  await step('contract of document indices on OpenSearch', () =>
    run([...NODE, '--test', '--test-reporter=dot', '--test-timeout=60000', suite], env),
  )
  await step('permissions proven on OpenSearch, words and meaning', () => provePermissions(env))
  if (existsSync(SCIFACT)) await step('the same ranking on both engines', () => compareRankings(folder, env))
  else process.stdout.write('skipped: scifact, since ../shared/data is not there\n')
}

/** Histories that hold; and leaks of the index, each of which is seen. */
async function provePermissions(env: Readonly<Record<string, string>>): Promise<void> {
  const prove = [...NODE, 'test/permissions/prove.ts', '--opensearch', '--looks', '6']
  await run([...prove, '--checks', '100000', '--steps', '20'], env)
  await run([...prove, '--plants', '--plant', ENGINE_LEAKS, '--steps', '30'], env)
}

/** The whole pipeline over either engine: the same analysis, weights and fusion, by words and by words and meaning. */
async function compareRankings(folder: string, env: Readonly<Record<string, string>>): Promise<void> {
  await compareEngines('words', { embedding: null }, folder, env)
  await compareEngines('words-and-meaning', {}, folder, env)
}

async function compareEngines(
  what: string,
  setting: object,
  folder: string,
  env: Readonly<Record<string, string>>,
): Promise<void> {
  const engines = {
    lancedb: setting,
    opensearch: { ...setting, engine: 'opensearch', url: { env: 'TOUCHSTONE_OPENSEARCH_URL' }, replicas: 0 },
  }
  const found: number[] = []
  for (const [engine, index] of Object.entries(engines)) {
    const data = join(folder, `${engine}-${what}`)
    const file = `${data}.config.mjs`
    await writeFile(file, `export default ${JSON.stringify({ index })}\n`)
    const text = await run([...TOUCHSTONE, 'eval', 'retrieval', SCIFACT, '--json', '--config', file, '--data', data], env, 'kept')
    const { metrics, cases } = JSON.parse(text) as Evaluation
    if (cases.scored !== cases.planned) fail(`${engine} answered ${cases.scored} of ${cases.planned} queries`)
    found.push(metrics['ndcg@10'].value)
  }
  const [ours = 0, theirs = 0] = found
  const difference = theirs - ours
  process.stdout.write(
    `nDCG@10 on scifact by ${what}: LanceDB ${ours.toFixed(4)}, OpenSearch ${theirs.toFixed(4)}, difference ${difference.toFixed(4)}\n`,
  )
  if (Math.abs(difference) > TOLERANCE) fail(`the difference is more than ${TOLERANCE}`)
}

interface Evaluation {
  readonly cases: { readonly planned: number; readonly scored: number }
  readonly metrics: { readonly 'ndcg@10': { readonly value: number } }
}

/** A server with data that is thrown away; it is stopped whatever happens. */
async function withOpenSearch(work: (url: string, folder: string) => Promise<void>): Promise<void> {
  const home = join(CACHE, 'touchstone-opensearch')
  const folder = await mkdtemp(join(tmpdir(), 'touchstone-ci-'))
  const data = join(folder, 'opensearch')
  const service = join(SERVICES, 'opensearch.sh')
  try {
    await mkdir(CACHE, { recursive: true })
    await step('OpenSearch installed', () => run(['bash', join(SERVICES, 'opensearch-install.sh'), home]))
    const port = await freePort()
    await step('OpenSearch started', () => run(['bash', service, 'start', home, data, String(port)], { OPENSEARCH_TIER: '4' }))
    await work(`http://127.0.0.1:${port}`, folder)
  } finally {
    // Not through `run`: a script that is being stopped must still stop the server.
    if (existsSync(join(data, 'pid'))) spawnSync('bash', [service, 'stop', data], { stdio: 'inherit' })
    await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 })
  }
}

async function step(what: string, work: () => Promise<unknown>): Promise<void> {
  const began = performance.now()
  await work()
  process.stdout.write(`✓ ${what} · ${((performance.now() - began) / 1_000).toFixed(1)} s\n`)
}

/** @returns what it printed, when that is kept */
async function run(
  [program = '', ...args]: readonly string[],
  env: Readonly<Record<string, string>> = {},
  output: 'shown' | 'kept' = 'shown',
): Promise<string> {
  const child = spawn(program, args, {
    cwd: ROOT,
    env: { ...process.env, ...env },
    stdio: ['ignore', output === 'kept' ? 'pipe' : 'inherit', 'inherit'],
    signal: stopping.signal,
  })
  let text = ''
  child.stdout?.setEncoding('utf8').on('data', (part: string) => (text += part))
  const [code] = (await once(child, 'close')) as [number | null]
  if (code !== 0) fail(`${args.slice(0, 3).join(' ')} ended with ${code}`)
  return text
}

function fail(reason: string): never {
  throw new Error(reason)
}
