/** Makes traces: stages run under spans, and an ended trace goes to its sink. */
import type { AttributeValue, SpanRecord, Trace, TraceRecord, TraceSink, Tracer } from '../../contracts/telemetry.ts'
import type { TraceId } from '../../contracts/identity.ts'
import type { Clock } from '../concurrency/clock.ts'
import type { IdSource } from '../concurrency/random.ts'
import { isTouchstoneError } from '../errors/touchstone-error.ts'

export interface TracerParts {
  readonly tenant: string
  readonly sink: TraceSink
  readonly clock: Clock
  readonly ids: IdSource
}

/** Spans and attributes of one trace are bounded: a loop must not fill the disk. */
const MAX_SPANS = 200
const MAX_TEXT = 2_000

export function createTracer(parts: TracerParts): Tracer {
  return { start: (kind, attributes) => startTrace(parts, kind, attributes) }
}

function startTrace(parts: TracerParts, kind: TraceRecord['kind'], initial: Readonly<Record<string, AttributeValue>>): Trace {
  const startedAtMs = parts.clock.now()
  const began = parts.clock.elapsed()
  const id = parts.ids.next(startedAtMs) as TraceId
  const attributes: Record<string, AttributeValue> = {}
  const spans: SpanRecord[] = []
  const documents = new Set<string>()
  const set = (more: Readonly<Record<string, AttributeValue>>): void => {
    for (const [name, value] of Object.entries(more)) attributes[name] = bounded(value)
  }
  const record = (name: string, from: number, error?: unknown): void => {
    if (spans.length >= MAX_SPANS) return
    const failure = error === undefined ? {} : { error: isTouchstoneError(error) ? error.code : 'INTERNAL' }
    spans.push({
      name,
      startMs: round(from - began),
      durationMs: round(parts.clock.elapsed() - from),
      attributes: {},
      ...failure,
    })
  }
  set(initial)
  return {
    id,
    set,
    span: async (name, stage) => {
      const from = parts.clock.elapsed()
      try {
        const result = await stage()
        record(name, from)
        return result
      } catch (error) {
        record(name, from, error)
        throw error
      }
    },
    timingsMs: () => {
      const timings: Record<string, number> = {}
      for (const span of spans) timings[span.name] = round((timings[span.name] ?? 0) + span.durationMs)
      return { ...timings, total: round(parts.clock.elapsed() - began) }
    },
    touch: (touched) => touched.forEach((document) => documents.add(document)),
    end: async (status) => {
      const { user, actor, feature, release, ...rest } = attributes
      const named = Object.entries({ user, actor, feature, release }).filter(([, value]) => value !== undefined)
      const durationMs = round(parts.clock.elapsed() - began)
      const trace = { id, tenant: parts.tenant, kind, startedAtMs, durationMs, status, attributes: rest, spans }
      await parts.sink.write({ ...trace, documents: [...documents].sort(), ...Object.fromEntries(named) })
    },
  }
}

function bounded(value: AttributeValue): AttributeValue {
  return typeof value === 'string' && value.length > MAX_TEXT ? `${value.slice(0, MAX_TEXT)}…` : value
}

function round(ms: number): number {
  return Math.round(ms * 100) / 100
}
