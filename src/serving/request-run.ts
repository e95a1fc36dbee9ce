/** One request under one trace: stages as spans, an abort that ends each of them, the trace ended whatever happens. */
import type { Trace, TraceRecord } from '../contracts/telemetry.ts'
import { isTouchstoneError, TouchstoneError } from '../foundation/errors/touchstone-error.ts'

export interface RequestRun {
  readonly trace: Trace
  readonly signal: AbortSignal
  /** Runs a stage under a span of that name; an abort ends the wait for it, also when the stage itself does not listen. */
  stage<Result>(name: string, work: () => Promise<Result> | Result): Promise<Result>
  /** Says how the request ended; until then it counts as cancelled. */
  settle(status: TraceRecord['status']): void
  /** Opens a span for a stage that spreads over many events; returns how to close it. */
  open(name: string): () => void
}

/**
 * Runs the steps and passes on what they yield. The trace ends with the status that they settle, `error` when they throw, and
 * `cancelled` when the signal aborted or the consumer stopped listening before.
 */
export async function* runUnderTrace<Event>(
  trace: Trace,
  signal: AbortSignal,
  steps: (run: RequestRun) => AsyncGenerator<Event, void>,
): AsyncGenerator<Event, void> {
  let status: TraceRecord['status'] = 'cancelled'
  try {
    yield* steps(createRun(trace, signal, (settled) => (status = settled)))
  } catch (error) {
    status = signal.aborted ? 'cancelled' : 'error'
    throw signal.aborted ? cancellation(signal) : error
  } finally {
    await trace.end(status)
  }
}

function createRun(trace: Trace, signal: AbortSignal, settle: RequestRun['settle']): RequestRun {
  return {
    trace,
    signal,
    settle,
    stage: (name, work) => trace.span(name, () => untilAborted(async () => work(), signal)),
    open(name) {
      const { promise, resolve } = Promise.withResolvers<void>()
      trace.span(name, () => promise).catch(() => {})
      return resolve
    },
  }
}

/** @throws TouchstoneError REQUEST_CANCELLED, or what the signal gives as its reason when that is an error of the catalogue */
export async function untilAborted<Result>(work: () => Promise<Result>, signal: AbortSignal): Promise<Result> {
  if (signal.aborted) throw cancellation(signal)
  const { promise: aborted, reject } = Promise.withResolvers<never>()
  const onAbort = (): void => reject(cancellation(signal))
  signal.addEventListener('abort', onAbort, { once: true })
  try {
    return await Promise.race([work(), aborted])
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
}

function cancellation(signal: AbortSignal): TouchstoneError {
  const reason: unknown = signal.reason
  return isTouchstoneError(reason) ? reason : new TouchstoneError('REQUEST_CANCELLED', { cause: reason })
}
