/** From a source to searchable, permission-checked documents: one run. Knows the order of the steps; knows nothing of formats, sources or engines. */
import type { IngestReport } from '../contracts/ingest-report.ts'
import { mapConcurrently } from '../foundation/concurrency/map-concurrently.ts'
import { toTouchstoneError } from '../foundation/errors/touchstone-error.ts'
import { deleteUnreferencedBlobs } from '../foundation/storage/blob-repository.ts'
import { sketchStoredTexts } from '../foundation/storage/document-sketches.ts'
import { completeSource, setSourceState } from '../foundation/storage/source-repository.ts'
import { applyPermissions, keepDocument, withholdDocument } from './ingestion/apply-permissions.ts'
import { createPublisher } from './ingestion/document-batches.ts'
import type { IngestParts, IngestSource } from './ingestion/ingest-parts.ts'
import { prepareDocument, type PreparedDocument } from './ingestion/prepare-document.ts'
import { type FailureRow, rememberFailures } from './ingestion/remember-failures.ts'
import { settleIndex } from './ingestion/settle-index.ts'
import { documentId, planSource, type SourcePlan } from './ingestion/source-plan.ts'

export interface IngestRun {
  readonly source: IngestSource
  /** Called after each document; `total` is what must be read. */
  readonly onProgress: (done: number, total: number, document: string) => void
  readonly signal: AbortSignal
  /** The connector lists just these paths: of others nothing is concluded, and what concerns the whole source is left to a whole run. */
  readonly only?: readonly string[]
}

/**
 * Resumable: whatever a killed run made visible stays, and the next run goes on from there.
 * One at a time per tenant; the caller holds the lease. A listing may miss what changes meanwhile: a sync is as old as its beginning.
 * @throws TouchstoneError SOURCE_PATH_MISSING, SOURCE_LISTING_FAILED, INDEX_UNAVAILABLE, DISK_FULL; a single document's error is a failure in the report
 */
export async function ingestDocuments(run: IngestRun, parts: IngestParts): Promise<IngestReport> {
  const { source, signal } = run
  const [began, listedAtMs] = [parts.clock.elapsed(), parts.clock.now()]
  await setSourceState(parts.state, parts.tenant, source, 'syncing')
  try {
    const listing = await Array.fromAsync(source.connector.list(signal))
    const plan = await planSource(parts.state, parts.tenant, source.id, parts.reading, listing, run.only)
    await applyPermissions(plan, source, parts)
    await settleIndex(parts)
    const outcome = await ingestChanged(plan, run, parts)
    await settleIndex(parts)
    const isWhole = run.only === undefined
    if (isWhole && (outcome.chunks > 0 || plan.gone.length > 0)) await parts.index.optimise()
    if (isWhole) await deleteUnreferencedBlobs(parts.state, parts.tenant)
    if (isWhole) await sketchStoredTexts(parts.state, parts.tenant)
    await rememberFailures(outcome.failures, source, parts, run.only)
    await completeSource(parts.state, parts.tenant, source, listedAtMs)
    return toReport(plan, outcome, (parts.clock.elapsed() - began) / 1_000)
  } catch (error) {
    await setSourceState(parts.state, parts.tenant, source, 'failed').catch(() => {})
    throw error
  }
}

interface Outcome {
  added: number
  changed: number
  untouched: number
  chunks: number
  readonly failures: FailureRow[]
}

async function ingestChanged(plan: SourcePlan, run: IngestRun, parts: IngestParts): Promise<Outcome> {
  const outcome: Outcome = { added: 0, changed: 0, untouched: 0, chunks: 0, failures: [...plan.failures] }
  const attempt = async (entry: SourcePlan['changed'][number]): Promise<Attempt> => {
    const visible = entry.known?.definition === parts.reading ? entry.known.version : undefined
    return prepareDocument(entry.item, visible, run.source, parts, run.signal).then(
      (prepared) => ({ ...entry, prepared }),
      (error: unknown) => ({ ...entry, error }),
    )
  }
  const publisher = createPublisher(run.source, parts, run.signal)
  let done = 0
  try {
    for await (const result of mapConcurrently(plan.changed, parts.concurrency, attempt)) {
      run.signal.throwIfAborted()
      if (result.error !== undefined) outcome.failures.push(await failDocument(result, run.source, parts))
      else if (result.prepared === undefined) {
        outcome.untouched++
        if (result.known !== undefined) await keepDocument({ item: result.item, known: result.known }, run.source, parts)
      } else {
        await publisher.add(result.prepared)
        outcome.chunks += result.prepared.chunks.length
        outcome[result.known === undefined ? 'added' : 'changed']++
      }
      run.onProgress(++done, plan.changed.length, result.item.path)
    }
    await publisher.finish()
  } finally {
    await publisher.settle()
  }
  return outcome
}

type Attempt = SourcePlan['changed'][number] & { readonly prepared?: PreparedDocument | undefined; readonly error?: unknown }

async function failDocument(attempt: Attempt, source: IngestSource, parts: IngestParts): Promise<FailureRow> {
  const failure = toTouchstoneError(attempt.error)
  if (failure.code === 'DISK_FULL') throw failure
  const id = documentId(source.id, attempt.item.path)
  // A file that is being written is read again next time; until then its last version stands.
  if (attempt.known !== undefined && failure.code !== 'SOURCE_ITEM_CHANGED') await withholdDocument(id, source.id, parts)
  return {
    document: id,
    code: failure.code,
    message: failure.message,
    changeMark: `${parts.reading}/${attempt.item.changeMark}`,
  }
}

function toReport(plan: SourcePlan, outcome: Outcome, seconds: number): IngestReport {
  const failures = outcome.failures.map(({ document, code, message }) => ({ document, code, message }))
  const unchanged = plan.unchanged.length + outcome.untouched
  const { added, changed, chunks } = outcome
  const documents = { added, changed, deleted: plan.gone.length, unchanged, failed: failures.length }
  return { documents, chunks, seconds: Math.round(seconds * 1_000) / 1_000, failures }
}
