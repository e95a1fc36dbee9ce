/** Names the index definition that the configuration makes, and opens an index with what belongs to it. Knows which models there are; knows nothing of which index serves. */
import type { DocumentIndex, DocumentIndexEngine, IndexShape } from '../contracts/document-index.ts'
import type { EmbeddingModel } from '../contracts/embedding-model.ts'
import type { Clock } from '../foundation/concurrency/clock.ts'
import { isTouchstoneError, TouchstoneError } from '../foundation/errors/touchstone-error.ts'
import { canonicalJson, contentHash } from '../foundation/hashing/content-hash.ts'
import type { IndexDefinition, LiveIndex } from '../foundation/storage/live-indexes.ts'
import { ANALYSIS_VERSION } from '../foundation/text/analysis.ts'
import { indexName } from '../knowledge/document-index/following-index.ts'
import { parserCatalog } from '../knowledge/ingestion/parsers/catalog.ts'
import { createQueryEncoder, type QueryEncoder } from '../knowledge/retrieval/query-encoder.ts'
import { openEmbedding } from './compose-embedding.ts'
import type { ConfiguredChunker } from './configured-chunker.ts'
import { STATIC_EMBEDDING } from './config.ts'
import type { LoadedConfig } from './load-config.ts'

/** What a definition's content says, for people. */
export interface DefinitionContent {
  readonly analysis: number
  readonly chunker: { readonly id: string; readonly version: number; readonly options: unknown }
  readonly parsers: readonly string[]
  readonly embedding?: string
}

/** What an index by meaning is written and asked with. */
interface Meaning {
  readonly embedding: EmbeddingModel
  readonly encoder: QueryEncoder
}

export interface OpenedLiveIndex extends Partial<Meaning> {
  readonly name: string
  readonly index: DocumentIndex
  /** It has vectors, and they cannot be made: the configuration does not name what makes them, or names another model so. */
  readonly lacksEmbedding: boolean
}

export interface IndexOpener {
  readonly configured: IndexDefinition
  open(live: LiveIndex): Promise<OpenedLiveIndex>
  /** Opened indexes must be closed before. */
  close(): Promise<void>
}

export interface IndexOpenerParts {
  readonly chunker: ConfiguredChunker['definition']
  readonly engine: DocumentIndexEngine
  readonly tenant: string
  readonly loaded: LoadedConfig
  readonly dataDirectory: string
  readonly clock: Clock
}

/** A model is opened once, whichever indexes need it. @throws TouchstoneError ENCODER_INVALID, EMBEDDING_CORRUPT, CONFIG_INVALID */
export async function createIndexOpener({
  engine,
  tenant,
  loaded,
  dataDirectory,
  clock,
  chunker,
}: IndexOpenerParts): Promise<IndexOpener> {
  const { embedding: chosen, queryDeadlineMs: deadlineMs } = loaded.config.index
  const opened = new Map<string, Promise<Meaning>>()
  const openModel = (name: string): Promise<Meaning> => {
    const known = opened.get(name)
    if (known !== undefined) return known
    const model = openEmbedding(name, loaded, dataDirectory, clock)
    const meaning = model.then((embedding) => ({
      embedding,
      encoder: createQueryEncoder({ model: embedding, clock, deadlineMs }),
    }))
    opened.set(name, meaning)
    return meaning
  }
  const configured = await configuredIndex(chosen, engine, chunker, async (name) => (await openModel(name)).embedding)
  return {
    configured,
    open: async (live) => {
      const { name, epoch, embedding } = live
      const meaning = embedding === undefined ? undefined : await modelOf(live, loaded, openModel)
      const index = await engine.open(tenant, indexName(name, epoch), shapeOf(live))
      return { name, index, ...meaning, lacksEmbedding: embedding !== undefined && meaning === undefined }
    },
    close: async () => {
      for (const meaning of opened.values()) await meaning.then(({ embedding }) => embedding.close()).catch(() => {})
    },
  }
}

async function configuredIndex(
  chosen: string | null,
  engine: DocumentIndexEngine,
  chunker: ConfiguredChunker['definition'],
  open: (name: string) => Promise<EmbeddingModel>,
): Promise<IndexDefinition> {
  if (chosen === null) return indexDefinition(chunker)
  const model = await open(chosen)
  requireRoom(engine, model)
  return { ...indexDefinition(chunker, model.id), embedding: { name: chosen, dimensions: model.dimensions } }
}

/** @throws TouchstoneError CONFIG_INVALID when the engine cannot hold such vectors */
function requireRoom(engine: DocumentIndexEngine, { id, dimensions }: EmbeddingModel): void {
  const most = engine.vectors?.maxDimensions ?? 0
  if (dimensions <= most) return
  const problems = `  - index.embedding: ${id} has ${dimensions} dimensions; the index ${engine.id} holds ${most}`
  throw new TouchstoneError('CONFIG_INVALID', { details: { path: 'index.embedding', count: 1, problems } })
}

/** Nothing where the configuration does not name it any more, or names another model so. */
async function modelOf(
  { embedding, content }: LiveIndex,
  { config }: LoadedConfig,
  openModel: (name: string) => Promise<Meaning>,
): Promise<Meaning | undefined> {
  const name = embedding?.name ?? ''
  if (name !== STATIC_EMBEDDING && !Object.hasOwn(config.embeddings, name)) return undefined
  try {
    const meaning = await openModel(name)
    return meaning.embedding.id === readContent(content).embedding ? meaning : undefined
  } catch (error) {
    // The configured one was opened before; another that has gone must not keep the product from starting.
    if (isTouchstoneError(error)) return undefined
    throw error
  }
}

/** What the engine opens it with. */
export function shapeOf({ embedding }: Pick<LiveIndex, 'embedding'>): IndexShape {
  return embedding === undefined ? {} : { vectors: { dimensions: embedding.dimensions } }
}

export function readContent(content: string): DefinitionContent {
  return JSON.parse(content) as DefinitionContent
}

/** Whatever changes what the index holds changes this name, and with it the tables. */
export function indexDefinition(chunker: ConfiguredChunker['definition'], embedding?: string): IndexDefinition {
  const meaning = embedding === undefined ? {} : { embedding }
  const content = canonicalJson({ analysis: ANALYSIS_VERSION, ...readingParts(chunker), ...meaning })
  return { name: contentHash(content).slice(0, 16), content }
}

/** Whatever changes the text of documents or how it is cut changes this name: then every source is read again. */
export function readingDefinition(chunker: ConfiguredChunker['definition']): string {
  return contentHash(canonicalJson(readingParts(chunker))).slice(0, 16)
}

function readingParts(chunker: ConfiguredChunker['definition']): Pick<DefinitionContent, 'chunker' | 'parsers'> {
  const parsers = parserCatalog.map((parser) => `${parser.id}@${parser.version}`)
  return { chunker, parsers }
}
