/** Wires the index, the parsers and the retrieval pipeline, and names the index definition that they make together. */
import type { DocumentIndexEngine } from '../contracts/document-index.ts'
import type { ChunkerExtension } from '../contracts/chunker.ts'
import type { Reranker } from '../contracts/retrieval.ts'
import { canonicalJson, contentHash } from '../foundation/hashing/content-hash.ts'
import { analyseQuery, analyseText, ANALYSIS_VERSION, prepareAnalysis } from '../foundation/text/analysis.ts'
import { synonymTerms } from '../foundation/text/synonyms.ts'
import { readGeneration } from '../foundation/storage/generations.ts'
import { createFollowingIndex, indexName } from '../knowledge/document-index/following-index.ts'
import type { DocumentAnalysis } from '../knowledge/ingestion/ingest-parts.ts'
import { parserCatalog } from '../knowledge/ingestion/parsers/catalog.ts'
import { createParserPool } from '../knowledge/ingestion/parsers/parser-pool.ts'
import { createPassageFinder } from '../knowledge/retrieval/passage-finder.ts'
import { createQueryEncoder } from '../knowledge/retrieval/query-encoder.ts'
import { createRerankers } from '../knowledge/retrieval/rerankers/catalog.ts'
import { createFirstStage } from '../knowledge/retrieval/retrievers/catalog.ts'
import { configuredChunker, type ConfiguredChunker } from './configured-chunker.ts'
import { indexShape, openEmbedding } from './compose-embedding.ts'
import { createExternalIndexes } from './external-indexes.ts'
import { readSecret } from './load-config.ts'
import type { Foundation, Knowledge } from './composition.ts'
import { readRankingModels } from './ranking-models.ts'

export const documentAnalysis: DocumentAnalysis = { terms: analyseText }

/** Languages that a question is analysed in, at most; rarer ones are mostly misread short documents. */
const QUERY_LANGUAGES = 6

/** Beside those of the catalogues. */
export interface FurtherExtensions {
  readonly rerankers?: ReadonlyMap<string, Reranker>
  readonly chunkers?: readonly ChunkerExtension[]
}

export async function composeKnowledge(
  foundation: Foundation,
  engine: DocumentIndexEngine,
  { rerankers, chunkers }: FurtherExtensions = {},
): Promise<Knowledge> {
  const { loaded, tenant, access, documents, clock, state } = foundation
  const configured = Object.values(loaded.config.features).flatMap(({ retrieval }) => retrieval.rerankers)
  const models = await readRankingModels(configured, loaded.baseDirectory)
  const known = new Map([...createRerankers(models), ...(rerankers ?? [])])
  const { limits, parserProcesses: size, parserTimeoutMs: timeoutMs, parserMemoryMb: memoryMb } = loaded.config.ingestion
  const embedding = await openEmbedding(loaded, foundation.dataDirectory, clock)
  const { chunker, definition: cut } = configuredChunker(loaded.config.index.chunker, chunkers)
  const definition = indexDefinition(cut, embedding?.id)
  const shape = indexShape(engine, embedding)
  const epoch = (): Promise<number> => readGeneration(state, tenant, 'index-epoch')
  const index = createFollowingIndex({ engine, tenant, definition, shape, epoch })
  // Opened now, so that damage is told at the start.
  await index.stats()
  await prepareAnalysis(await documents.languages(tenant))
  const deadlineMs = loaded.config.index.queryDeadlineMs
  const encoder = embedding && createQueryEncoder({ model: embedding, clock, deadlineMs })
  const externals = createExternalIndexes(loaded.config, { clock, readSecret })
  return {
    definition,
    index,
    ...(embedding === undefined ? {} : { embedding }),
    pinReranker: (name) => known.get(name)?.id ?? name,
    closeExternals: async () => void (await Promise.all([...externals.values()].map((external) => external.close()))),
    dropOldIndexes: async () => dropOldIndexes(engine, tenant, definition, await epoch(), clock.now()),
    parser: createParserPool({ size, timeoutMs, memoryMb, limits, clock }),
    chunker,
    passages: createPassageFinder({
      retrievers: createFirstStage({ index, ...(encoder === undefined ? {} : { encoder }) }),
      externals,
      log: foundation.log,
      externalDocuments: foundation.externalDocuments,
      chunker,
      chunksOf: (wanted, filter) => index.chunksOf(wanted, filter),
      rerankers: known,
      documents,
      access,
      analyse: (text, languages) => {
        const analysed = analyseQuery(text, { languages: languages.slice(0, QUERY_LANGUAGES) })
        return { text, ...analysed, related: synonymTerms(text, analysed.language) }
      },
    }),
  }
}

/** Queries that began on the replaced index have long ended. */
const REPLACED_FOR_MS = 60_000

async function dropOldIndexes(
  engine: DocumentIndexEngine,
  tenant: string,
  definition: string,
  epoch: number,
  nowMs: number,
): Promise<void> {
  // An epoch is the time at which it began.
  if (nowMs - epoch < REPLACED_FOR_MS) return
  for (const name of await engine.definitions(tenant)) {
    const isEpoch = name === definition || name.startsWith(`${definition}-`)
    if (isEpoch && name !== indexName(definition, epoch)) await engine.discard(tenant, name)
  }
}

/** Whatever changes what the index holds changes this name, and with it the tables. */
export function indexDefinition(chunker: ConfiguredChunker['definition'], embedding?: string): string {
  const parsers = parserCatalog.map((parser) => `${parser.id}@${parser.version}`)
  const meaning = embedding === undefined ? {} : { embedding }
  const parts = { analysis: ANALYSIS_VERSION, chunker, parsers, ...meaning }
  return contentHash(canonicalJson(parts)).slice(0, 16)
}
