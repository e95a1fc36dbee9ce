/** The retrievers that exist, and the two lists that the pipeline fuses. */
import type { Retriever } from '../../../contracts/retrieval.ts'
import type { QueryEncoder } from '../query-encoder.ts'
import { createDenseChunks, type DenseRetriever } from './dense-chunks.ts'
import { lexicalChunks } from './lexical-chunks.ts'
import { lexicalDocuments } from './lexical-documents.ts'
import type { RetrieverParts } from './lexical-retriever.ts'

export const retrieverCatalog = [lexicalChunks, lexicalDocuments] as const

/** The first stage: one list of chunks, one of documents, and one by meaning. */
export interface FirstStage {
  readonly chunks: Retriever
  readonly documents: Retriever
  /** Where the index has vectors. */
  readonly dense?: DenseRetriever
}

/** The first stage with its default weights. */
export function createFirstStage({ encoder, ...parts }: RetrieverParts & { readonly encoder?: QueryEncoder }): FirstStage {
  return {
    chunks: lexicalChunks.create(lexicalChunks.parseOptions({}), parts),
    documents: lexicalDocuments.create(lexicalDocuments.parseOptions({}), parts),
    ...(encoder === undefined ? {} : { dense: createDenseChunks(parts.index, encoder) }),
  }
}
