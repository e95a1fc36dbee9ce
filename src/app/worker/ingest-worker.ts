/** Keeps sources fresh while a server runs: a change or the schedule queues a job, one worker takes jobs in turn. */
import type { JobQueue } from '../../contracts/job-queue.ts'
import type { Clock } from '../../foundation/concurrency/clock.ts'
import { messageOf } from '../../foundation/errors/touchstone-error.ts'
import type { IngestSource } from '../../knowledge/ingestion/ingest-parts.ts'

export interface IngestWorkerParts {
  /** As they are now: folders are added and removed while a server runs. */
  readonly sources: () => Promise<readonly IngestSource[]>
  readonly queue: JobQueue
  readonly clock: Clock
  readonly work: (source: string, signal: AbortSignal) => Promise<unknown>
  readonly log: (text: string) => void
  readonly watch: boolean
  readonly refreshMinutes: number
}

const KIND = 'ingest-source'
const POLL_MS = 500
/** A database that is away is asked less often, and complained of less often. */
const TROUBLE_MS = 5_000
/** A process that gave no sign of life for so long counts as dead, and another does its job. */
export const JOB_LEASE_MS = 60_000

/** Watches from when it resolves. @returns how to stop; resolves when the running job has ended */
export async function startIngestWorker(parts: IngestWorkerParts): Promise<() => Promise<void>> {
  const stopping = new AbortController()
  const watched: Watched = new Map()
  await lookAtSources(parts, watched)
  const schedule = refreshOnSchedule(parts, watched, stopping.signal)
  const worker = workJobs(parts, stopping.signal)
  return async () => {
    stopping.abort()
    await Promise.all([schedule, worker])
    for (const stop of watched.values()) stop()
  }
}

/** How to stop watching, by source. */
type Watched = Map<string, () => void>

/** Watches what is new and no longer what is gone. @returns ids of all sources */
async function lookAtSources(parts: IngestWorkerParts, watched: Watched): Promise<readonly string[]> {
  const sources = await parts.sources()
  for (const [id, stop] of watched) {
    if (sources.some((source) => source.id === id)) continue
    stop()
    watched.delete(id)
  }
  if (parts.watch) for (const source of sources) if (!watched.has(source.id)) watched.set(source.id, watchSource(source, parts))
  return sources.map((source) => source.id)
}

function watchSource(source: IngestSource, parts: IngestWorkerParts): () => void {
  const onChange = (): void => {
    queueSource(source.id, parts).catch((error: unknown) => parts.log(`source ${source.id}: ${messageOf(error)}`))
  }
  try {
    return source.connector.watch?.(onChange) ?? (() => {})
  } catch (error) {
    parts.log(`source ${source.id} cannot be watched (${messageOf(error)}); it is read every ${parts.refreshMinutes} minutes`)
    return () => {}
  }
}

/** Has a source read again soon, by whichever process works the queue. */
export function queueSource(source: string, parts: Pick<IngestWorkerParts, 'queue'>): Promise<string> {
  return parts.queue.enqueue(KIND, { source }, { key: source })
}

async function refreshOnSchedule(parts: IngestWorkerParts, watched: Watched, stopped: AbortSignal): Promise<void> {
  const look = async (): Promise<readonly string[]> =>
    lookAtSources(parts, watched).catch((error: unknown) => {
      parts.log(`sources: ${messageOf(error)}`)
      return []
    })
  while (!stopped.aborted) {
    await parts.clock.sleep(parts.refreshMinutes * 60_000, stopped)
    if (stopped.aborted) return
    for (const source of await look()) await queueSource(source, parts).catch((error: unknown) => parts.log(messageOf(error)))
  }
}

async function workJobs(parts: IngestWorkerParts, stopped: AbortSignal): Promise<void> {
  while (!stopped.aborted) {
    try {
      if (!(await workOne(parts, stopped))) await parts.clock.sleep(POLL_MS, stopped)
    } catch (error) {
      parts.log(`ingestion: ${messageOf(error)}`)
      await parts.clock.sleep(TROUBLE_MS, stopped)
    }
  }
}

async function workOne(parts: IngestWorkerParts, stopped: AbortSignal): Promise<boolean> {
  const job = await parts.queue.take([KIND])
  if (job === undefined) return false
  const done = new AbortController()
  const heartbeat = (async () => {
    while (!done.signal.aborted) {
      await parts.clock.sleep(parts.queue.leaseMs / 3, done.signal)
      // A beat that fails may be followed by one that does not; without any the lease ends.
      if (!done.signal.aborted) await parts.queue.extend(job).catch(() => false)
    }
  })()
  try {
    const { source } = job.payload as { source: string }
    await parts.work(source, stopped)
    await parts.queue.complete(job)
  } catch (error) {
    await parts.queue.fail(job, messageOf(error))
    if (!stopped.aborted) parts.log(`ingestion: ${messageOf(error)}`)
  } finally {
    done.abort()
    await heartbeat
  }
  return true
}
