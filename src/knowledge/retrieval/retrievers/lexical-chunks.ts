/** Finds chunks by the words of their text, under the names of what contains them. Knows its weights; knows no engine. */
import type { RetrieverExtension } from '../../../contracts/retrieval.ts'
import { parseExtensionOptions } from '../parse-extension-options.ts'
import { createLexicalRetriever, fieldWeightsSchema, type FieldWeights, type RetrieverParts } from './lexical-retriever.ts'

const schema = fieldWeightsSchema({ title: 0.6, path: 0, headings: 1, body: 1 })

/**
 * The title is the same for all chunks of a document: it places them, and must not drown what they say. The path counts in the
 * document list; searching it here too costs a fifth of the time and changed nothing that was measured.
 */
export const lexicalChunks: RetrieverExtension<FieldWeights, RetrieverParts> = {
  id: 'lexical-chunks',
  version: 1,
  summary: 'BM25 over chunks: text, headings, and the title of their document',
  parseOptions: (input) => parseExtensionOptions('lexical-chunks', schema, input),
  create: (weights, { index }) => createLexicalRetriever('lexical-chunks', 'chunks', weights, index),
}
