/** Brings an index that does not serve up to the state, from the stored texts, while others write. Knows its lease and what it costs; asks no source. */
import type { EmbeddingModel } from '../../contracts/embedding-model.ts'
import type { ModelCost } from '../../contracts/chat-model.ts'
import { TouchstoneError } from '../../foundation/errors/touchstone-error.ts'
import { findIndex, type LiveIndex, recordBuild } from '../../foundation/storage/live-indexes.ts'
import { repairIndex } from '../../knowledge/ingestion/repair-index.ts'
import { settleIndex, type SettleParts } from '../../knowledge/ingestion/settle-index.ts'
import type { OpenedLiveIndex } from '../compose-index.ts'
import { documentAnalysis } from '../compose-knowledge.ts'
import type { Foundation, Knowledge } from '../composition.ts'
import { leaseOwner } from '../ingest-lease.ts'

export interface BringUpRun {
  readonly onProgress?: (done: number, total: number) => void
  readonly signal: AbortSignal
  /** Only what must go: nothing is embedded, and what is not built stays so. */
  readonly removalsOnly?: boolean
}

export interface BringUpReport {
  /** Documents whose rows were made or mended. */
  readonly documents: number
  /** Documents that wait for their source, which is read again. */
  readonly unreadable: number
  readonly seconds: number
}

/**
 * Killed at any moment, the next call goes on where this one was. The index that serves is not touched.
 * @throws TouchstoneError INDEX_UNKNOWN, INDEX_BUSY, INDEX_EMBEDDING_MISSING, DISK_FULL, INDEX_*, EMBEDDING_*, ENCODER_*, MODEL_*
 */
export async function bringUp(
  name: string,
  foundation: Foundation,
  knowledge: Knowledge,
  run: BringUpRun,
): Promise<BringUpReport> {
  const { store, tenant, clock, state } = foundation
  const began = clock.elapsed()
  const lease = await store.leases.acquire(`index/${tenant}/${name}`, leaseOwner(foundation))
  if (!('release' in lease)) throw new TouchstoneError('INDEX_BUSY', { details: { index: name, owner: lease.heldBy } })
  try {
    const live = await findIndex(state, tenant, name)
    if (live === undefined) throw new TouchstoneError('INDEX_UNKNOWN', { details: { index: name } })
    const opened = await knowledge.indexes.open(live)
    try {
      const stopped = { ...run, signal: AbortSignal.any([run.signal, lease.lost]) }
      const done = await settle(live, opened, foundation, stopped)
      return { ...done, seconds: Math.round(clock.elapsed() - began) / 1_000 }
    } finally {
      await opened.index.close()
    }
  } finally {
    await lease.release()
  }
}

async function settle(
  live: LiveIndex,
  opened: OpenedLiveIndex,
  { state, tenant, clock }: Foundation,
  { onProgress, signal, removalsOnly = false }: BringUpRun,
): Promise<Pick<BringUpReport, 'documents' | 'unreadable'>> {
  const { name, index, lacksEmbedding } = opened
  const spent = { tokens: 0, nanoUsd: 0 }
  const embedding = opened.embedding && countingCosts(opened.embedding, spent)
  const shared = { state, tenant, index, definition: name, analysis: documentAnalysis }
  const parts: SettleParts = embedding === undefined ? shared : { ...shared, embedding }
  if (removalsOnly) return settleAndFold({ ...parts, lacksEmbedding: true }, { signal })
  if (lacksEmbedding)
    throw new TouchstoneError('INDEX_EMBEDDING_MISSING', { details: { index: name, embedding: live.embedding?.name ?? '' } })
  if (live.compared)
    return settleAndFold(parts, { signal, ...(onProgress === undefined ? {} : { onProgress: (done) => onProgress(done, done) }) })
  const began = clock.elapsed()
  const record = (compared: boolean): Promise<void> =>
    recordBuild(state, tenant, name, { compared, ms: clock.elapsed() - began, ...spent })
  try {
    const { rebuilt, settled, unreadable } = await repairIndex(parts, onProgress ?? ignore, signal)
    await record(true)
    return { documents: rebuilt + settled, unreadable }
  } catch (error) {
    // What it took counts, whether it came to an end or not; a full disk may keep it from being noted.
    await record(false).catch(ignore)
    throw error
  }
}

function ignore(): void {}

/** What was removed leaves the files when they are folded. */
async function settleAndFold(parts: SettleParts, run: Parameters<typeof settleIndex>[1]): ReturnType<typeof settleIndex> {
  const settled = await settleIndex(parts, run)
  if (settled.documents > 0) await parts.index.optimise()
  return settled
}

function countingCosts(model: EmbeddingModel, spent: { tokens: number; nanoUsd: number }): EmbeddingModel {
  const count = ({ usage, costNanoUsd }: ModelCost): void => {
    spent.tokens += usage.inputTokens
    spent.nanoUsd += costNanoUsd
  }
  return { ...model, embed: (texts, options, signal) => model.embed(texts, { ...options, onCost: count }, signal) }
}
