/** What stages emit: one trace per request, spans for its stages. Emission only; judging is observability's. */
import type { TraceId } from './identity.ts'

export type AttributeValue = string | number | boolean | readonly string[]

export interface SpanRecord {
  readonly name: string
  /** Milliseconds since the trace began. */
  readonly startMs: number
  readonly durationMs: number
  readonly attributes: Readonly<Record<string, AttributeValue>>
  readonly error?: string
}

export interface TraceRecord {
  readonly id: TraceId
  readonly tenant: string
  readonly kind: 'answer' | 'search' | 'ingest'
  readonly user?: string
  readonly actor?: string
  readonly feature?: string
  readonly release?: string
  readonly startedAtMs: number
  readonly durationMs: number
  readonly status: 'ok' | 'error' | 'abstained' | 'cancelled'
  readonly attributes: Readonly<Record<string, AttributeValue>>
  readonly spans: readonly SpanRecord[]
  /** Documents whose passages took part: a viewer who may not read one now must not see its parts. */
  readonly documents: readonly string[]
}

/** Open trace of one request. */
export interface Trace {
  readonly id: TraceId
  set(attributes: Readonly<Record<string, AttributeValue>>): void
  /** Runs a stage under a span; its duration and error are recorded. */
  span<T>(name: string, stage: () => Promise<T>): Promise<T>
  /** Duration of the named stages so far, in milliseconds. */
  timingsMs(): Readonly<Record<string, number>>
  touch(documents: readonly string[]): void
  end(status: TraceRecord['status']): Promise<void>
}

export interface Tracer {
  start(kind: TraceRecord['kind'], attributes: Readonly<Record<string, AttributeValue>>): Trace
}

/** Where ended traces go. Must not throw into the request that emitted them. */
export interface TraceSink {
  write(trace: TraceRecord): Promise<void>
}
