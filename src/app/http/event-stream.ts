/** Server-sent events: frames, heartbeats, backpressure. Knows nothing of what the events say. */
import { Readable } from 'node:stream'
import type { Clock } from '../../foundation/concurrency/clock.ts'
import { untilAborted } from '../../foundation/concurrency/until-aborted.ts'
import type { ServerEvent } from './route.ts'

export interface EventStreamOptions {
  readonly clock: Clock
  /** Ends the stream with an error event, whether the source listens to it or not. */
  readonly signal: AbortSignal
  /** A comment line is sent after this long without an event, so that proxies keep the connection. */
  readonly heartbeatMs: number
  /** Makes the last event of a stream that failed. */
  toErrorEvent(error: unknown): ServerEvent
}

/**
 * Waits for the first event, so that an early error can still leave with its status; a slow start is bridged by heartbeats.
 * The result pulls events only as fast as it is read, and ends the source when it is destroyed.
 * @throws whatever the source throws before its first event
 */
export async function openEventStream(events: AsyncGenerator<ServerEvent>, options: EventStreamOptions): Promise<Readable> {
  const first = events.next()
  await nextOrHeartbeat(first, options)
  return Readable.from(frames(first, events, options), { objectMode: false })
}

async function* frames(
  first: Promise<IteratorResult<ServerEvent>>,
  events: AsyncGenerator<ServerEvent>,
  options: EventStreamOptions,
): AsyncGenerator<string> {
  let next = first
  try {
    for (;;) {
      const result = await nextOrHeartbeat(next, options)
      if (result === 'heartbeat') {
        yield ': heartbeat\n\n'
      } else {
        if (result.done === true) return
        yield toFrame(result.value)
        next = events.next()
      }
    }
  } catch (error) {
    yield toFrame(options.toErrorEvent(error))
  } finally {
    // Not awaited: a source that does not listen would hold up the reader.
    events.return(undefined).catch(() => {})
  }
}

async function nextOrHeartbeat(
  next: Promise<IteratorResult<ServerEvent>>,
  { clock, heartbeatMs, signal }: EventStreamOptions,
): Promise<IteratorResult<ServerEvent> | 'heartbeat'> {
  const waiting = new AbortController()
  const beat = clock.sleep(heartbeatMs, waiting.signal).then(() => 'heartbeat' as const)
  try {
    return await untilAborted(Promise.race([next, beat]), signal)
  } finally {
    waiting.abort()
  }
}

/** JSON has no raw line breaks, so one data line is enough. */
function toFrame(event: ServerEvent): string {
  return `event: ${event.name}\ndata: ${JSON.stringify(event.data)}\n\n`
}
