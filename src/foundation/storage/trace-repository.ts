/** Ended traces: stored, bounded in number and age. Who may see which is decided by the caller. */
import type { TraceId } from '../../contracts/identity.ts'
import type { TraceRecord, TraceSink } from '../../contracts/telemetry.ts'
import type { Clock } from '../concurrency/clock.ts'
import type { StateDatabase, StateSchema } from './state-schema.ts'

export interface TraceRetention {
  readonly days: number
  readonly maxTraces: number
}

export interface TraceRepository extends TraceSink {
  get(tenant: string, id: TraceId): Promise<TraceRecord | undefined>
  /** Newest first. */
  list(tenant: string, limit: number, user?: string): Promise<readonly TraceRecord[]>
  /** Resolves when every trace given so far is stored. */
  settle(): Promise<void>
}

const DAY_MS = 86_400_000
/** Pruning is spread: one in so many writes looks for what is too old or too many. */
const PRUNE_EVERY = 100
/** What a kill may lose at most. */
const GATHER_MS = 200
const MOST_GATHERED = 100

export function createTraceRepository(
  db: StateDatabase,
  retention: TraceRetention,
  clock: Clock,
  onError: (error: unknown) => void,
): TraceRepository {
  let written = 0
  let waiting: TraceRecord[] = []
  let writing: Promise<void> = Promise.resolve()
  let stopTimer = (): void => {}
  const store = async (traces: readonly TraceRecord[]): Promise<void> => {
    await db.insertInto('traces').values(traces.map(toRow)).execute()
    const before = Math.floor(written / PRUNE_EVERY)
    const isFirst = written === 0
    written += traces.length
    if (!isFirst && Math.floor(written / PRUNE_EVERY) === before) return
    for (const tenant of new Set(traces.map((trace) => trace.tenant))) await prune(db, tenant, retention, clock.now())
  }
  const settle = (): Promise<void> => {
    stopTimer()
    const gathered = waiting
    waiting = []
    if (gathered.length > 0) writing = writing.then(() => store(gathered)).catch(onError)
    return writing
  }
  return {
    // A commit waits for the disk and all else waits for it; so traces are gathered, and whoever reads them has them written first.
    write: async (trace) => {
      waiting.push(trace)
      if (waiting.length === 1) stopTimer = clock.after(GATHER_MS, () => void settle())
      if (waiting.length >= MOST_GATHERED) void settle()
    },
    settle,
    get: async (tenant, id) => {
      await settle()
      const row = await db
        .selectFrom('traces')
        .select('content')
        .where('tenant', '=', tenant)
        .where('id', '=', id)
        .executeTakeFirst()
      return row === undefined ? undefined : (JSON.parse(row.content) as TraceRecord)
    },
    list: async (tenant, limit, user) => {
      await settle()
      let query = db.selectFrom('traces').select('content').where('tenant', '=', tenant)
      if (user !== undefined) query = query.where('user', '=', user)
      const rows = await query.orderBy('started_at', 'desc').orderBy('id', 'desc').limit(limit).execute()
      return rows.map((row) => JSON.parse(row.content) as TraceRecord)
    },
  }
}

function toRow(trace: TraceRecord): StateSchema['traces'] {
  const { tenant, id, kind, user = null, startedAtMs, status } = trace
  return { tenant, id, kind, user, started_at: startedAtMs, status, content: JSON.stringify(trace) }
}

async function prune(db: StateDatabase, tenant: string, retention: TraceRetention, now: number): Promise<void> {
  const oldest = now - retention.days * DAY_MS
  await db.deleteFrom('traces').where('tenant', '=', tenant).where('started_at', '<', oldest).execute()
  const surplus = await db
    .selectFrom('traces')
    .select('started_at')
    .where('tenant', '=', tenant)
    .orderBy('started_at', 'desc')
    .offset(retention.maxTraces)
    .limit(1)
    .executeTakeFirst()
  if (surplus !== undefined)
    await db.deleteFrom('traces').where('tenant', '=', tenant).where('started_at', '<=', surplus.started_at).execute()
}
