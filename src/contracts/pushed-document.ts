/** Documents that a program pushes: what it may ask for, and what it is told. Knows nothing of transport or storage. */
import type { Acl } from './acl.ts'
import type { DocumentId, DocumentVersion, PrincipalId } from './identity.ts'

/** What must hold for the write to happen, as in RFC 9110: revisions, or `*` for any. */
export interface Precondition {
  readonly ifMatch?: readonly string[]
  readonly ifNoneMatch?: readonly string[]
}

export interface PutDocument {
  readonly operation: 'put'
  readonly document: DocumentId
  readonly bytes: Uint8Array
  /** Whether it arrived as characters: then a format that nobody names is plain text. */
  readonly isText: boolean
  /** Decides the format; the ending of the path when absent. */
  readonly mediaType?: string
  readonly title?: string
  readonly metadata: Readonly<Record<string, unknown>>
  /** Absent: nobody reads it. */
  readonly acl?: Acl
  readonly condition?: Precondition
}

export interface DeleteDocument {
  readonly operation: 'delete'
  readonly document: DocumentId
  readonly condition?: Precondition
}

export type PushOperation = PutDocument | DeleteDocument

/** Who pushes, for the audit, and whether the first push into an unknown source makes that source. */
export interface Pusher {
  readonly actor: PrincipalId
  readonly onBehalfOf?: string
  readonly mayCreateSource: boolean
}

/** `queued`: kept, searchable soon. `searchable`: its newest content is. `failed`: it cannot be read; `failure` says why. */
export type PushedState = 'queued' | 'searchable' | 'failed'

/** `updated`: only permissions or metadata, effective at once and without reading the content again. */
export type PushOutcome = 'created' | 'replaced' | 'updated' | 'unchanged' | 'deleted'

/** The answer to one write. What it tells is durable. */
export interface PushResult {
  readonly document: DocumentId
  readonly outcome: PushOutcome
  /** Absent after a deletion. */
  readonly revision?: string
  readonly state?: PushedState
  readonly failure?: { readonly code: string; readonly message: string }
}

/** A pushed document and how it stands. The stable surface. */
export interface PushedDocument {
  readonly document: DocumentId
  /** Names content, title, metadata and permissions together; the ETag. */
  readonly revision: string
  readonly state: PushedState
  readonly failure?: { readonly code: string; readonly message: string }
  /** The version that searches find now, if any. */
  readonly version?: DocumentVersion
  readonly mediaType: string
  readonly title?: string
  readonly metadata: Readonly<Record<string, unknown>>
  readonly acl?: Acl
  readonly sizeBytes: number
  readonly receivedAtMs: number
}
