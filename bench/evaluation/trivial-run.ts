/** 1,000 trivial cases, cold: a fresh process, records and JUnit written. Wall time, processor time and memory as the system counts them. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

export interface TrivialRun {
  readonly seconds: number
  /** User and system. */
  readonly cpuSeconds: number
  /** Largest resident set. */
  readonly megabytes: number
}

const CASES = 1_000

/** Run once before: it fills the compile cache, as a second start of any user finds it. */
export async function trivialRun(root: string, folder: string): Promise<TrivialRun> {
  const data = join(folder, 'trivial')
  await rm(data, { recursive: true, force: true })
  await mkdir(data, { recursive: true })
  // One answer in fifty is wrong, as in the runs of the peers.
  const cases = Array.from({ length: CASES }, (_, at) => ({
    id: `case-${at}`,
    as: 'anyone',
    question: `say ${at}`,
    expect: { facts: [at % 50 === 0 ? 'something else' : `say ${at}`] },
  }))
  await writeFile(join(data, 'cases.jsonl'), cases.map((each) => JSON.stringify(each)).join('\n'))
  await writeFile(join(data, 'echo.mjs'), 'export default ({ question }) => question\n')
  const usage = join(data, 'usage.json')
  await writeFile(join(data, 'usage.cjs'), reporter(usage))
  const args = ['--require', './usage.cjs', join(root, 'bin/touchstone.js'), 'eval', 'cases.jsonl', '--target', 'module:echo.mjs']
  const began = performance.now()
  const child = spawn(process.execPath, [...args, '--junit', 'junit.xml', '--json'], { cwd: data, stdio: 'ignore' })
  const [status] = (await once(child, 'exit')) as [number | null]
  const seconds = (performance.now() - began) / 1_000
  if (status !== 0) throw new Error(`touchstone eval ended with ${status}`)
  const written = (await readFile(join(data, 'junit.xml'), 'utf8')).split('<testcase').length - 1
  if (written !== CASES) throw new Error(`${written} of ${CASES} cases stand in junit.xml`)
  const { userCPUTime, systemCPUTime, maxRSS } = JSON.parse(await readFile(usage, 'utf8')) as NodeJS.ResourceUsage
  return { seconds, cpuSeconds: (userCPUTime + systemCPUTime) / 1e6, megabytes: maxRSS / 1_024 }
}

function reporter(path: string): string {
  return `process.on('exit', () => require('node:fs').writeFileSync(${JSON.stringify(path)}, JSON.stringify(process.resourceUsage())))\n`
}
