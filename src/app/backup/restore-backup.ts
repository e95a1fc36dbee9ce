/** A verified backup into a state, also while others serve from it. Knows the order of the steps; what may be read afterwards is foundation's. */
import { mkdir, rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { openSqliteState } from '../../adapters/sqlite/open-sqlite-state.ts'
import { TouchstoneError } from '../../foundation/errors/touchstone-error.ts'
import { createAuditLog } from '../../foundation/storage/audit-repository.ts'
import { copyDurably } from '../../foundation/storage/durable-files.ts'
import { servingIndex } from '../../foundation/storage/live-indexes.ts'
import { restoreState, stageTexts } from '../../foundation/storage/restore/restore-state.ts'
import type { RestoredState, StateRestore } from '../../foundation/storage/restore/state-restore.ts'
import { storedSources } from '../../foundation/storage/source-repository.ts'
import { connectorCatalog } from '../../knowledge/connectors/catalog.ts'
import { indexName } from '../../knowledge/document-index/following-index.ts'
import { takeIngestLease } from '../ingest-lease.ts'
import { JOB_LEASE_MS, queueSource } from '../worker/ingest-worker.ts'
import { INDEX_NAME, STATE_NAME, verifyBackup, type BackupManifest } from './backup-manifest.ts'
import type { BackupParts, BackupProgress } from './backup-parts.ts'
import { repairServingIndex } from './rebuild-index.ts'
import { newLineage } from './take-backup.ts'

export interface RestoreReport extends RestoredState {
  readonly path: string
  /** When the backup was taken. */
  readonly createdAt: string
  readonly index: { readonly loaded: boolean; readonly rebuilt: number; readonly unreadable: number }
  readonly seconds: number
}

/** What people pushed, and what it may show, stands nowhere else. */
const KEPT_KINDS: ReadonlySet<string> = new Set(
  connectorCatalog.filter(({ isKeptInState }) => isKeptInState === true).map(({ id }) => id),
)
const WORKING_FOLDER = 'restoring'

/**
 * Killed at any moment, the state is the old one or the new one, and the next ingest finishes the index.
 * @throws TouchstoneError BACKUP_INVALID, BACKUP_NEWER, RESTORE_NOT_EMPTY, STATE_NEWER, INGEST_RUNNING, DISK_FULL
 */
export async function restoreBackup(
  parts: BackupParts,
  directory: string,
  options: { readonly replace: boolean },
  onProgress: (progress: BackupProgress) => void,
  signal: AbortSignal,
): Promise<RestoreReport> {
  const began = parts.clock.elapsed()
  const path = resolve(directory)
  const manifest = await verifyBackup(path, (done, total) => onProgress({ phase: 'checking', done, total }))
  if (manifest.tenant !== parts.tenant) {
    const reason = `it is of tenant "${manifest.tenant}", the configuration names "${parts.tenant}"`
    throw new TouchstoneError('BACKUP_INVALID', { details: { path, reason } })
  }
  const lease = await takeIngestLease(parts.store, parts.tenant, parts)
  const working = join(parts.dataDirectory, WORKING_FOLDER)
  try {
    if (!options.replace) await requireEmpty(parts)
    const stopped = AbortSignal.any([signal, lease.lost])
    await rm(working, { recursive: true, force: true })
    const serving = await servingIndex(parts.state, parts.tenant)
    const epoch = Math.max(parts.clock.now(), serving.sinceMs + 1)
    const loaded = await loadIndex(parts, manifest, path, { name: serving.name, epoch }, onProgress)
    const restored = await bringState(parts, { path, working, epoch, manifest }, onProgress, stopped)
    const index = await repairServingIndex(parts, onProgress, stopped)
    await queueRestored(parts, restored)
    const { rebuilt, unreadable } = index
    const seconds = Math.round(parts.clock.elapsed() - began) / 1_000
    return { path, createdAt: manifest.createdAt, ...restored, index: { loaded, rebuilt, unreadable }, seconds }
  } catch (error) {
    throw signal.aborted ? new TouchstoneError('REQUEST_CANCELLED', { cause: error }) : error
  } finally {
    await rm(working, { recursive: true, force: true }).catch(() => {})
    await lease.release()
  }
}

/** What the configuration names is there after every start, so that it does not count. */
async function requireEmpty({ state, store, tenant }: BackupParts): Promise<void> {
  const found: string[] = []
  for (const table of ['documents', 'service_keys', 'users', 'groups'] as const) {
    let query = state
      .selectFrom(table)
      .select((row) => row.fn.countAll<number>().as('count'))
      .where('tenant', '=', tenant)
    if (table === 'users' || table === 'groups') query = query.where('origin', '!=', 'config')
    const { count } = await query.executeTakeFirstOrThrow()
    if (Number(count) > 0) found.push(`${Number(count)} ${table.replace('_', ' ')}`)
  }
  if (found.length > 0)
    throw new TouchstoneError('RESTORE_NOT_EMPTY', { details: { path: store.location, found: found.join(', ') } })
}

/** Into a folder that nobody looks at before the state names it. @returns whether there was a copy of use here */
async function loadIndex(
  { engine, tenant }: BackupParts,
  manifest: BackupManifest,
  path: string,
  into: { readonly name: string; readonly epoch: number },
  onProgress: (progress: BackupProgress) => void,
): Promise<boolean> {
  const isOurs = manifest.index?.engine === engine.id && manifest.index.definition === into.name
  if (engine.copies === undefined || !isOurs) return false
  const total = manifest.files.filter((file) => file.path.startsWith(`${INDEX_NAME}/`)).reduce((sum, { bytes }) => sum + bytes, 0)
  let done = 0
  const onBytes = (count: number): void => onProgress({ phase: 'index', done: (done += count), total })
  await engine.copies.load(tenant, indexName(into.name, into.epoch), join(path, INDEX_NAME), onBytes)
  return true
}

async function bringState(
  { state, tenant, clock, ids }: BackupParts,
  from: { readonly path: string; readonly working: string; readonly epoch: number; readonly manifest: BackupManifest },
  onProgress: (progress: BackupProgress) => void,
  signal: AbortSignal,
): Promise<RestoredState> {
  // Brought to the newest schema in a copy: the backup itself is never written to.
  await mkdir(from.working, { recursive: true })
  const copy = join(from.working, STATE_NAME)
  await copyDurably(join(from.path, STATE_NAME), copy)
  const saved = await openSqliteState(copy)
  try {
    const plan: StateRestore = {
      from: saved,
      to: state,
      tenant,
      nowMs: clock.now(),
      lineage: newLineage(ids.bytes(6)),
      indexEpoch: from.epoch,
      keptKinds: KEPT_KINDS,
    }
    let done = 0
    const total = from.manifest.counts.documents
    await stageTexts(plan, () => onProgress({ phase: 'texts', done: Math.min(++done, total), total }))
    signal.throwIfAborted()
    const restored = await restoreState(plan)
    const details = { createdAt: from.manifest.createdAt, continued: restored.continued, ...restored.documents }
    await createAuditLog(state, clock).append({ tenant, actor: 'command-line', action: 'restore', target: from.path, details })
    return restored
  } finally {
    await saved.destroy()
  }
}

/** A running server reads them again at once; otherwise the next `ingest` or `start` does. */
async function queueRestored({ loaded, store, state, tenant }: BackupParts, { withheld }: RestoredState): Promise<void> {
  if (withheld.sources.length === 0) return
  const queue = await store.openJobs(tenant, JOB_LEASE_MS)
  const known = new Set([...Object.keys(loaded.config.sources), ...(await storedSources(state, tenant)).map(({ id }) => id)])
  try {
    for (const source of withheld.sources) if (known.has(source)) await queueSource(source, { queue })
  } finally {
    await queue.close()
  }
}
