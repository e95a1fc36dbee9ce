/** The product's retrieval over a generated corpus: its first stage, fusion, second lock and reranker; only the state is generated. */
import type { DocumentReader } from '../../src/contracts/document-store.ts'
import type { AccessControl } from '../../src/contracts/asker.ts'
import type { DocumentIndex } from '../../src/contracts/document-index.ts'
import type { PassageFinder } from '../../src/contracts/retrieval.ts'
import { analyseQuery } from '../../src/foundation/text/analysis.ts'
import { createPassageFinder } from '../../src/knowledge/retrieval/passage-finder.ts'
import { createRerankers } from '../../src/knowledge/retrieval/rerankers/catalog.ts'
import { createFirstStage } from '../../src/knowledge/retrieval/retrievers/catalog.ts'
import type { QueryEncoder } from '../../src/knowledge/retrieval/query-encoder.ts'
import { DIMENSIONS, type ScaledCorpus } from './scaled-corpus.ts'

const OPEN: AccessControl = {
  authorise: () => Promise.reject(new Error('askers of this bench are made, not established')),
  readableNow: async (_asker, ids) => new Set(ids),
}

/** Of random directions: their cosines spread like this. */
const BACKGROUND = { mean: 0, deviation: 1 / Math.sqrt(DIMENSIONS) }

/** @param access what the second lock asks; without it, everybody reads everything now */
export function createScaledFinder(index: DocumentIndex, corpus: ScaledCorpus, access: AccessControl = OPEN): PassageFinder {
  const documents: DocumentReader = {
    load: async (_tenant, ids) => new Map(ids.map((id) => [id, corpus.document(id)])),
    versionText: async (_tenant, id) => corpus.document(id).text,
    matching: async () => [],
    languages: async () => ['en'],
    readableValues: async () => ({ sources: ['scale'], languages: ['en'] }),
    countReadable: async (_tenant, scopes) => ({ documents: scopes.length, sources: ['scale'] }),
  }
  const encoder: QueryEncoder = {
    languages: [],
    reordersOnly: false,
    encode: async (text) => ({ vector: corpus.questionVector(text), background: BACKGROUND }),
  }
  return createPassageFinder({
    retrievers: createFirstStage({ index, encoder }),
    externals: new Map(),
    log: () => {},
    externalDocuments: { remember: () => {} },
    chunker: { chunk: () => [] },
    chunksOf: (ids, filter) => index.chunksOf(ids, filter),
    rerankers: createRerankers(),
    documents,
    access,
    analyse: (text, languages) => ({ text, ...analyseQuery(text, { languages }) }),
  })
}
