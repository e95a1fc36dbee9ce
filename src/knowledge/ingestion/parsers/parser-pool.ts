/** Parses in a few child processes, so that a poisonous file costs one error. Knows queueing and reuse; a child knows how it dies. */
import type { DocumentParser, ParserLimits } from '../../../contracts/parser.ts'
import type { ParsedDocument } from '../../../contracts/document.ts'
import type { Clock } from '../../../foundation/concurrency/clock.ts'
import { isTouchstoneError, TouchstoneError } from '../../../foundation/errors/touchstone-error.ts'
import { findParser, parserEndings } from './catalog.ts'
import { refuseOutdated } from './outdated-format.ts'
import { type ParserChild, startParserChild } from './parser-child.ts'

export interface ParserPoolOptions {
  /** Child processes at most; they start when there is work for them. */
  readonly size: number
  /** For one document, without the start of its process. */
  readonly timeoutMs: number
  /** Resident memory of a child process, buffers included; Node itself needs about 60 MB of it. */
  readonly memoryMb: number
  readonly limits: ParserLimits
  readonly clock: Clock
}

/** What parsers leak stays bounded; a fresh process takes two seconds to become fast. */
const DOCUMENTS_PER_CHILD = 5_000
/** Long enough to bridge the pauses of an ingest, short enough that an idle product is small. */
const IDLE_MS = 5000

interface Waiting {
  readonly start: (child: ParserChild) => void
  readonly cancel: () => void
}

/** Cancelled work and a closed pool reject with REQUEST_CANCELLED. */
export function createParserPool(options: ParserPoolOptions): DocumentParser {
  const pool = new ChildPool(options)
  return {
    parserFor(path, bytes) {
      const parser = findParser(path, bytes)
      return parser && { id: parser.id, version: parser.version, mediaType: parser.mediaType }
    },
    async parse(path, bytes, signal) {
      refuseOutdated(bytes, path)
      if (findParser(path, bytes) === undefined)
        throw new TouchstoneError('FORMAT_UNSUPPORTED', { details: { path, endings: parserEndings } })
      for (;;) {
        const child = await pool.acquire(signal)
        try {
          return await parseUnlessAborted(child, { path, bytes, limits: options.limits }, signal)
        } catch (error) {
          // What earlier documents left behind counted too: only a fresh process tells what this one needs.
          if (!isTouchstoneError(error, 'PARSER_OUT_OF_MEMORY') || child.served === 1) throw error
        } finally {
          pool.release(child)
        }
      }
    },
    close: () => pool.close(),
  }
}

async function parseUnlessAborted(
  child: ParserChild,
  request: Parameters<ParserChild['parse']>[0],
  signal: AbortSignal,
): Promise<ParsedDocument> {
  const onAbort = (): void => void child.kill()
  signal.addEventListener('abort', onAbort, { once: true })
  try {
    return await child.parse(request)
  } catch (error) {
    throw signal.aborted ? cancelled(error) : error
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
}

class ChildPool {
  readonly #options: ParserPoolOptions
  readonly #children = new Set<ParserChild>()
  readonly #idle: ParserChild[] = []
  readonly #queue: Waiting[] = []
  readonly #idleTimers = new Map<ParserChild, () => void>()
  #isClosed = false

  constructor(options: ParserPoolOptions) {
    this.#options = options
  }

  acquire(signal: AbortSignal): Promise<ParserChild> {
    if (this.#isClosed || signal.aborted) return Promise.reject(cancelled(signal.reason))
    const child = this.#takeIdle() ?? this.#startAnother()
    return child === undefined ? this.#enqueue(signal) : Promise.resolve(child)
  }

  release(child: ParserChild): void {
    const usable = child.isAlive && !this.#isClosed && child.served < DOCUMENTS_PER_CHILD
    if (!usable) this.#discard(child)
    const next = this.#queue.shift()
    if (next !== undefined) {
      const successor = usable ? child : this.#startAnother()
      if (successor !== undefined) next.start(successor)
    } else if (usable) this.#rest(child)
  }

  async close(): Promise<void> {
    this.#isClosed = true
    for (const waiting of this.#queue.splice(0)) waiting.cancel()
    await Promise.all([...this.#children].map((child) => child.kill()))
    for (const child of this.#children) this.#discard(child)
  }

  #takeIdle(): ParserChild | undefined {
    while (true) {
      const child = this.#idle.pop()
      if (child === undefined) return undefined
      this.#stopIdleTimer(child)
      if (child.isAlive) return child
      this.#discard(child)
    }
  }

  #startAnother(): ParserChild | undefined {
    if (this.#children.size >= this.#options.size) return undefined
    const child = startParserChild(this.#options)
    this.#children.add(child)
    return child
  }

  #enqueue(signal: AbortSignal): Promise<ParserChild> {
    return new Promise((resolve, reject) => {
      const onAbort = (): void => {
        this.#queue.splice(this.#queue.indexOf(waiting), 1)
        reject(cancelled(signal.reason))
      }
      const waiting: Waiting = {
        start: (child) => {
          signal.removeEventListener('abort', onAbort)
          resolve(child)
        },
        cancel: () => {
          signal.removeEventListener('abort', onAbort)
          reject(cancelled(undefined))
        },
      }
      signal.addEventListener('abort', onAbort, { once: true })
      this.#queue.push(waiting)
    })
  }

  #rest(child: ParserChild): void {
    this.#idle.push(child)
    this.#idleTimers.set(
      child,
      this.#options.clock.after(IDLE_MS, () => {
        this.#idle.splice(this.#idle.indexOf(child), 1)
        this.#discard(child)
      }),
    )
  }

  #discard(child: ParserChild): void {
    this.#stopIdleTimer(child)
    this.#children.delete(child)
    void child.kill()
  }

  #stopIdleTimer(child: ParserChild): void {
    this.#idleTimers.get(child)?.()
    this.#idleTimers.delete(child)
  }
}

function cancelled(cause: unknown): TouchstoneError {
  return new TouchstoneError('REQUEST_CANCELLED', { cause })
}
