/** What ingestion works with: the injected parts and the source at hand. */
import type { Chunker } from '../../contracts/chunker.ts'
import type { Connector } from '../../contracts/connector.ts'
import type { DocumentIndex } from '../../contracts/document-index.ts'
import type { EmbeddingModel } from '../../contracts/embedding-model.ts'
import type { DocumentParser } from '../../contracts/parser.ts'
import type { Clock } from '../../foundation/concurrency/clock.ts'
import type { StateDatabase } from '../../foundation/storage/state-schema.ts'

/** Text analysis as ingestion needs it; the same analysis serves queries. */
export interface DocumentAnalysis {
  /** Index terms in order. */
  terms(text: string, language: string): readonly string[]
}

export interface IngestParts {
  readonly state: StateDatabase
  readonly index: DocumentIndex
  readonly parser: DocumentParser
  readonly chunker: Chunker
  readonly analysis: DocumentAnalysis
  /** Where the index has vectors: what makes them. */
  readonly embedding?: EmbeddingModel
  /** The index has vectors, but what makes them cannot be had: rows are written without them, and noted as missing. */
  readonly lacksEmbedding?: boolean
  /** Hash of chunker and parsers: documents read under another are read again. */
  readonly reading: string
  /** Name of the definition of `index`, whose notes are settled. */
  readonly definition: string
  readonly tenant: string
  readonly clock: Clock
  /** Documents fetched and parsed at once. */
  readonly concurrency: number
}

export interface IngestSource {
  readonly id: string
  readonly kind: string
  readonly connector: Connector
  /** As the connector's extension says. */
  readonly isKeptInState?: boolean
}
