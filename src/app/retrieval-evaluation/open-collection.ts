/** A test collection behind the real ingestion, state and index, in a data folder of its own. Knows nothing of judgements. */
import { basename, join } from 'node:path'
import type { CallerIdentity } from '../../contracts/asker.ts'
import type { DocumentId } from '../../contracts/identity.ts'
import type { IngestReport } from '../../contracts/ingest-report.ts'
import { createPrincipalDirectory } from '../../foundation/access/principal-directory.ts'
import { TouchstoneError } from '../../foundation/errors/touchstone-error.ts'
import { contentHash } from '../../foundation/hashing/content-hash.ts'
import { ingestDocuments } from '../../knowledge/ingest-documents.ts'
import { documentId } from '../../knowledge/ingestion/source-plan.ts'
import type { CollectionDocument } from '../../lifecycle/evaluation/retrieval/judged-collection.ts'
import { ingestParts } from '../compose-ingestion.ts'
import { composeKnowledge, type FurtherExtensions } from '../compose-knowledge.ts'
import { composeFoundation, type ComposeOptions } from '../compose.ts'
import type { Foundation, Knowledge } from '../composition.ts'
import { createScratchEngine } from '../index-engine.ts'
import { discardRetired } from '../index-lifecycle/collect-indexes.ts'
import { buildConfigured } from '../index-lifecycle/follow-configuration.ts'
import { switchIndex } from '../index-lifecycle/switch-index.ts'
import { takeIngestLease } from '../ingest-lease.ts'
import type { LoadedConfig } from '../load-config.ts'
import { createCollectionSource } from './collection-connector.ts'

export interface OpenCollection {
  readonly foundation: Foundation
  readonly knowledge: Knowledge
  readonly caller: CallerIdentity
  /** The collection's own ids. */
  readonly idOf: ReadonlyMap<DocumentId, string>
  readonly ingest: IngestReport
  /** Documents with neither title nor text. */
  readonly empty: number
  close(): Promise<void>
}

export interface OpenCollectionOptions extends ComposeOptions, FurtherExtensions {
  readonly onProgress?: (done: number, total: number) => void
  readonly signal: AbortSignal
}

const SOURCE = 'corpus'
const USER = 'evaluator'

/** Where the index of a judged folder is kept from one evaluation to the next. @param directory absolute */
export function collectionFolder(dataDirectory: string, directory: string): string {
  return join(dataDirectory, 'evaluation', `${basename(directory)}-${contentHash(directory).slice(0, 8)}`)
}

/**
 * Ingests what changed since the folder was last used: the second evaluation of a collection begins at once.
 * @param loaded how features retrieve and documents are read; its sources, users and database are left alone
 * @throws TouchstoneError INGEST_RUNNING when another process reads into the same folder, REQUEST_CANCELLED, STATE_*, INDEX_*
 */
export async function openCollection(
  documents: readonly CollectionDocument[],
  loaded: LoadedConfig,
  options: OpenCollectionOptions,
): Promise<OpenCollection> {
  const { store: _store, ...config } = loaded.config
  const sources = { [SOURCE]: { kind: 'collection', maxLagMinutes: null } }
  const foundation = await composeFoundation({ ...loaded, config: { ...config, sources, store: {} } }, options)
  const { tenant } = foundation
  const user = { id: USER, name: USER, disabled: false, groups: [] }
  await createPrincipalDirectory(foundation.state).replaceAll(tenant, 'config', [user], [])
  const engine = createScratchEngine(loaded, options.dataDirectory, foundation)
  const knowledge = await composeKnowledge(foundation, engine, options)
  const close = async (): Promise<void> => {
    await knowledge.parser.close()
    await knowledge.index.close()
    await knowledge.indexes.close()
    await foundation.store.close()
  }
  try {
    await serveConfigured(foundation, knowledge, options.signal)
    const { connector, idOfPath, empty } = createCollectionSource(documents)
    const ingest = await ingestCollection({ id: SOURCE, kind: 'collection', connector }, foundation, knowledge, options)
    const idOf = new Map([...idOfPath].map(([path, id]) => [documentId(SOURCE, path), id]))
    return { foundation, knowledge, caller: { tenant, user: USER }, idOf, ingest, empty, close }
  } catch (error) {
    await close()
    throw options.signal.aborted ? new TouchstoneError('REQUEST_CANCELLED', { cause: error }) : error
  }
}

/** What is measured is what is configured, whatever was measured here before. */
async function serveConfigured(foundation: Foundation, knowledge: Knowledge, signal: AbortSignal): Promise<void> {
  const name = await buildConfigured(foundation, knowledge, { signal })
  await switchIndex(name, foundation, knowledge, { signal, action: 'switch' })
}

async function ingestCollection(
  source: Parameters<typeof ingestDocuments>[0]['source'],
  foundation: Foundation,
  knowledge: Knowledge,
  { onProgress, signal }: OpenCollectionOptions,
): Promise<IngestReport> {
  const lease = await takeIngestLease(foundation.store, foundation.tenant, foundation)
  try {
    await discardRetired(foundation, knowledge)
    const run = {
      source,
      onProgress: (done: number, total: number) => onProgress?.(done, total),
      signal: AbortSignal.any([signal, lease.lost]),
    }
    return await ingestDocuments(run, await ingestParts(foundation, knowledge))
  } finally {
    await lease.release()
  }
}
