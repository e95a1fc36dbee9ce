/** The job queue in the state's own tables, for SQLite. Knows leases, retries and dead letters; knows nothing of the work. */
import type { Job, JobQueue } from '../../contracts/job-queue.ts'
import type { Clock } from '../concurrency/clock.ts'
import type { IdSource } from '../concurrency/random.ts'
import type { StateDatabase } from './state-schema.ts'

interface LeasedJob extends Job {
  readonly lease: string
}

const FIRST_RETRY_MS = 2_000
const LONGEST_RETRY_MS = 600_000

export interface JobQueueParts {
  readonly clock: Clock
  readonly ids: IdSource
  readonly leaseMs: number
}

export function createJobQueue(db: StateDatabase, tenant: string, { clock, ids, leaseMs }: JobQueueParts): JobQueue {
  const leased = (job: Job): string => (job as LeasedJob).lease ?? ''
  return {
    leaseMs,
    enqueue: async (kind, payload, options = {}) => {
      const waiting = options.key === undefined ? undefined : await findWaiting(db, tenant, kind, options.key)
      if (waiting !== undefined) return waiting
      const id = ids.next(clock.now())
      const due = clock.now() + (options.delayMs ?? 0)
      const row = { id, tenant, kind, key: options.key ?? null, payload: JSON.stringify(payload), state: 'queued', attempt: 0 }
      await db
        .insertInto('jobs')
        .values({ ...row, max_attempts: options.maxAttempts ?? 5, due_at: due, lease: null, message: null })
        .execute()
      return id
    },
    take: (kinds) => takeJob(db, tenant, kinds, clock.now(), leaseMs, ids.next(clock.now())),
    extend: async (job) => {
      const result = await db
        .updateTable('jobs')
        .set({ due_at: clock.now() + leaseMs })
        .where('id', '=', job.id)
        .where('lease', '=', leased(job))
        .executeTakeFirst()
      return result.numUpdatedRows > 0n
    },
    complete: async (job) => {
      await db.deleteFrom('jobs').where('id', '=', job.id).where('lease', '=', leased(job)).execute()
    },
    fail: async (job, message) => {
      const delayMs = Math.min(FIRST_RETRY_MS * 2 ** (job.attempt - 1), LONGEST_RETRY_MS)
      await db
        .updateTable('jobs')
        .set((row) => ({
          state: row
            .case()
            .when('attempt', '>=', row.ref('max_attempts'))
            .then(row.val('dead'))
            .else(row.val('queued'))
            .end()
            .$castTo<string>(),
          due_at: clock.now() + delayMs,
          lease: null,
          message,
        }))
        .where('id', '=', job.id)
        .where('lease', '=', leased(job))
        .execute()
    },
    deadLetters: async (kinds) => {
      const rows = await db
        .selectFrom('jobs')
        .selectAll()
        .where('tenant', '=', tenant)
        .where('kind', 'in', [...kinds])
        // A job that kills its process every time never reaches `fail`.
        .where((row) =>
          row.or([
            row('state', '=', 'dead'),
            row.and([
              row('state', '=', 'leased'),
              row('due_at', '<=', clock.now()),
              row('attempt', '>=', row.ref('max_attempts')),
            ]),
          ]),
        )
        .execute()
      return rows.map((row) => ({ job: toJob(row), message: row.message ?? '' }))
    },
  }
}

async function findWaiting(db: StateDatabase, tenant: string, kind: string, key: string): Promise<string | undefined> {
  const row = await db
    .selectFrom('jobs')
    .select('id')
    .where('tenant', '=', tenant)
    .where('kind', '=', kind)
    .where('key', '=', key)
    .where('state', '=', 'queued')
    .executeTakeFirst()
  return row?.id
}

async function takeJob(
  db: StateDatabase,
  tenant: string,
  kinds: readonly string[],
  now: number,
  leaseMs: number,
  lease: string,
): Promise<LeasedJob | undefined> {
  const row = await db
    .updateTable('jobs')
    .set((old) => ({ state: 'leased', lease, due_at: now + leaseMs, attempt: old('attempt', '+', 1) }))
    .where('id', '=', (query) =>
      query
        .selectFrom('jobs')
        .select('id')
        .where('tenant', '=', tenant)
        .where('kind', 'in', [...kinds])
        // A leased job whose lease is over belongs to a process that died.
        .where('state', 'in', ['queued', 'leased'])
        .where('due_at', '<=', now)
        .whereRef('attempt', '<', 'max_attempts')
        .orderBy('due_at')
        .orderBy('id')
        .limit(1),
    )
    .returningAll()
    .executeTakeFirst()
  if (row === undefined) return undefined
  return { ...toJob(row), lease }
}

function toJob(row: { id: string; kind: string; payload: string; attempt: number }): Job {
  return { id: row.id, kind: row.kind, payload: JSON.parse(row.payload) as unknown, attempt: row.attempt }
}
