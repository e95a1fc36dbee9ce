/** Wires the index, the parsers and the retrieval pipeline, and names the index definition that they make together. */
import type { DocumentIndexEngine } from '../contracts/document-index.ts'
import type { PassageFinder, Reranker } from '../contracts/retrieval.ts'
import type { ChunkerExtension } from '../contracts/chunker.ts'
import { analyseQuery, analyseText, prepareAnalysis } from '../foundation/text/analysis.ts'
import { synonymTerms } from '../foundation/text/synonyms.ts'
import { adoptIndex, servingIndex } from '../foundation/storage/live-indexes.ts'
import { createFollowingIndex, type FollowingIndex } from '../knowledge/document-index/following-index.ts'
import type { DocumentAnalysis } from '../knowledge/ingestion/ingest-parts.ts'
import { createParserPool } from '../knowledge/ingestion/parsers/parser-pool.ts'
import { createPassageFinder } from '../knowledge/retrieval/passage-finder.ts'
import { createRerankers } from '../knowledge/retrieval/rerankers/catalog.ts'
import type { DocumentIndex } from '../contracts/document-index.ts'
import { createFirstStage } from '../knowledge/retrieval/retrievers/catalog.ts'
import { configuredChunker } from './configured-chunker.ts'
import { createDenseChunks, type DenseRetriever } from '../knowledge/retrieval/retrievers/dense-chunks.ts'
import { createIndexOpener, readingDefinition, type OpenedLiveIndex } from './compose-index.ts'
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
  const { chunker, definition: cut } = configuredChunker(loaded.config.index.chunker, chunkers)
  const reading = readingDefinition(cut)
  const indexes = await createIndexOpener({
    engine,
    tenant,
    loaded,
    dataDirectory: foundation.dataDirectory,
    clock,
    chunker: cut,
  })
  await adoptIndex(state, tenant, indexes.configured, reading, clock.now())
  const index = createFollowingIndex({ place: () => servingIndex(state, tenant), open: indexes.open })
  // Opened now, so that damage is told at the start.
  await index.stats()
  await prepareAnalysis(await documents.languages(tenant))
  const externals = createExternalIndexes(loaded.config, { clock, readSecret })
  return {
    reading,
    engine,
    index,
    indexes,
    pinReranker: (name) => known.get(name)?.id ?? name,
    closeExternals: async () => void (await Promise.all([...externals.values()].map((external) => external.close()))),
    parser: createParserPool({ size, timeoutMs, memoryMb, limits, clock }),
    chunker,
    passages: findIn(index, (work) => index.use(work)),
    passagesOf: (opened) => findIn(opened.index, (work) => work(opened)),
  }

  function findIn(searched: DocumentIndex, use: FollowingIndex<OpenedLiveIndex>['use']): PassageFinder {
    return createPassageFinder({
      retrievers: { ...createFirstStage({ index: searched }), dense: denseChunks(use) },
      externals,
      log: foundation.log,
      externalDocuments: foundation.externalDocuments,
      chunker,
      chunksOf: (wanted, filter) => searched.chunksOf(wanted, filter),
      rerankers: known,
      documents,
      access,
      analyse: (text, languages) => {
        const analysed = analyseQuery(text, { languages: languages.slice(0, QUERY_LANGUAGES) })
        return { text, ...analysed, related: synonymTerms(text, analysed.language) }
      },
    })
  }
}

/** The question's vector and the vectors that it is compared with are of one model, also while the index is switched. */
function denseChunks(use: FollowingIndex<OpenedLiveIndex>['use']): DenseRetriever {
  return {
    id: 'dense-chunks',
    retrieve: (...search) =>
      use(async ({ index, encoder }) =>
        encoder === undefined ? { hits: [] } : createDenseChunks(index, encoder).retrieve(...search),
      ),
  }
}
