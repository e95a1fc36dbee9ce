/** A search index that a company already has, asked beside our own. Its texts and permissions come with each result; knows no protocol. */
import type { Acl } from './acl.ts'
import type { Extension } from './extension.ts'
import type { PrincipalId } from './identity.ts'

export interface ExternalQuery {
  readonly text: string
  /** User id without prefix. */
  readonly user: string
  /** Of the asker: an index that knows permissions itself can select by them. What it returns is checked all the same. */
  readonly principals: readonly PrincipalId[]
}

export interface ExternalResult {
  /** Unique and stable within its index. */
  readonly id: string
  readonly title: string
  /** Never empty. What is cited are spans of exactly this text. */
  readonly text: string
  readonly url?: string
  /** BCP 47 primary subtag. */
  readonly language?: string
  readonly metadata: Readonly<Record<string, string>>
  /** Share of the best result's, in [0, 1]. */
  readonly score: number
  /** Who may read it, as the index says; absent means nobody. */
  readonly acl?: Acl
}

export interface ExternalIndex {
  /** Also the source of its documents: `id:RESULT`. */
  readonly id: string
  /** What its best result counts beside our own best, in [0, 1]. */
  readonly weight: number
  /**
   * By descending score.
   * @throws TouchstoneError EXTERNAL_INDEX_UNAVAILABLE, EXTERNAL_INDEX_INVALID
   */
  search(query: ExternalQuery, signal: AbortSignal): Promise<readonly ExternalResult[]>
  close(): Promise<void>
}

export interface ExternalIndexParts {
  readonly id: string
  readonly readSecret: (reference: { readonly env: string }) => string | undefined
  /** Calls back after `ms`; returns how to cancel. */
  readonly after: (ms: number, callback: () => void) => () => void
}

export type ExternalIndexExtension<Options = unknown> = Extension<Options, ExternalIndexParts, ExternalIndex>
