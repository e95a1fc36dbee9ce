/** Who asks, and what that person may read at this moment. Knows nothing of how it was established. */
import type { DocumentId, PrincipalId, TenantId } from './identity.ts'

/** How a caller named the person: before it is checked against the state. */
export interface CallerIdentity {
  readonly tenant: TenantId
  /** User id without prefix, e.g. `maria`. */
  readonly user: string
  /** The service that acts on behalf of the user, if one does; the audit names both. */
  readonly actor?: PrincipalId
}

/**
 * The scopes that a person may read, as known at `generation`.
 * `ids` is sorted ascending; an empty list means that nothing may be returned. A source that is withheld for its age leaves them
 * without moving `generation`: what was found under it is asked for again by `readableNow`.
 */
export interface ReadableScopes {
  readonly ids: Int32Array
  /** All scopes of the tenant; lets a plan choose between pre-filtering and over-fetching. */
  readonly total: number
  readonly generation: number
}

/** A person established and known. A disabled or unknown user never becomes an Asker with principals. */
export interface Asker extends CallerIdentity {
  readonly principals: ReadonlySet<PrincipalId>
  /** Hash over the sorted principals, for cache keys. */
  readonly principalsHash: string
  readonly readable: ReadableScopes
}

/** Decisions about reading. Every method consults the state as it is at the call. */
export interface AccessControl {
  /** @throws TouchstoneError USER_UNKNOWN, USER_DISABLED */
  authorise(caller: CallerIdentity): Promise<Asker>
  /**
   * The second lock: of these documents, those which the asker may read now.
   * Establishes the principals afresh, so that a change since `authorise` counts.
   */
  readableNow(asker: CallerIdentity, documents: readonly DocumentId[]): Promise<ReadonlySet<DocumentId>>
}
