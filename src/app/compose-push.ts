/** Wires pushed documents: writes that share a transaction, permissions that count at once, indexing behind them. */
import type { Acl } from '../contracts/acl.ts'
import type { DocumentId, DocumentVersion } from '../contracts/identity.ts'
import type { PushedDocument } from '../contracts/pushed-document.ts'
import { createGroupCommit } from '../foundation/concurrency/group-commit.ts'
import { messageOf, TouchstoneError } from '../foundation/errors/touchstone-error.ts'
import { countPending, pendingDocument, pushedRow } from '../foundation/storage/pushed-repository.ts'
import { isIndexNoted, moveNotedScopes, settleIndex } from '../knowledge/ingestion/settle-index.ts'
import { indexPushed } from '../knowledge/push/index-pushed.ts'
import { type PushEffect, pushDocuments, type PushRequest } from '../knowledge/push/push-documents.ts'
import { createPushSources } from '../knowledge/push/push-sources.ts'
import type { Application, PushRun } from './application.ts'
import { allSources, ingestParts } from './compose-ingestion.ts'
import { takeIngestLease } from './ingest-lease.ts'
import { followIndexes } from './index-lifecycle/follow-indexes.ts'
import type { Foundation, Knowledge } from './composition.ts'
import { createPushIndexer } from './worker/push-indexer.ts'

export interface Push extends Pick<Application, 'push' | 'pushed'> {
  /** Takes up what an earlier process left to be indexed. */
  resume(): void
  stop(): Promise<void>
}

/** Writes of one transaction, at most: readers and the other writers wait that long. */
const GROUP = 500
/** Runs of indexing before the index folds what they wrote. */
const RUNS_UNFOLDED = 8
/** How often a waiting request looks, in case another process does the indexing. */
const LOOK_MS = 500

export function composePush(foundation: Foundation, knowledge: Knowledge): Push {
  const { state, tenant, clock, loaded, log } = foundation
  const parts = { state, tenant, clock }
  const kinds = new Map(Object.entries(loaded.config.sources).map(([id, { kind }]) => [id, kind]))
  const sources = createPushSources(tenant, kinds)
  let unfolded = 0
  const indexer = createPushIndexer({
    clock,
    log,
    run: async (signal) => {
      const outcome = await runIndexing(foundation, knowledge, signal)
      if (outcome === 'done') await followIndexes(foundation, knowledge, signal)
      // Folding costs as much as a run: while documents stream in it is left for later, but not for ever.
      if (outcome === 'done' || (outcome === 'waiting' && ++unfolded >= RUNS_UNFOLDED)) {
        await knowledge.index.optimise()
        unfolded = 0
      }
      return outcome === 'waiting'
    },
  })
  const commit = createGroupCommit<PushRequest, PushEffect | TouchstoneError>(GROUP, async (requests) => {
    const effects = await pushDocuments(requests, { ...parts, sources })
    const moved = effects.flatMap((effect) => (isMoved(effect) ? [effect.document] : []))
    // It is kept and the notes stay: if the index cannot follow now, the next run brings it along.
    await moveNotedScopes({ ...parts, index: knowledge.index }, moved).catch((error: unknown) =>
      log(`pushed documents: ${messageOf(error)}`),
    )
    return effects
  })
  return {
    push: async ({ operations, pusher, waitMs, signal }) => {
      const effects = await Promise.all(operations.map((operation) => commit({ operation, pusher })))
      indexer.wake()
      const documents = effects.flatMap((effect) => (effect instanceof TouchstoneError ? [] : [effect.document]))
      if (waitMs > 0) await untilIndexed(documents, { waitMs, signal })
      return Promise.all(
        effects.map((effect) => (effect instanceof TouchstoneError ? effect : toResult(effect, foundation, knowledge.reading))),
      )
    },
    pushed: (document) => readPushed(document, foundation, knowledge.reading),
    resume: () => indexer.wake(),
    stop: () => indexer.stop(),
  }
  async function untilIndexed(documents: readonly DocumentId[], { waitMs, signal }: Pick<PushRun, 'waitMs' | 'signal'>) {
    const end = clock.elapsed() + waitMs
    while ((await countPending(state, tenant, documents)) > 0) {
      const left = end - clock.elapsed()
      if (left <= 0 || signal.aborted) return
      indexer.hurry()
      await indexer.ended(Math.min(left, LOOK_MS), signal)
    }
  }
}

