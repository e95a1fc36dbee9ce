/** Wires the index, the parsers and the retrieval pipeline, and names the index definition that they make together. */
import type { DocumentIndexEngine } from '../contracts/document-index.ts'
import { canonicalJson, contentHash } from '../foundation/hashing/content-hash.ts'
import { analyseQuery, analyseText, ANALYSIS_VERSION, prepareAnalysis } from '../foundation/text/analysis.ts'
import { headingPathChunker } from '../knowledge/ingestion/chunkers/heading-path.ts'
import { synonymTerms } from '../foundation/text/synonyms.ts'
import type { DocumentAnalysis } from '../knowledge/ingestion/ingest-parts.ts'
import { parserCatalog } from '../knowledge/ingestion/parsers/catalog.ts'
import { createParserPool } from '../knowledge/ingestion/parsers/parser-pool.ts'
import { createPassageFinder } from '../knowledge/retrieval/passage-finder.ts'
import { createRerankers } from '../knowledge/retrieval/rerankers/catalog.ts'
import { createFirstStage } from '../knowledge/retrieval/retrievers/catalog.ts'
import type { Foundation, Knowledge } from './composition.ts'

export const documentAnalysis: DocumentAnalysis = { terms: analyseText }

/** Languages that a question is analysed in, at most; rarer ones are mostly misread short documents. */
const QUERY_LANGUAGES = 6

export async function composeKnowledge(foundation: Foundation, engine: DocumentIndexEngine): Promise<Knowledge> {
  const { loaded, tenant, access, documents, clock } = foundation
  const { limits, parserProcesses: size, parserTimeoutMs: timeoutMs, parserMemoryMb: memoryMb } = loaded.config.ingestion
  const chunkerOptions = headingPathChunker.parseOptions({})
  const definition = indexDefinition(chunkerOptions)
  const index = await engine.open(tenant, definition)
  await prepareAnalysis(await documents.languages(tenant))
  return {
    definition,
    index,
    parser: createParserPool({ size, timeoutMs, memoryMb, limits, clock }),
    chunker: headingPathChunker.create(chunkerOptions, {}),
    passages: createPassageFinder({
      retrievers: createFirstStage({ index }),
      rerankers: createRerankers(),
      documents,
      access,
      analyse: (text, languages) => {
        const analysed = analyseQuery(text, { languages: languages.slice(0, QUERY_LANGUAGES) })
        return { text, ...analysed, related: synonymTerms(text, analysed.language) }
      },
    }),
  }
}

/** Whatever changes what the index holds changes this name, and with it the tables. */
function indexDefinition(chunkerOptions: unknown): string {
  const { id, version } = headingPathChunker
  const parsers = parserCatalog.map((parser) => `${parser.id}@${parser.version}`)
  const parts = { analysis: ANALYSIS_VERSION, chunker: { id, version, options: chunkerOptions }, parsers }
  return contentHash(canonicalJson(parts)).slice(0, 16)
}
