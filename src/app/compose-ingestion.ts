/** Wires sources to ingestion: configured and ad-hoc folders, one run at a time, watching while a server runs. */
import { stat } from 'node:fs/promises'
import { basename, resolve } from 'node:path'
import type { IngestReport } from '../contracts/ingest-report.ts'
import { parsePrincipal } from '../foundation/access/principal.ts'
import { isTouchstoneError, messageOf, TouchstoneError, toTouchstoneError } from '../foundation/errors/touchstone-error.ts'
import { contentHash } from '../foundation/hashing/content-hash.ts'
import { createPushedContents } from '../foundation/storage/pushed-repository.ts'
import { liftRestoreMark, restoreMarks } from '../foundation/storage/restore-marks.ts'
import { setSourceState, storedSources, summariseSources } from '../foundation/storage/source-repository.ts'
import { ingestDocuments } from '../knowledge/ingest-documents.ts'
import type { IngestParts, IngestSource } from '../knowledge/ingestion/ingest-parts.ts'
import { WITHHELD_MARK } from '../knowledge/ingestion/apply-permissions.ts'
import { isIndexLost } from '../knowledge/ingestion/lost-index.ts'
import { compareIndex, repairIndex, type IndexDifference } from '../knowledge/ingestion/repair-index.ts'
import { settleIndex } from '../knowledge/ingestion/settle-index.ts'
import { addHealth } from '../knowledge/health/source-health.ts'
import { connectorCatalog } from '../knowledge/connectors/catalog.ts'
import { documentAnalysis } from './compose-knowledge.ts'
import { discardRetired } from './index-lifecycle/collect-indexes.ts'
import { followIndexes } from './index-lifecycle/follow-indexes.ts'
import type { SourceStatus } from '../contracts/source-status.ts'
import type { Application, IngestProgress, IngestRequest } from './application.ts'
import type { Foundation, Knowledge } from './composition.ts'
import { connectorOptions } from './config.ts'
import { inheritedEnvironment } from './config-environment.ts'
import { readSecret } from './load-config.ts'
import { takeIngestLease } from './ingest-lease.ts'
import { createStaleness } from './source-policy.ts'
import { cacheDirectory, isConnected, removeAddedSource, withdrawSource } from './withdraw-source.ts'
import { JOB_LEASE_MS, startIngestWorker } from './worker/ingest-worker.ts'

export interface Ingestion extends Pick<Application, 'ingest' | 'sources' | 'removeSource'> {
  /**
   * Reads the configured sources when nothing was ever read, waiting for another process that does; otherwise those whose
   * documents are withheld because their last sync is too old, as far as they can be read now.
   */
  ingestWhenEmpty(request: Pick<IngestRequest, 'onProgress' | 'signal'>): Promise<IngestReport | undefined>
  /** Adds a folder as an ad-hoc source, kept with the state. @returns its id @throws TouchstoneError SOURCE_PATH_MISSING, PRINCIPAL_INVALID */
  addFolder(path: string, readers?: readonly string[]): Promise<string>
  /** Watches sources and refreshes them on schedule until `stopIngestion`. */
  startWatching(): Promise<void>
  stopIngestion(): Promise<void>
  /** Where the index does not hold what the state says. Reads only. */
  compareIndex(): Promise<IndexDifference>
}

const WAIT_MS = 500

export function composeIngestion(foundation: Foundation, knowledge: Knowledge): Ingestion {
  const { state, tenant, clock } = foundation
  let stopWorker = async (): Promise<void> => {}
  const ingest = (request: IngestRequest): Promise<IngestReport> => runIngest(foundation, knowledge, request)
  const isEmpty = async (): Promise<boolean> => {
    const read = (await summariseSources(state, tenant)).some((source) => source.lastSyncAtMs !== null)
    if (!read || !(await areReadUnder(foundation, knowledge.reading))) return true
    return isIndexLost(await ingestParts(foundation, knowledge))
  }
  return {
    ingest,
    sources: async ({ health = false } = {}) => {
      const statuses = await listSources(foundation)
      return health ? addHealth(statuses, { ...foundation, staleAfterDays: createStaleness(foundation.loaded.config) }) : statuses
    },
    addFolder: (path, readers) => addFolder(foundation, path, readers),
    removeSource: (id) =>
      removeAddedSource(
        foundation,
        id,
        () => takeIngestLease(foundation.store, tenant, foundation),
        async () => {
          await settleIndex(await ingestParts(foundation, knowledge))
          await followIndexes(foundation, knowledge, new AbortController().signal)
        },
      ),
    ingestWhenEmpty: async (request) => {
      while (await isEmpty()) {
        if (Object.keys(foundation.loaded.config.sources).length === 0 && (await storedSources(state, tenant)).length === 0)
          return undefined
        try {
          return await ingest({ ...request })
        } catch (error) {
          if (!isTouchstoneError(error, 'INGEST_RUNNING') || request.signal.aborted) throw error
          await clock.sleep(WAIT_MS, request.signal)
        }
      }
      for (const source of await overdueSources(foundation))
        await ingest({ ...request, source }).catch((error: unknown) =>
          tellUnlessAborted(foundation, source, error, request.signal),
        )
      return undefined
    },
    startWatching: async () => {
      const sources = (): Promise<readonly IngestSource[]> => allSources(foundation)
      const queue = await foundation.store.openJobs(tenant, JOB_LEASE_MS)
      const settings = foundation.loaded.config.ingestion
      const work = async (source: string, signal: AbortSignal): Promise<void> => {
        // A job may outlive its source.
        if (await isConnected(foundation, source)) await ingest({ source, signal })
      }
      const stop = await startIngestWorker({ sources, queue, clock, work, log: foundation.log, ...settings })
      stopWorker = async () => {
        await stop()
        await queue.close()
      }
    },
    stopIngestion: () => stopWorker(),
    compareIndex: () => compareIndex({ state, tenant, index: knowledge.index }),
  }
}

