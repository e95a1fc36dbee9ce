/** Runs a program to its end and times it from outside, as a person would. */
import { spawn } from 'node:child_process'
import { join } from 'node:path'

export interface ChildRun {
  readonly seconds: number
  readonly stdout: string
}

export interface ChildOptions {
  readonly cwd: string
  readonly env?: NodeJS.ProcessEnv
}

/** The product's command line, by the Node that runs the bench. */
export function runTouchstone(root: string, args: readonly string[]): Promise<ChildRun> {
  return runChild(process.execPath, [join(root, 'bin/touchstone.js'), ...args], { cwd: root })
}

/** Rejects with the end of what it said when it fails. */
export function runChild(command: string, args: readonly string[], { cwd, env = process.env }: ChildOptions): Promise<ChildRun> {
  const { promise, resolve, reject } = Promise.withResolvers<ChildRun>()
  const began = performance.now()
  const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] })
  let [stdout, stderr] = ['', '']
  child.stdout.on('data', (data: Buffer) => (stdout += data.toString()))
  child.stderr.on('data', (data: Buffer) => (stderr += data.toString()))
  child.on('error', reject)
  child.on('close', (code) => {
    if (code === 0) resolve({ seconds: (performance.now() - began) / 1_000, stdout })
    else reject(new Error(`${command} ${args.join(' ')} ended with ${code}:\n${stdout.slice(-2_000)}\n${stderr.slice(-2_000)}`))
  })
  return promise
}
