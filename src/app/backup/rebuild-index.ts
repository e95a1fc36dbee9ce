/** The index made again from the stored texts, in a folder of its own, while the old one serves until the new one is whole. */
import { TouchstoneError } from '../../foundation/errors/touchstone-error.ts'
import { serveEpoch, servingIndex, type LiveIndex } from '../../foundation/storage/live-indexes.ts'
import { liftRestoreMark, putRestoreMark } from '../../foundation/storage/restore-marks.ts'
import { repairIndex, type RepairReport } from '../../knowledge/ingestion/repair-index.ts'
import { documentAnalysis } from '../compose-knowledge.ts'
import { takeIngestLease } from '../ingest-lease.ts'
import type { BackupParts, BackupProgress } from './backup-parts.ts'

export interface RebuildReport extends RepairReport {
  readonly seconds: number
}

/** Killed before its end, the old index serves on. @throws TouchstoneError INGEST_RUNNING, INDEX_EMBEDDING_MISSING, DISK_FULL */
export async function rebuildIndex(
  parts: BackupParts,
  onProgress: (progress: BackupProgress) => void,
  signal: AbortSignal,
): Promise<RebuildReport> {
  const { state, tenant, clock } = parts
  const began = clock.elapsed()
  const lease = await takeIngestLease(parts.store, parts.tenant, parts)
  try {
    const stopped = AbortSignal.any([signal, lease.lost])
    const serving = await servingIndex(state, tenant)
    const epoch = Math.max(clock.now(), serving.sinceMs + 1)
    // What is noted as settled below is settled in the new index: until it serves, the old one is to be looked through again.
    await putRestoreMark(state, tenant, 'index', '', clock.now())
    const report = await repairLive(parts, { ...serving, epoch }, onProgress, stopped)
    await serveEpoch(state, tenant, epoch, { isRestored: false })
    await repairServingIndex(parts, onProgress, stopped)
    return { ...report, seconds: Math.round(clock.elapsed() - began) / 1_000 }
  } finally {
    await lease.release()
  }
}

/** The index that serves now, compared with the state and mended. The caller holds the ingest lease. */
export async function repairServingIndex(
  parts: BackupParts,
  onProgress: (progress: BackupProgress) => void,
  signal: AbortSignal,
): Promise<RepairReport> {
  const report = await repairLive(parts, await servingIndex(parts.state, parts.tenant), onProgress, signal)
  await liftRestoreMark(parts.state, parts.tenant, ['index'], '')
  return report
}

/** @throws TouchstoneError INDEX_EMBEDDING_MISSING */
async function repairLive(
  { indexes, state, tenant }: BackupParts,
  live: LiveIndex,
  onProgress: (progress: BackupProgress) => void,
  signal: AbortSignal,
): Promise<RepairReport> {
  const { index, name, embedding, lacksEmbedding } = await indexes.open(live)
  try {
    if (lacksEmbedding)
      throw new TouchstoneError('INDEX_EMBEDDING_MISSING', { details: { index: name, embedding: live.embedding?.name ?? '' } })
    const progress = (done: number, total: number): void => onProgress({ phase: 'indexing', done, total })
    const parts = { state, index, tenant, definition: name, analysis: documentAnalysis }
    return await repairIndex(embedding === undefined ? parts : { ...parts, embedding }, progress, signal)
  } finally {
    await index.close()
  }
}
