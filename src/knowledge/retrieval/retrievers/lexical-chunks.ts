/** Finds chunks by the words of their text, under the names of what contains them. Knows its weights; knows no engine. */
import type { RetrieverExtension } from '../../../contracts/retrieval.ts'
import { parseExtensionOptions } from '../parse-extension-options.ts'
import { createLexicalRetriever, fieldWeightsSchema, type FieldWeights, type RetrieverParts } from './lexical-retriever.ts'

const schema = fieldWeightsSchema({ title: 0, path: 0, headings: 0, body: 1 })

/** The body of a chunk's row begins with its document's title and its headings, so one field says it all, and one query finds it. */
export const lexicalChunks: RetrieverExtension<FieldWeights, RetrieverParts> = {
  id: 'lexical-chunks',
  version: 1,
  summary: 'BM25 over chunks: text, headings, and the title of their document',
  parseOptions: (input) => parseExtensionOptions('lexical-chunks', schema, input),
  create: (weights, { index }) => createLexicalRetriever('lexical-chunks', 'chunks', weights, index),
}
