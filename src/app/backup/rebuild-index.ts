/** The index made again from the stored texts, in a folder of its own, while the old one serves until the new one is whole. */
import { setGeneration, readGeneration } from '../../foundation/storage/generations.ts'
import { liftRestoreMark, putRestoreMark } from '../../foundation/storage/restore-marks.ts'
import { indexName } from '../../knowledge/document-index/following-index.ts'
import { repairIndex, type RepairReport } from '../../knowledge/ingestion/repair-index.ts'
import { documentAnalysis } from '../compose-knowledge.ts'
import { takeIngestLease } from '../ingest-lease.ts'
import type { BackupParts, BackupProgress } from './backup-parts.ts'

export interface RebuildReport extends RepairReport {
  readonly seconds: number
}

/** Killed before its end, the old index serves on. @throws TouchstoneError INGEST_RUNNING, DISK_FULL */
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
    const before = await readGeneration(state, tenant, 'index-epoch')
    const epoch = Math.max(clock.now(), before + 1)
    // What is noted as settled below is settled in the new index: until it serves, the old one is to be looked through again.
    await putRestoreMark(state, tenant, 'index', '', clock.now())
    const report = await repairEpoch(parts, epoch, onProgress, stopped)
    await setGeneration(state, tenant, 'index-epoch', epoch)
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
  const report = await repairEpoch(parts, await readGeneration(parts.state, parts.tenant, 'index-epoch'), onProgress, signal)
  await liftRestoreMark(parts.state, parts.tenant, ['index'], '')
  return report
}

async function repairEpoch(
  { engine, state, tenant, definition, shape, embedding }: BackupParts,
  epoch: number,
  onProgress: (progress: BackupProgress) => void,
  signal: AbortSignal,
): Promise<RepairReport> {
  const index = await engine.open(tenant, indexName(definition, epoch), shape)
  try {
    const progress = (done: number, total: number): void => onProgress({ phase: 'indexing', done, total })
    const parts = { state, index, tenant, definition, analysis: documentAnalysis }
    return await repairIndex(embedding === undefined ? parts : { ...parts, embedding }, progress, signal)
  } finally {
    await index.close()
  }
}
