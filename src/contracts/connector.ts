/** A connected source: lists what there is, fetches bytes, says who may read. Knows nothing of parsing or indexing. */
import type { AclDeclaration } from './acl.ts'
import type { Extension } from './extension.ts'

/** Where a permission is declared and what it says, from the outermost to the innermost; combined by the ingestion. */
export interface DeclaredAccess {
  /** Stable name of the place: `rule:0`, `folder:people/confidential`, `document:people/x.md`. Shared places share a scope. */
  readonly place: string
  readonly declaration: AclDeclaration
}

/** One item of a source as listed: enough to decide whether it must be fetched again. */
export interface SourceItem {
  /** Unique within the source, with `/` between parts. */
  readonly path: string
  /** Changes whenever the bytes may have changed; equal marks let a fetch be skipped. */
  readonly changeMark: string
  readonly sizeBytes: number
  readonly modifiedAtMs: number
  /** Declarations that apply to the item, outermost first. Empty means nobody. */
  readonly access: readonly DeclaredAccess[]
  /** The content may narrow `access` (by a denial, or by a rule that nobody understands) but never widen it. */
  readonly accessIsFinal?: true
  /** A name whose ending decides the format, where the path does not. */
  readonly readAs?: string
  /** What the source says wins over what the content says; `changeMark` covers the title. */
  readonly title?: string
  readonly metadata?: Readonly<Record<string, unknown>>
}

/** An item that could not be listed; the run goes on, and the documents below it stay withheld. */
export interface ListingFailure {
  readonly path: string
  readonly code: string
  readonly message: string
}

export interface Connector {
  /** Complete when it ends without throwing: what it did not name no longer exists. */
  list(signal: AbortSignal): AsyncIterable<SourceItem | ListingFailure>
  /**
   * @throws TouchstoneError SOURCE_ITEM_CHANGED (retryable) when the item changed while it was read,
   * SOURCE_ITEM_UNREADABLE, SOURCE_ITEM_TOO_LARGE
   */
  fetch(item: SourceItem, signal: AbortSignal): Promise<Uint8Array>
  /** Frees what listing and fetching hold open. A run calls it at its end; the connector can be used again. */
  settle?(): Promise<void>
  /** Calls back after something may have changed; returns how to stop. Absent: the source must be polled. */
  watch?(onChange: () => void): () => void
}

/** What the composition gives to every connector. */
export interface ConnectorParts {
  readonly sourceId: string
  /** Folder against which relative paths of the configuration are resolved. */
  readonly baseDirectory: string
  /** A folder of its own for what it need not fetch twice; made by the connector that wants it, removable at any time. */
  readonly cacheDirectory: string
  /** What a program that it starts may know of the environment: where programs, proxies and certificates are. No secrets. */
  readonly environment: Readonly<Record<string, string>>
  /** The value of an environment variable that the configuration names. */
  readSecret(reference: { readonly env: string }): string | undefined
}

/** What was pushed into a source: rows of the state, read by the connector `push`. */
export interface PushedContents {
  /** @param only of these paths; all when absent */
  items(source: string, only?: readonly string[]): Promise<readonly SourceItem[]>
  /** @throws TouchstoneError SOURCE_ITEM_CHANGED when it is no longer what was listed */
  bytes(source: string, item: SourceItem): Promise<Uint8Array>
}

export interface StateConnectorParts extends ConnectorParts {
  readonly pushed: PushedContents
}

export interface ConnectorExtension<Options = unknown, Parts extends ConnectorParts = ConnectorParts> extends Extension<
  Options,
  Parts,
  Connector
> {
  /** Its items are rows of the state that change at any moment: a run confirms them again in each transaction that relies on them. */
  readonly isKeptInState?: true
  /** Minutes that its documents are served after a sync, where the source does not say `maxLagMinutes`. Absent: without end. */
  readonly defaultMaxLagMinutes?: number
}
