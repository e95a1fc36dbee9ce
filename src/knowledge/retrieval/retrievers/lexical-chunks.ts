/** Finds chunks by the words of their text, under the names of what contains them. Knows its weights; knows no engine. */
import type { RetrieverExtension } from '../../../contracts/retrieval.ts'
import { parseExtensionOptions } from '../parse-extension-options.ts'
import { createLexicalRetriever, fieldWeightsSchema, type FieldWeights, type RetrieverParts } from './lexical-retriever.ts'

const schema = fieldWeightsSchema({ title: 0.6, path: 0.3, headings: 1, body: 1 })

/** Title and path are the same for all chunks of a document: they place it, and must not drown what a chunk says. */
export const lexicalChunks: RetrieverExtension<FieldWeights, RetrieverParts> = {
  id: 'lexical-chunks',
  version: 1,
  summary: 'BM25 over chunks: text, headings, and the title and path of their document',
  parseOptions: (input) => parseExtensionOptions('lexical-chunks', schema, input),
  create: (weights, { index }) => createLexicalRetriever('lexical-chunks', 'chunks', weights, index),
}