async function runIndexing(
  foundation: Foundation,
  knowledge: Knowledge,
  signal: AbortSignal,
): Promise<'idle' | 'waiting' | 'done'> {
  const parts = await ingestParts(foundation, knowledge)
  const sources = (await allSources(foundation)).filter((source) => source.isKeptInState === true)
  const isIdle = (await pendingDocument(foundation.state, foundation.tenant)) === undefined && !(await isIndexNoted(parts))
  if (sources.length === 0 || isIdle) return 'idle'
  const lease = await takeIngestLease(foundation.store, foundation.tenant, foundation)
  try {
    const isWaiting = await indexPushed(sources, parts, AbortSignal.any([signal, lease.lost]))
    if (await isIndexNoted(parts)) await settleIndex(parts)
    return isWaiting ? 'waiting' : 'done'
  } finally {
    await lease.release()
  }
}

function isMoved(effect: PushEffect | TouchstoneError): effect is PushEffect {
  return !(effect instanceof TouchstoneError) && effect.moved
}

async function toResult({ moved: _moved, ...result }: PushEffect, foundation: Foundation, reading: string) {
  if (result.outcome === 'deleted') return result
  const { state, failure } = await standing(result.document, foundation, reading)
  return { ...result, state, ...(failure === undefined ? {} : { failure }) }
}

type Standing = Pick<PushedDocument, 'state' | 'failure' | 'version'>

async function standing(document: DocumentId, { state, tenant }: Foundation, reading: string): Promise<Standing> {
  const row = await state
    .selectFrom('pushed_documents')
    .leftJoin('documents', (join) =>
      join.onRef('documents.id', '=', 'pushed_documents.id').onRef('documents.tenant', '=', 'pushed_documents.tenant'),
    )
    .leftJoin('document_failures', (join) =>
      join
        .onRef('document_failures.document', '=', 'pushed_documents.id')
        .onRef('document_failures.tenant', '=', 'pushed_documents.tenant'),
    )
    .select(['pending', 'content_mark', 'documents.version', 'documents.change_mark', 'documents.definition', 'code', 'message'])
    .where('pushed_documents.tenant', '=', tenant)
    .where('pushed_documents.id', '=', document)
    .executeTakeFirst()
  const version = typeof row?.version === 'string' ? { version: row.version as DocumentVersion } : {}
  if (row === undefined || row.pending === 1) return { state: 'queued', ...version }
  if (row.code !== null) return { state: 'failed', failure: { code: row.code, message: row.message ?? '' }, ...version }
  const isCurrent = row.change_mark === row.content_mark && row.definition === reading
  return { state: isCurrent ? 'searchable' : 'queued', ...version }
}

async function readPushed(document: DocumentId, foundation: Foundation, reading: string): Promise<PushedDocument> {
  const row = await pushedRow(foundation.state, foundation.tenant, document)
  if (row === undefined) throw new TouchstoneError('DOCUMENT_UNKNOWN', { details: { document } })
  return {
    document,
    revision: row.revision,
    ...(await standing(document, foundation, reading)),
    mediaType: row.media_type,
    ...(row.title === null ? {} : { title: row.title }),
    metadata: JSON.parse(row.metadata) as Record<string, unknown>,
    ...(row.acl === null ? {} : { acl: JSON.parse(row.acl) as Acl }),
    sizeBytes: row.size_bytes,
    receivedAtMs: row.received_at,
  }
}
