/** Public entry `touchstone/knowledge`: reading sources, parsing, chunking and finding passages. Code inside the program imports the single files. */
export { connectorCatalog } from './connectors/catalog.ts'
export { ingestDocuments, type IngestRun } from './ingest-documents.ts'
export { chunkerCatalog } from './ingestion/chunkers/catalog.ts'
export type { DocumentAnalysis, IngestParts, IngestSource } from './ingestion/ingest-parts.ts'
export { parserCatalog } from './ingestion/parsers/catalog.ts'
export { defineParser, type ParserDefinition } from './ingestion/parsers/define-parser.ts'
export { createParserPool, type ParserPoolOptions } from './ingestion/parsers/parser-pool.ts'
export { createPassageFinder, type PassageFinderParts } from './retrieval/passage-finder.ts'
