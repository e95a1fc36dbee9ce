/** What a route is, as data: validation, the OpenAPI document and the audit are all read from it. Knows nothing of the HTTP library. */
import type { IncomingHttpHeaders } from 'node:http'
import type { z } from 'zod'
import type { Clock } from '../../foundation/concurrency/clock.ts'
import type { IdSource } from '../../foundation/concurrency/random.ts'
import type { Application } from '../application.ts'
import type { Identity } from './identity.ts'
import type { Problem } from './problem.ts'

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/**
 * Who may call. `public`: anybody, unnamed. `user`: a request made for a user. `reader`: that, or an administrator.
 * `administrator`: a key with the role admin, or whoever sits at an open loopback server.
 * `pusher`, `directory`: an administrator, or a key with the role push or directory.
 */
export type Access = 'public' | 'user' | 'reader' | 'administrator' | 'pusher' | 'directory'

/** What handlers work with. */
export interface RouteParts {
  readonly application: Application
  readonly clock: Clock
  readonly ids: IdSource
  readonly openApi: Readonly<Record<string, unknown>>
  readonly page: string
}

export interface Call<Params, Query, Body> {
  readonly params: Params
  readonly query: Query
  readonly body: Body
  /** Established for every route that is not public. */
  readonly identity: Identity
  readonly signal: AbortSignal
  readonly headers: IncomingHttpHeaders
}

/** Returned by a handler that answers with another status than the usual one, or with headers. */
export class Reply {
  readonly status: number
  readonly body: unknown
  readonly headers: Readonly<Record<string, string>>
  constructor(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}) {
    this.status = status
    this.body = body
    this.headers = headers
  }
}

/** How a family of routes tells an error that leaves as something else than a problem document. */
export interface ErrorForm {
  readonly mediaType: string
  render(problem: Problem): unknown
}

/** One event of a stream. */
export interface ServerEvent {
  readonly name: string
  readonly data: unknown
}

/** Returned by a handler that answers with a stream of events. */
export class EventStream {
  readonly events: AsyncGenerator<ServerEvent>
  constructor(events: AsyncGenerator<ServerEvent>) {
    this.events = events
  }
}

export interface Audited<Params, Query, Body> {
  readonly action: string
  target(call: Call<Params, Query, Body>): string
}

export interface Route<
  Params extends z.ZodType = z.ZodType,
  Query extends z.ZodType = z.ZodType,
  Body extends z.ZodType = z.ZodType,
  Response extends z.ZodType = z.ZodType,
> {
  readonly method: Method
  /** With `{name}` for parameters. */
  readonly path: string
  /** Name of the operation in the OpenAPI document. */
  readonly operation: string
  readonly summary: string
  readonly access: Access
  /** Written to the audit before the handler runs. */
  readonly audit?: Audited<z.output<Params>, z.output<Query>, z.output<Body>>
  readonly params?: Params
  readonly query?: Query
  readonly body?: Body
  /** Media types of the body; `application/json` when absent. */
  readonly consumes?: readonly string[]
  /** Which limits hold for its requests; `questions` when absent. */
  readonly load?: 'documents'
  /** A problem document (RFC 9457) when absent. */
  readonly errors?: ErrorForm
  readonly response: {
    readonly status: 200 | 201 | 204
    readonly description: string
    /** Other statuses of success, with what they mean; the same body. */
    readonly further?: Readonly<Record<number, string>>
    /** `application/json` when absent. */
    readonly mediaType?: 'text/plain' | 'text/html' | 'application/scim+json'
    readonly schema?: Response
    /** Events of the streamed form, by name. */
    readonly events?: Readonly<Record<string, z.ZodType>>
  }
  handle(
    call: Call<z.output<Params>, z.output<Query>, z.output<Body>>,
    parts: RouteParts,
  ): Promise<Immutable<z.output<Response>> | EventStream | Reply> | Immutable<z.output<Response>>
}

/** Contracts hand out read-only data; schemas describe it without saying so. */
type Immutable<T> = unknown extends T
  ? unknown
  : T extends string | number | boolean | null | undefined
    ? T
    : T extends readonly (infer Item)[]
      ? readonly Immutable<Item>[]
      : { readonly [Key in keyof T]: Immutable<T[Key]> }

/** Ties a handler to its route's schemas. */
export function defineRoute<
  Params extends z.ZodType,
  Query extends z.ZodType,
  Body extends z.ZodType,
  Response extends z.ZodType,
>(route: Route<Params, Query, Body, Response>): Route {
  return route
}
