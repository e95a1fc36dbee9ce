/** One OpenSearch cluster, asked over its official client: with time-outs, further attempts and errors of the catalogue. Knows no index. */
import type * as OpenSearch from '@opensearch-project/opensearch'
import type { Clock } from '../../foundation/concurrency/clock.ts'
import { TouchstoneError } from '../../foundation/errors/touchstone-error.ts'
import { failureOf, mayPass, NO_JSON, toIndexFailure, type Failure } from './failure.ts'

export interface ClusterOptions {
  /** https://user:password@host:9200, with a path where a proxy wants one */
  readonly url: string
  /** Until a search is answered. */
  readonly timeoutMs: number
  readonly clock: Clock
}

export interface ClusterRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  readonly path: string
  readonly query?: Readonly<Record<string, string | number | boolean>>
  readonly body?: object
  /** Newline-delimited JSON, in place of a body. */
  readonly lines?: string
  /** Writes wait longer, and try longer; each of ours may be sent twice unless it says `once`. */
  readonly kind: 'read' | 'write' | 'once'
  readonly signal?: AbortSignal | undefined
  /** What of an answer says that it failed after all. */
  readonly examine?: (answer: unknown) => Failure | undefined
}

export type Outcome<Answer> = { readonly answer: Answer } | { readonly failure: Failure; readonly cause: unknown }

const PACKAGE = '@opensearch-project/opensearch'
/** A bulk request or a deletion that is not answered by then is lost. */
const WRITE_TIMEOUT_MS = 120_000
const ATTEMPTS = { read: 3, write: 6, once: 1 }
const FIRST_DELAY_MS = 50

export class Cluster {
  /** Host, as it may be shown. */
  readonly location: string
  readonly clock: Clock
  readonly #client: OpenSearch.Client
  readonly #timeoutMs: number

  private constructor(client: OpenSearch.Client, { url, timeoutMs, clock }: ClusterOptions) {
    this.#client = client
    this.#timeoutMs = timeoutMs
    this.clock = clock
    this.location = locationOf(url)
  }

  /** Loads the client; asks nothing yet. @throws TouchstoneError MODULE_MISSING */
  static async connect(options: ClusterOptions): Promise<Cluster> {
    const { Client } = await loadClient()
    // Attempts are made here, where a pause lies between them and a signal can end them.
    return new Cluster(new Client({ node: options.url, maxRetries: 0 }), options)
  }

  /** @throws TouchstoneError INDEX_UNAVAILABLE, INDEX_CORRUPT, DISK_FULL */
  async ask<Answer>(request: ClusterRequest): Promise<Answer> {
    const outcome = await this.attempt<Answer>(request)
    if ('answer' in outcome) return outcome.answer
    throw toIndexFailure(outcome.failure, this.location, outcome.cause)
  }

  /** For a request whose refusal has a meaning of its own. */
  async attempt<Answer>(request: ClusterRequest): Promise<Outcome<Answer>> {
    const { kind, signal } = request
    for (let attempt = 1; ; attempt++) {
      signal?.throwIfAborted()
      const outcome = await this.#send<Answer>(request)
      signal?.throwIfAborted()
      if ('answer' in outcome || attempt >= ATTEMPTS[kind] || !mayPass(outcome.failure)) return outcome
      await this.clock.sleep(FIRST_DELAY_MS * 2 ** attempt, signal)
    }
  }

  close(): Promise<void> {
    return this.#client.close()
  }

  async #send<Answer>({
    method,
    path,
    query = {},
    body,
    lines,
    kind,
    signal,
    examine,
  }: ClusterRequest): Promise<Outcome<Answer>> {
    const content = lines === undefined ? (body === undefined ? {} : { body }) : { bulkBody: lines }
    const requestTimeout = kind === 'read' ? this.#timeoutMs : WRITE_TIMEOUT_MS
    const asked = this.#client.transport.request({ method, path, querystring: query, ...content }, { requestTimeout })
    // It returns a promise, and whoever calls a listener would have its failure end the process.
    const abort = (): void => void asked.abort()
    signal?.addEventListener('abort', abort, { once: true })
    try {
      const answer: unknown = (await asked).body
      // A page of some proxy is text, whatever was asked.
      const failure = typeof answer === 'string' ? { status: 0, type: NO_JSON, reason: answer } : examine?.(answer)
      return failure === undefined ? { answer: answer as Answer } : { failure, cause: undefined }
    } catch (error) {
      return { failure: failureOf(error), cause: error }
    } finally {
      signal?.removeEventListener('abort', abort)
    }
  }
}

/** Scheme, host and port: what may be shown of a URL. */
export function locationOf(url: string): string {
  const { protocol, host } = new URL(url)
  return `${protocol}//${host}`
}

/** It is wanted by few installations, and most do not have it. */
async function loadClient(): Promise<typeof OpenSearch> {
  try {
    return await import('@opensearch-project/opensearch')
  } catch (error) {
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND'
    if (!isMissing) throw error
    throw new TouchstoneError('MODULE_MISSING', { details: { module: PACKAGE }, cause: error })
  }
}
