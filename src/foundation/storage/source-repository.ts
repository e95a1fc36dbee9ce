/** What the state knows of each source: its last run and what failed in it. */
import type { IngestFailure } from '../../contracts/ingest-report.ts'
import { liftRestoreMark } from './restore-marks.ts'
import type { StateDatabase } from './state-schema.ts'

export type SourceState = 'syncing' | 'ready' | 'failed'

export async function setSourceState(
  db: StateDatabase,
  tenant: string,
  source: { readonly id: string; readonly kind: string; readonly options?: Readonly<Record<string, unknown>> },
  state: SourceState,
  lastSyncAtMs?: number,
): Promise<void> {
  const changed = {
    kind: source.kind,
    state,
    ...(lastSyncAtMs === undefined ? {} : { last_sync_at: lastSyncAtMs }),
    ...(source.options === undefined ? {} : { detail: JSON.stringify(source.options) }),
  }
  await db
    .insertInto('sources')
    .values({ tenant, id: source.id, last_sync_at: null, detail: '{}', ...changed })
    .onConflict((conflict) => conflict.columns(['tenant', 'id']).doUpdateSet(changed))
    .execute()
}

/** The whole source was read: what a restore brought of it has the source's own rights again. */
export async function completeSource(
  db: StateDatabase,
  tenant: string,
  source: Parameters<typeof setSourceState>[2],
  nowMs: number,
): Promise<void> {
  await db.transaction().execute(async (transaction) => {
    await setSourceState(transaction, tenant, source, 'ready', nowMs)
    await liftRestoreMark(transaction, tenant, ['source'], source.id)
  })
}

export async function recordFailure(
  db: StateDatabase,
  tenant: string,
  source: string,
  failure: IngestFailure & { readonly changeMark: string },
  nowMs: number,
): Promise<void> {
  const { document, changeMark, code, message } = failure
  const row = { source, change_mark: changeMark, code, message, failed_at: nowMs }
  await db
    .insertInto('document_failures')
    .values({ tenant, document, ...row })
    .onConflict((conflict) => conflict.columns(['tenant', 'document']).doUpdateSet(row))
    .execute()
}

export interface SourceSummary {
  readonly id: string
  readonly kind: string
  readonly state: string
  readonly lastSyncAtMs: number | null
  readonly documents: number
  readonly chunks: number
  readonly failures: number
}

export async function summariseSources(db: StateDatabase, tenant: string): Promise<readonly SourceSummary[]> {
  const sources = await db.selectFrom('sources').selectAll().where('tenant', '=', tenant).orderBy('id').execute()
  const documents = await db
    .selectFrom('documents')
    .select(['source', (row) => row.fn.countAll<number>().as('count'), (row) => row.fn.sum<number>('chunks').as('chunks')])
    .where('tenant', '=', tenant)
    .groupBy('source')
    .execute()
  const failures = await db
    .selectFrom('document_failures')
    .select(['source', (row) => row.fn.countAll<number>().as('count')])
    .where('tenant', '=', tenant)
    .groupBy('source')
    .execute()
  return sources.map((source) => {
    const counted = documents.find((row) => row.source === source.id)
    return {
      id: source.id,
      kind: source.kind,
      state: source.state,
      lastSyncAtMs: source.last_sync_at,
      documents: Number(counted?.count ?? 0),
      chunks: Number(counted?.chunks ?? 0),
      failures: Number(failures.find((row) => row.source === source.id)?.count ?? 0),
    }
  })
}

/** Sources that live in the state because no configuration names them: ad-hoc folders with their options. */
export async function storedSources(
  db: StateDatabase,
  tenant: string,
): Promise<readonly { readonly id: string; readonly options: { readonly kind: string } & Readonly<Record<string, unknown>> }[]> {
  const rows = await db.selectFrom('sources').select(['id', 'detail']).where('tenant', '=', tenant).orderBy('id').execute()
  return rows
    .filter((row) => row.detail !== '{}')
    .map((row) => ({ id: row.id, options: JSON.parse(row.detail) as { kind: string } & Record<string, unknown> }))
}

export async function removeSource(db: StateDatabase, tenant: string, id: string): Promise<void> {
  await db.deleteFrom('sources').where('tenant', '=', tenant).where('id', '=', id).execute()
  await db.deleteFrom('document_failures').where('tenant', '=', tenant).where('source', '=', id).execute()
}