/** False after an upgrade that changed how documents are read: then everything is read again. */
async function areReadUnder({ state, tenant }: Foundation, reading: string): Promise<boolean> {
  const other = await state
    .selectFrom('documents')
    .select('id')
    .where('tenant', '=', tenant)
    .where('definition', '!=', reading)
    .where('change_mark', '!=', WITHHELD_MARK)
    .limit(1)
    .executeTakeFirst()
  return other === undefined
}

/** Sources that were read once and whose documents are withheld since. */
async function overdueSources({ served, tenant }: Foundation): Promise<string[]> {
  const standings = await served.standings(tenant)
  return standings
    .filter(({ connection, isLagExceeded, lastSyncAtMs }) => connection !== 'removed' && isLagExceeded && lastSyncAtMs !== null)
    .map(({ id }) => id)
}

function tellUnlessAborted({ log }: Foundation, source: string, error: unknown, signal: AbortSignal): void {
  if (signal.aborted) throw error
  log(`source ${source} is withheld, and cannot be read now: ${messageOf(error)}`)
}

async function runIngest(foundation: Foundation, knowledge: Knowledge, request: IngestRequest): Promise<IngestReport> {
  const sources = await wantedSources(foundation, request.source)
  const lease = await takeIngestLease(foundation.store, foundation.tenant, foundation)
  const signal = AbortSignal.any([request.signal, lease.lost])
  const reports: IngestReport[] = []
  try {
    const parts = await ingestParts(foundation, knowledge)
    await discardRetired(foundation, knowledge)
    await restoreIndex(parts, request, signal)
    if (request.source === undefined) await withdrawForgottenSources(foundation)
    for (const source of sources) {
      const tell = (progress: Omit<IngestProgress, 'phase'>): void => request.onProgress?.({ phase: 'reading', ...progress })
      request.onProgress?.({ phase: 'listing', done: 0, total: 0, document: source.id })
      const onProgress = (done: number, total: number, document: string): void => tell({ done, total, document })
      const run = ingestDocuments({ source, onProgress, signal }, parts).finally(() => source.connector.settle?.())
      reports.push(sources.length === 1 ? await run : await run.catch((error: unknown) => failedRun(source, error, signal)))
      // The age of this sync begins to be watched now, and what was removed meanwhile must not come back.
      await foundation.served.ids(foundation.tenant)
      if (!(await isConnected(foundation, source.id))) await withdrawSource(foundation, source.id)
      request.onProgress?.({ phase: 'finishing', done: 1, total: 1 })
    }
    await followIndexes(foundation, knowledge, signal)
    return sumReports(reports)
  } catch (error) {
    throw request.signal.aborted ? new TouchstoneError('REQUEST_CANCELLED', { cause: error }) : error
  } finally {
    await lease.release()
  }
}

/** Of the index that serves now: which one does not change while the ingest lease is held. */
export async function ingestParts({ state, tenant, clock, loaded }: Foundation, knowledge: Knowledge): Promise<IngestParts> {
  const { index, parser, chunker, reading } = knowledge
  const concurrency = loaded.config.ingestion.parserProcesses * 2
  return index.use(async ({ name: definition, embedding, lacksEmbedding }) => {
    const served = { reading, definition, lacksEmbedding, ...(embedding === undefined ? {} : { embedding }) }
    return { state, tenant, clock, index, parser, chunker, analysis: documentAnalysis, concurrency, ...served }
  })
}

/** What the index lost, or a restore could not bring, is made again from the stored texts. */
async function restoreIndex(parts: IngestParts, request: IngestRequest, signal: AbortSignal): Promise<void> {
  const { state, tenant } = parts
  const isMarked = (await restoreMarks(state, tenant)).some(({ kind }) => kind === 'index')
  if (!isMarked && !(await isIndexLost(parts))) return
  await repairIndex(parts, (done, total) => request.onProgress?.({ phase: 'indexing', done, total }), signal)
  await liftRestoreMark(state, tenant, ['index'], '')
}

