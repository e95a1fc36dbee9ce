/** The encoder's child process from the parent's side: started when it is needed, given one batch at a time, questions before passages. Knows no model. */
import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { EmbeddingKind } from '../../contracts/embedding-model.ts'
import { messageOf, TouchstoneError } from '../../foundation/errors/touchstone-error.ts'
import type { EncoderReply, EncoderSetting } from './encoder-messages.ts'

const RUNTIME = { package: 'onnxruntime-node', version: '1.24.3' }

export interface EncoderChild {
  /** @returns the batch's vectors one after the other @throws TouchstoneError ENCODER_*; what the signal says when it aborts */
  encode(
    texts: readonly string[],
    kind: EmbeddingKind,
    signal: AbortSignal,
  ): Promise<{ values: Float32Array; dimensions: number }>
  close(): Promise<void>
}

interface Job {
  readonly texts: readonly string[]
  readonly resolve: (vectors: { values: Float32Array; dimensions: number }) => void
  readonly reject: (error: unknown) => void
}

/** @param embedding its name in the configuration, for errors */
export function createEncoderChild(setting: EncoderSetting, embedding: string): EncoderChild {
  const waiting: Readonly<Record<EmbeddingKind, Job[]>> = { query: [], passage: [] }
  let child: ChildProcess | undefined
  let running: Job | undefined
  let isClosed = false

  function advance(): void {
    if (running !== undefined) return
    running = waiting.query.shift() ?? waiting.passage.shift()
    if (running === undefined) return hold(child, false)
    child ??= start()
    hold(child, true)
    // An error here means that the process is gone; its end says why.
    child.send({ texts: running.texts }, () => {})
  }
  function settle(end: (job: Job) => void): void {
    const job = running
    running = undefined
    if (job !== undefined) end(job)
    advance()
  }
  function start(): ChildProcess {
    const started = forkEncoder(setting)
    const lose = (error: TouchstoneError): void => {
      if (child !== started) return
      child = undefined
      started.kill('SIGKILL')
      settle((job) => job.reject(error))
    }
    started.on('message', (reply: EncoderReply) => {
      if (reply.type === 'vectors') settle((job) => job.resolve(reply))
      else if (reply.type === 'failed') settle((job) => job.reject(stopped(reply.reason)))
      else if (reply.type === 'unusable') lose(unusable(reply))
    })
    started.on('error', (error) => lose(stopped(messageOf(error))))
    started.on('exit', (code, signal) => lose(stopped(signal === null ? `exit code ${code ?? 'unknown'}` : `signal ${signal}`)))
    return started
  }
  const stopped = (reason: string): TouchstoneError => new TouchstoneError('ENCODER_FAILED', { details: { embedding, reason } })
  const unusable = ({ missing, reason }: { readonly missing: boolean; readonly reason: string }): TouchstoneError =>
    missing
      ? new TouchstoneError('ENCODER_MISSING', { details: { embedding, ...RUNTIME } })
      : new TouchstoneError('ENCODER_INVALID', { details: { embedding, path: setting.modelPath, reason } })

  return {
    encode: (texts, kind, signal) =>
      new Promise((resolve, reject) => {
        if (isClosed) return reject(stopped('it was closed'))
        if (signal.aborted) return reject(signal.reason)
        const done = (end: () => void): void => {
          signal.removeEventListener('abort', abandon)
          end()
        }
        const job: Job = {
          texts,
          resolve: (vectors) => done(() => resolve(vectors)),
          reject: (error) => done(() => reject(error)),
        }
        // A batch that has begun is computed to its end; nobody waits for it.
        const abandon = (): void => {
          const place = waiting[kind].indexOf(job)
          if (place >= 0) waiting[kind].splice(place, 1)
          job.reject(signal.reason)
        }
        signal.addEventListener('abort', abandon, { once: true })
        waiting[kind].push(job)
        advance()
      }),
    close: async () => {
      isClosed = true
      const ended = child
      child = undefined
      for (const job of [running, ...waiting.query.splice(0), ...waiting.passage.splice(0)]) job?.reject(stopped('it was closed'))
      running = undefined
      ended?.kill('SIGKILL')
    },
  }
}

function forkEncoder(setting: EncoderSetting): ChildProcess {
  // In the checkout this file ends in .ts, in the packed product in .js, and so does the entry.
  const entry = new URL(`./encoder-process${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url)
  return fork(fileURLToPath(entry), [JSON.stringify(setting)], {
    execArgv: ['--disable-warning=ExperimentalWarning'],
    // Keys and passwords in the environment are no business of an encoder.
    env: {},
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  })
}

/** Only a child that computes keeps the parent alive: somebody waits for it. */
function hold(child: ChildProcess | undefined, isWaiting: boolean): void {
  if (isWaiting) child?.ref()
  else child?.unref()
  const channel = child?.channel
  if (isWaiting) channel?.ref()
  else channel?.unref()
}
