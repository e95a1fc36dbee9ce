/** What the parts of the composition hand each other. */
import type { AccessControl } from '../contracts/asker.ts'
import type { Chunker } from '../contracts/chunker.ts'
import type { DocumentIndexEngine } from '../contracts/document-index.ts'
import type { DocumentReader } from '../contracts/document-store.ts'
import type { TenantId } from '../contracts/identity.ts'
import type { DocumentParser } from '../contracts/parser.ts'
import type { PassageFinder } from '../contracts/retrieval.ts'
import type { Tracer } from '../contracts/telemetry.ts'
import type { ExternalDocuments } from '../foundation/access/external-documents.ts'
import type { ServedSources } from '../foundation/access/served-sources.ts'
import type { Clock } from '../foundation/concurrency/clock.ts'
import type { IdSource } from '../foundation/concurrency/random.ts'
import type { OpenState } from '../foundation/storage/open-state.ts'
import type { StateDatabase } from '../foundation/storage/state-schema.ts'
import type { TraceRepository } from '../foundation/storage/trace-repository.ts'
import type { FollowingIndex } from '../knowledge/document-index/following-index.ts'
import type { IndexOpener, OpenedLiveIndex } from './compose-index.ts'
import type { LoadedConfig } from './load-config.ts'

/** What every part of the composition is given. */
export interface Foundation {
  readonly loaded: LoadedConfig
  /** The state folder; what is in it beside the state may be removed at any time. */
  readonly dataDirectory: string
  readonly tenant: TenantId
  readonly store: OpenState
  /** The store's database. */
  readonly state: StateDatabase
  readonly access: AccessControl
  readonly served: ServedSources
  readonly documents: DocumentReader
  /** What indexes elsewhere said; `access` and `documents` know it too. */
  readonly externalDocuments: ExternalDocuments
  readonly traces: TraceRepository
  readonly tracer: Tracer
  readonly clock: Clock
  readonly ids: IdSource
  readonly log: (text: string) => void
}

/** The knowledge parts that ingestion and serving share. */
export interface Knowledge {
  /** Hash of chunker and parsers. */
  readonly reading: string
  readonly engine: DocumentIndexEngine
  /** The one that serves. */
  readonly index: FollowingIndex<OpenedLiveIndex>
  /** What opens others. */
  readonly indexes: IndexOpener
  readonly parser: DocumentParser
  readonly chunker: Chunker
  readonly passages: PassageFinder
  /** The same pipeline over another index. */
  passagesOf(opened: OpenedLiveIndex): PassageFinder
  /** The name under which a release keeps a reranker: a learned one's ends in the hash of its model. */
  pinReranker(name: string): string
  closeExternals(): Promise<void>
}
