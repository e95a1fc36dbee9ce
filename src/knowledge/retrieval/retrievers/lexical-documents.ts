/** Finds whole documents by title, path, headings and text. Knows its weights; knows no engine. */
import type { RetrieverExtension } from '../../../contracts/retrieval.ts'
import { parseExtensionOptions } from '../parse-extension-options.ts'
import { createLexicalRetriever, fieldWeightsSchema, type FieldWeights, type RetrieverParts } from './lexical-retriever.ts'

const schema = fieldWeightsSchema({ title: 3, path: 0, headings: 0, body: 1 })

/** A question names its subject, and a document is named after its subject: hence the title again, beside a body that holds it. */
export const lexicalDocuments: RetrieverExtension<FieldWeights, RetrieverParts> = {
  id: 'lexical-documents',
  version: 1,
  summary: 'BM25 over whole documents: the title above everything',
  parseOptions: (input) => parseExtensionOptions('lexical-documents', schema, input),
  create: (weights, { index }) => createLexicalRetriever('lexical-documents', 'documents', weights, index),
}