export async function allSources(foundation: Foundation): Promise<IngestSource[]> {
  const { loaded, state, tenant } = foundation
  const configured = Object.entries(loaded.config.sources).map(([id, options]) => ({ id, options }))
  const adHoc = (await storedSources(state, tenant)).filter((stored) => !(stored.id in loaded.config.sources))
  return [...configured, ...adHoc].map(({ id, options }) => {
    const { kind } = options
    const extension = connectorCatalog.find((candidate) => candidate.id === kind)
    if (extension === undefined) throw new TouchstoneError('SOURCE_UNKNOWN', { details: { source: id, known: kind } })
    const parts = {
      sourceId: id,
      baseDirectory: loaded.baseDirectory,
      cacheDirectory: cacheDirectory(foundation, id),
      environment: inheritedEnvironment(),
      readSecret,
      pushed: createPushedContents(state, tenant),
    }
    const { isKeptInState = false } = extension
    return { id, kind, isKeptInState, connector: extension.create(extension.parseOptions(connectorOptions(options)), parts) }
  })
}

async function wantedSources(foundation: Foundation, wanted: string | undefined): Promise<IngestSource[]> {
  const sources = await allSources(foundation)
  if (wanted === undefined) return sources
  const found = sources.find((source) => source.id === wanted)
  if (found !== undefined) return [found]
  throw new TouchstoneError('SOURCE_UNKNOWN', { details: { source: wanted, known: sources.map((source) => source.id) } })
}

async function addFolder(foundation: Foundation, path: string, readers: readonly string[] | undefined): Promise<string> {
  const { state, tenant, loaded } = foundation
  const absolute = resolve(path)
  const name =
    basename(absolute)
      .toLowerCase()
      .replace(/[^a-z0-9._-]+/g, '-')
      .replace(/^[^a-z0-9]+/, '') || 'folder'
  const taken = (await storedSources(state, tenant)).find((stored) => stored.id === name)
  const free = !(name in loaded.config.sources) && (taken === undefined || taken.options['path'] === absolute)
  const id = free ? name : `${name}-${contentHash(absolute).slice(0, 6)}`
  const isFolder = await stat(absolute).then(
    (stats) => stats.isDirectory(),
    () => false,
  )
  if (!isFolder) throw new TouchstoneError('SOURCE_PATH_MISSING', { details: { source: id, path: absolute } })
  const access = readers === undefined ? [] : [{ path: '**', readers: readers.map(parsePrincipal) }]
  const options = { kind: 'folder', path: absolute, access }
  await setSourceState(state, tenant, { id, kind: 'folder', options }, 'syncing')
  return id
}

/** A source that is neither configured nor ad-hoc any more is withheld; a whole run deletes what is kept of it. */
async function withdrawForgottenSources(foundation: Foundation): Promise<void> {
  for (const { id, connection } of await foundation.served.standings(foundation.tenant))
    if (connection === 'removed') await withdrawSource(foundation, id)
}

async function listSources(foundation: Foundation): Promise<SourceStatus[]> {
  const { state, tenant, loaded, served } = foundation
  const standings = new Map((await served.standings(tenant)).map((standing) => [standing.id, standing]))
  const known = (await summariseSources(state, tenant)).map((source): SourceStatus => {
    const standing = standings.get(source.id)
    const withheld = standing?.isServed === false ? (standing.connection === 'removed' ? 'removed' : 'lag-exceeded') : undefined
    const reason = standing?.restore ?? withheld
    return { ...(source as SourceStatus), ...(reason === undefined ? {} : { withheld: reason }) }
  })
  const configured = Object.entries(loaded.config.sources)
    .filter(([id]) => !known.some((source) => source.id === id))
    .map(([id, { kind }]): SourceStatus => ({
      id,
      kind,
      documents: 0,
      chunks: 0,
      failures: 0,
      lastSyncAtMs: null,
      state: 'never',
    }))
  return [...known, ...configured].sort((left, right) => (left.id < right.id ? -1 : 1))
}

/** One source that cannot be read must not keep the others from being read. */
function failedRun(source: IngestSource, error: unknown, signal: AbortSignal): IngestReport {
  const failure = toTouchstoneError(error)
  if (signal.aborted || failure.code === 'DISK_FULL' || failure.code === 'INTERNAL') throw error
  const documents = { added: 0, changed: 0, deleted: 0, unchanged: 0, failed: 1 }
  return { documents, chunks: 0, seconds: 0, failures: [{ document: source.id, code: failure.code, message: failure.message }] }
}

function sumReports(reports: readonly IngestReport[]): IngestReport {
  const sum = (of: (report: IngestReport) => number): number => reports.reduce((total, report) => total + of(report), 0)
  return {
    documents: {
      added: sum((report) => report.documents.added),
      changed: sum((report) => report.documents.changed),
      deleted: sum((report) => report.documents.deleted),
      unchanged: sum((report) => report.documents.unchanged),
      failed: sum((report) => report.documents.failed),
    },
    chunks: sum((report) => report.chunks),
    seconds: sum((report) => report.seconds),
    failures: reports.flatMap((report) => report.failures),
  }
}
