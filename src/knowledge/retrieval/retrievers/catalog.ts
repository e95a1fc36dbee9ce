/** The retrievers that exist, and the two lists that the pipeline fuses. */
import type { Retriever } from '../../../contracts/retrieval.ts'
import { lexicalChunks } from './lexical-chunks.ts'
import { lexicalDocuments } from './lexical-documents.ts'
import type { RetrieverParts } from './lexical-retriever.ts'

export const retrieverCatalog = [lexicalChunks, lexicalDocuments] as const

/** The first stage: one list of chunks, one of documents. */
export interface FirstStage {
  readonly chunks: Retriever
  readonly documents: Retriever
}

/** The first stage with its default weights. */
export function createFirstStage(parts: RetrieverParts): FirstStage {
  return {
    chunks: lexicalChunks.create(lexicalChunks.parseOptions({}), parts),
    documents: lexicalDocuments.create(lexicalDocuments.parseOptions({}), parts),
  }
}
