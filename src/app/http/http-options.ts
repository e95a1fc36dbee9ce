/** What the HTTP server is told. Plain data beside the injected clock and randomness; read from the configuration elsewhere. */
import type { Clock } from '../../foundation/concurrency/clock.ts'
import type { IdSource } from '../../foundation/concurrency/random.ts'

/** A trusted issuer of user tokens (OIDC). */
export interface IssuerOptions {
  /** The exact `iss` of its tokens. */
  readonly issuer: string
  /** Where its keys stand; found by OIDC discovery when absent. https, or http on loopback. */
  readonly jwksUrl?: string | undefined
  /** The `aud` that tokens for this server carry. */
  readonly audience: string
  /** Claim that is the user id, e.g. `sub`. */
  readonly userClaim: string
  /** Claim that lists the user's groups; when set, it is the authority on them. */
  readonly groupsClaim?: string | undefined
}

/** An unexpected failure of a request, for the log. Clients only learn the request id. */
export interface RequestFailure {
  readonly requestId: string
  readonly method: string
  /** The route's pattern, so that no identifier of a document reaches the log. */
  readonly route: string
  readonly error: unknown
}

export interface HttpOptions {
  readonly host: string
  /** 0 takes any free port. */
  readonly port: number
  readonly maxBodyBytes: number
  /** Bounds arrival and answer of a request, streams included. */
  readonly requestTimeoutMs: number
  /** Per credential and user. */
  readonly requestsPerMinute: number
  /** Largest body of a request that pushes documents. */
  readonly maxPushBytes: number
  /** Requests that push documents, per credential. */
  readonly pushesPerMinute: number
  readonly auth: { readonly issuer?: IssuerOptions }
  readonly clock: Clock
  readonly ids: IdSource
  /** Questions offered on the page. */
  readonly examples?: readonly string[]
  readonly onFailure?: (failure: RequestFailure) => void
}
