/** Ended traces: stored, bounded in number and age. Who may see which is decided by the caller. */
import type { TraceId } from '../../contracts/identity.ts'
import type { TraceRecord, TraceSink } from '../../contracts/telemetry.ts'
import type { Clock } from '../concurrency/clock.ts'
import type { StateDatabase } from './state-schema.ts'

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

export function createTraceRepository(
  db: StateDatabase,
  retention: TraceRetention,
  clock: Clock,
  onError: (error: unknown) => void,
): TraceRepository {
  let written = 0
  let writing: Promise<void> = Promise.resolve()
  const store = async (trace: TraceRecord): Promise<void> => {
    const row = { tenant: trace.tenant, id: trace.id, kind: trace.kind, user: trace.user ?? null }
    await db
      .insertInto('traces')
      .values({ ...row, started_at: trace.startedAtMs, status: trace.status, content: JSON.stringify(trace) })
      .execute()
    if (written++ % PRUNE_EVERY === 0) await prune(db, trace.tenant, retention, clock.now())
  }
  return {
    // A commit waits for the disk; the answer that the trace tells of need not. Whoever reads traces waits for those under way.
    write: async (trace) => {
      writing = writing
        .then(() => clock.sleep(0))
        .then(() => store(trace))
        .catch(onError)
    },
    settle: () => writing,
    get: async (tenant, id) => {
      await writing
      const row = await db
        .selectFrom('traces')
        .select('content')
        .where('tenant', '=', tenant)
        .where('id', '=', id)
        .executeTakeFirst()
      return row === undefined ? undefined : (JSON.parse(row.content) as TraceRecord)
    },
    list: async (tenant, limit, user) => {
      await writing
      let query = db.selectFrom('traces').select('content').where('tenant', '=', tenant)
      if (user !== undefined) query = query.where('user', '=', user)
      const rows = await query.orderBy('started_at', 'desc').orderBy('id', 'desc').limit(limit).execute()
      return rows.map((row) => JSON.parse(row.content) as TraceRecord)
    },
  }
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
