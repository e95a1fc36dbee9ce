/** Public entry `touchstone/testing`: the suites that every extension runs, files to try parsers on, and a model server that plays by a script. */
export { checkChunks, chunkerSuite } from './chunker-suite.ts'
export { buildDocx, buildPdf, type DocxPart, type PdfLine } from './document-files.ts'
export { connectorParts } from './connector-parts.ts'
export { documentIndexSuite, type OpenedEngine, type SuiteOptions } from './document-index-suite.ts'
export { embeddingModelSuite } from './embedding-model-suite.ts'
export { buildOdf, type OdfOptions } from './odf-file.ts'
export { buildOleFile } from './ole-file.ts'
export { buildPptx, type PresentationSlide } from './presentation-file.ts'
export { buildXlsx, type WorkbookOptions, type WorkbookSheet } from './workbook-file.ts'
export { checkDocument, generousLimits, parserSuite, type ParserFixture } from './parser-suite.ts'
export { evaluationCase, plainScorerParts, systemOutput } from './scorer-parts.ts'
export { scorerSuite, type ScorerSuiteOptions } from './scorer-suite.ts'
export {
  startScriptedModelServer,
  type RecordedRequest,
  type ScriptedModelServer,
  type ScriptedReply,
} from './scripted-model-server.ts'
