/** The job queue through pg-boss, in tables of its own beside the state's. Knows how our words map to its words; knows nothing of the work. */
import { PgBoss, type JobWithMetadata } from 'pg-boss'
import type { Job } from '../../contracts/job-queue.ts'
import type { Clock } from '../../foundation/concurrency/clock.ts'
import type { IdSource } from '../../foundation/concurrency/random.ts'
import type { OpenJobs } from '../../foundation/storage/open-state.ts'
import { toStateFailure } from './postgres-failure.ts'

interface FetchedJob extends Job {
  readonly queue: string
  readonly retryCount: number
}

const FIRST_RETRY_SECONDS = 2
const LONGEST_RETRY_SECONDS = 600
/** Longest that pg-boss lets one job take, however often it is extended. */
const LONGEST_RUN_SECONDS = 86_400
const SHORTEST_LEASE_SECONDS = 10
const KEPT_SECONDS = 14 * 86_400
/** Its own small pool: it takes statements that Kysely does not hand through. */
const CONNECTIONS = 2

export interface BossParts {
  readonly url: string
  readonly location: string
  readonly clock: Clock
  readonly ids: IdSource
}

/** @throws TouchstoneError STATE_UNREACHABLE, STATE_UNAVAILABLE when its tables cannot be made */
export async function openBossJobs(parts: BossParts, tenant: string, leaseMs: number): Promise<OpenJobs> {
  const { location, clock, ids } = parts
  const boss = createBoss(parts.url)
  const told = async <Result>(work: () => Promise<Result>): Promise<Result> => {
    try {
      return await work()
    } catch (error) {
      throw toStateFailure(error, location)
    }
  }
  await told(() => boss.start())
  const heartbeatSeconds = Math.max(SHORTEST_LEASE_SECONDS, Math.ceil(leaseMs / 1_000))
  const queues = createQueues(boss, tenant, heartbeatSeconds)
  return {
    leaseMs: heartbeatSeconds * 1_000,
    enqueue: (kind, payload, options = {}) =>
      told(async () => {
        const queue = await queues(kind)
        const { key, delayMs = 0, maxAttempts = 5 } = options
        const waiting = key === undefined ? undefined : await findWaiting(boss, queue, `key:${key}`)
        if (waiting !== undefined) return waiting
        // Of keyless jobs each is one; the queue's policy would count them as one key.
        const singletonKey = key === undefined ? ids.next(clock.now()) : `key:${key}`
        const settings = { startAfter: Math.ceil(delayMs / 1_000), retryLimit: maxAttempts - 1, singletonKey }
        const sent = await boss.send(queue, { payload }, settings)
        // Another process was quicker with the same key.
        return sent ?? (await findWaiting(boss, queue, singletonKey)) ?? ''
      }),
    take: (kinds) => told(() => takeJob(boss, queues, kinds)),
    extend: (job) => told(async () => isAffected(await boss.touch((job as FetchedJob).queue, attemptOf(job)))),
    complete: (job) => told(async () => void (await boss.complete((job as FetchedJob).queue, attemptOf(job)))),
    fail: (job, message) => told(async () => void (await boss.fail((job as FetchedJob).queue, attemptOf(job), { message }))),
    deadLetters: (kinds) => told(() => findDead(boss, queues, kinds)),
    close: () => boss.stop({ graceful: false }),
  }
}

function createBoss(url: string): PgBoss {
  const boss = new PgBoss({
    connectionString: url,
    application_name: 'touchstone jobs',
    max: CONNECTIONS,
    schedule: false,
    registerInstance: false,
    openTelemetry: { enabled: false },
  })
  // Whoever asks for a job is told by that question's own failure.
  boss.on('error', () => {})
  return boss
}

type Queues = (kind: string) => Promise<string>

/** Each kind of each tenant is a queue, made when it is first spoken of. */
function createQueues(boss: PgBoss, tenant: string, heartbeatSeconds: number): Queues {
  const made = new Map<string, Promise<string>>()
  const make = async (name: string): Promise<string> => {
    await boss.createQueue(name, {
      // One waiting job per key.
      policy: 'short',
      retryDelay: FIRST_RETRY_SECONDS,
      retryBackoff: true,
      retryDelayMax: LONGEST_RETRY_SECONDS,
      expireInSeconds: LONGEST_RUN_SECONDS,
      heartbeatSeconds,
      deleteAfterSeconds: KEPT_SECONDS,
      retentionSeconds: KEPT_SECONDS,
    })
    return name
  }
  return (kind) => {
    const found = made.get(kind) ?? make(`${kind}/${tenant}`)
    made.set(kind, found)
    // A queue that could not be made is tried again.
    found.catch(() => made.delete(kind))
    return found
  }
}

async function findWaiting(boss: PgBoss, queue: string, key: string): Promise<string | undefined> {
  const [waiting] = await boss.findJobs(queue, { key, queued: true, limit: 1 })
  return waiting?.id
}

async function takeJob(boss: PgBoss, queues: Queues, kinds: readonly string[]): Promise<FetchedJob | undefined> {
  for (const kind of kinds) {
    const queue = await queues(kind)
    const [job] = await boss.fetch<{ payload: unknown }>(queue)
    if (job === undefined) continue
    const { id, retryCount } = job
    return { id, kind, payload: job.data.payload, attempt: retryCount + 1, queue, retryCount }
  }
  return undefined
}

/** Names the attempt, too, so that a process whose lease was over cannot end what another has begun again. */
function attemptOf(job: Job): { readonly id: string; readonly retryCount: number } {
  return { id: job.id, retryCount: job.attempt - 1 }
}

function isAffected(response: unknown): boolean {
  return response !== null && typeof response === 'object' && 'affected' in response && response.affected === 1
}

async function findDead(
  boss: PgBoss,
  queues: Queues,
  kinds: readonly string[],
): Promise<{ readonly job: Job; readonly message: string }[]> {
  const found = kinds.map(async (kind) => {
    const jobs: readonly JobWithMetadata<{ payload: unknown }>[] = await boss.findJobs(await queues(kind))
    return jobs
      .filter(({ state }) => state === 'failed')
      .map(({ id, data, retryCount, output }) => ({
        job: { id, kind, payload: data.payload, attempt: retryCount + 1 },
        message: 'message' in output ? String(output.message) : '',
      }))
  })
  return (await Promise.all(found)).flat()
}
