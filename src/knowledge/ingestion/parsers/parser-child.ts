/** One child process from the parent's side: starts it, gives it documents, says why it died. Knows nothing of queues. */
import { type ChildProcess, fork } from 'node:child_process'
import type { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import type { ParsedDocument } from '../../../contracts/document.ts'
import type { Clock } from '../../../foundation/concurrency/clock.ts'
import { TouchstoneError } from '../../../foundation/errors/touchstone-error.ts'
import { OVER_MEMORY, type ParserReply, type ParseRequest, WATCHDOG_FD } from './parser-messages.ts'

export interface ParserChildOptions {
  /** For one document, from the moment when the process is ready. */
  readonly timeoutMs: number
  /** Resident memory of the whole process, buffers included. */
  readonly memoryMb: number
  readonly clock: Clock
}

export interface ParserChild {
  readonly pid: number | undefined
  /** Documents given to it so far. */
  readonly served: number
  readonly isAlive: boolean
  /** One at a time. @throws TouchstoneError as DocumentParser.parse */
  parse(request: ParseRequest): Promise<ParsedDocument>
  /** Kills it at once; resolves when it is gone. */
  kill(): Promise<void>
}

/** The heap stays below the resident limit, so that garbage is collected before the watchdog strikes. */
const HEAP_SHARE = 0.75
/** Syntax trees are garbage as soon as they are read: the more of it dies young, the less is copied. */
const YOUNG_SPACE_MB = 32
/** A machine that needs longer than this to start Node cannot parse. */
const START_TIMEOUT_MS = 30_000
const STDERR_TAIL = 2000

interface Job {
  readonly request: ParseRequest
  readonly resolve: (document: ParsedDocument) => void
  readonly reject: (error: TouchstoneError) => void
}

export function startParserChild(options: ParserChildOptions): ParserChild {
  const child = forkParser(options.memoryMb)
  const death = watchDeath(child)
  let job: Job | undefined
  let stopTimer = (): void => {}
  let isReady = false
  let isTimedOut = false
  let served = 0

  const startTimer = (ms: number): void => {
    stopTimer()
    stopTimer = options.clock.after(ms, () => {
      isTimedOut = true
      child.kill('SIGKILL')
    })
  }
  const hand = (request: ParseRequest): void => {
    startTimer(options.timeoutMs)
    // An error here means that the process is gone; its death says why.
    child.send(request, () => {})
  }
  const endJob = (): Job | undefined => {
    const ended = job
    job = undefined
    stopTimer()
    holdParent(child, false)
    return ended
  }
  child.on('message', (reply: ParserReply) => {
    if (reply.type === 'ready') {
      isReady = true
      if (job !== undefined) hand(job.request)
    } else if (reply.type === 'document') endJob()?.resolve(reply.document)
    else endJob()?.reject(new TouchstoneError(reply.code, { details: reply.details }))
  })
  const gone = death.then((cause) => {
    const ended = endJob()
    ended?.reject(isTimedOut ? timeoutError(ended.request.path, options) : deathError(ended.request.path, cause, options))
  })
  holdParent(child, false)

  return {
    get pid() {
      return child.pid
    },
    get served() {
      return served
    },
    get isAlive() {
      return child.connected && child.exitCode === null && child.signalCode === null
    },
    parse: (request) =>
      new Promise((resolve, reject) => {
        job = { request, resolve, reject }
        served++
        holdParent(child, true)
        // A process that is handed work before it is ready would never say that it is.
        if (isReady) hand(request)
        else startTimer(START_TIMEOUT_MS)
      }),
    kill: () => {
      holdParent(child, true)
      child.kill('SIGKILL')
      return gone
    },
  }
}

function forkParser(memoryMb: number): ChildProcess {
  // In the checkout this file ends in .ts, in the packed product in .js, and so does the entry.
  const entry = new URL(`./parser-process${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url)
  return fork(fileURLToPath(entry), [String(memoryMb)], {
    execArgv: [
      `--max-old-space-size=${Math.floor(memoryMb * HEAP_SHARE)}`,
      `--max-semi-space-size=${YOUNG_SPACE_MB}`,
      '--disable-warning=ExperimentalWarning',
    ],
    // Keys and passwords in the environment are no business of a parser.
    env: {},
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'pipe', 'ipc', 'pipe'],
  })
}

/** Only a child that parses or dies keeps the parent alive: somebody waits for it. */
function holdParent(child: ChildProcess, isWaiting: boolean): void {
  const handles: readonly unknown[] = [child, child.channel, ...child.stdio]
  for (const handle of handles) if (isReferable(handle)) handle[isWaiting ? 'ref' : 'unref']()
}

function isReferable(handle: unknown): handle is { ref(): void; unref(): void } {
  return handle !== null && typeof handle === 'object' && 'ref' in handle && 'unref' in handle
}

interface Death {
  readonly isOverMemory: boolean
  readonly reason: string
}

function watchDeath(child: ChildProcess): Promise<Death> {
  let isOverMemory = false
  let errors = ''
  const signs = child.stdio[WATCHDOG_FD] as Readable
  signs.on('data', (data: Buffer) => {
    if (data.includes(OVER_MEMORY)) isOverMemory = true
  })
  child.stderr?.on('data', (data: Buffer) => {
    errors = (errors + data.toString()).slice(-STDERR_TAIL)
  })
  for (const stream of [signs, child.stderr]) stream?.on('error', () => {})
  return new Promise((resolve) => {
    child.on('error', (error) => resolve({ isOverMemory, reason: error.message }))
    // `close` comes when the pipes are read to their end, `exit` may come before the watchdog's last word.
    child.on('close', (code, signal) => {
      const reason = signal === null ? `exit code ${code ?? 'unknown'}` : `signal ${signal}`
      resolve({ isOverMemory: isOverMemory || errors.includes('heap out of memory'), reason })
    })
  })
}

function timeoutError(path: string, { timeoutMs }: ParserChildOptions): TouchstoneError {
  return new TouchstoneError('PARSER_TIMEOUT', { details: { path, timeoutMs } })
}

function deathError(path: string, death: Death, { memoryMb }: ParserChildOptions): TouchstoneError {
  if (death.isOverMemory) return new TouchstoneError('PARSER_OUT_OF_MEMORY', { details: { path, limitMb: memoryMb } })
  return new TouchstoneError('PARSER_CRASHED', { details: { path, reason: death.reason } })
}
