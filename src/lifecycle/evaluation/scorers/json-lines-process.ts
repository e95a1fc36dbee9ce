/** One run of a program that reads JSON Lines and writes JSON Lines. Knows pipes, limits and how programs end; knows nothing of what lines say. */
import { spawn } from 'node:child_process'
import { messageOf } from '../../../foundation/errors/touchstone-error.ts'

export interface ProgramOptions {
  /** Program and arguments; no shell. */
  readonly command: readonly string[]
  readonly directory: string
  readonly environment: Readonly<Record<string, string>>
  /** Then it is killed. */
  readonly timeoutMs: number
}

export interface ProgramEnd {
  /** Complete lines that are JSON, in their order; what came before an end too early counts. */
  readonly replies: readonly unknown[]
  /** Absent when it ended by itself with status 0. */
  readonly failure?: { readonly kind: 'crash' | 'hang'; readonly reason: string }
}

const MOST_OUTPUT = 64 * 1024 * 1024
const STDERR_KEPT = 500

/** Writes all lines, closes the program's input, and reads until it ends. Never rejects. */
export async function runJsonLinesProgram(lines: readonly unknown[], options: ProgramOptions): Promise<ProgramEnd> {
  const [file = '', ...args] = options.command
  const child = spawn(file, args, { cwd: options.directory, env: { ...options.environment }, stdio: 'pipe', windowsHide: true })
  const ended = Promise.withResolvers<ProgramEnd['failure']>()
  let [output, complaint] = ['', '']
  const stop = (kind: 'crash' | 'hang', reason: string): void => {
    ended.resolve({ kind, reason })
    child.kill('SIGKILL')
    // A grandchild may hold the pipes open.
    child.stdout.destroy()
    child.stderr.destroy()
  }
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text
    if (output.length > MOST_OUTPUT) stop('crash', `it wrote more than ${MOST_OUTPUT} characters`)
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaint = (complaint + text).slice(-STDERR_KEPT)
  })
  child.once('error', (error) => stop('crash', messageOf(error)))
  child.once('close', (status, signal) => {
    const said = complaint.trim() === '' ? '' : `: ${complaint.trim()}`
    ended.resolve(status === 0 ? undefined : { kind: 'crash', reason: `it ended with ${signal ?? `status ${status}`}${said}` })
  })
  const timeout = AbortSignal.timeout(options.timeoutMs)
  timeout.addEventListener('abort', () => stop('hang', `it took longer than ${options.timeoutMs} ms`), { once: true })
  // A program that does not read its input ends all the same; how, says its status.
  child.stdin.on('error', () => {})
  child.stdin.end(lines.map((line) => `${JSON.stringify(line)}\n`).join(''))
  const failure = await ended.promise
  return { replies: parseLines(output), ...(failure && { failure }) }
}

function parseLines(output: string): readonly unknown[] {
  return output.split('\n').flatMap((line) => {
    try {
      return line.trim() === '' ? [] : [JSON.parse(line) as unknown]
    } catch {
      return []
    }
  })
}
