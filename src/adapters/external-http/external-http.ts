/** Any search engine that answers HTTP with JSON, as an external index. Knows the wire and its faults; decides nothing about who may read. */
import type { Pool } from 'undici'
import type { ExternalIndex, ExternalIndexExtension, ExternalIndexParts, ExternalQuery } from '../../contracts/external-index.ts'
import { isTouchstoneError, messageOf, TouchstoneError } from '../../foundation/errors/touchstone-error.ts'
import { type ExternalHttpOptions, parseOptions } from './options.ts'
import { fillBody, fillUrl } from './request-template.ts'
import { mapResponse } from './response-mapping.ts'

const CONNECTIONS = 16
const MOST_BYTES = 20_000_000

export const externalHttp: ExternalIndexExtension<ExternalHttpOptions> = {
  id: 'external-http',
  version: 1,
  summary:
    'A search engine that answers HTTP requests with JSON: asked beside our own index, its permissions applied to every result',
  parseOptions,
  create: (options, parts) => createExternalHttp(options, parts),
}

function createExternalHttp(options: ExternalHttpOptions, parts: ExternalIndexParts): ExternalIndex {
  const { origin } = new URL(options.url)
  const connect = { timeout: options.timeoutMs }
  let opened: Promise<Pool> | undefined
  // The client costs 30 MB that a feature without external index need not pay.
  const open = (): Promise<Pool> =>
    (opened ??= import('undici').then(({ Pool }) => new Pool(origin, { connections: CONNECTIONS, connect })))
  const headers = readHeaders(options, parts)
  return {
    id: parts.id,
    weight: options.weight,
    search: async (query, signal) => {
      const pool = await open()
      const answer = await withinTime(options.timeoutMs, parts, signal, (deadline) =>
        ask(pool, options, headers, query, parts.id, deadline),
      )
      const results = mapResponse(answer, options)
      if (results === undefined) throw invalid(parts.id, `it has no list at "${options.results}"`)
      return results
    },
    close: async () => (await opened)?.close(),
  }
}

/** @throws TouchstoneError CONFIG_INVALID when a secret is not there: asking without it would only be refused later */
function readHeaders({ headers }: ExternalHttpOptions, { id, readSecret }: ExternalIndexParts): Readonly<Record<string, string>> {
  const read = Object.entries(headers).map(([name, value]) => {
    const text = typeof value === 'string' ? value : readSecret(value)
    if (text !== undefined) return [name, text] as const
    const problems = `  retrievers.${id}.headers.${name}: the environment variable ${typeof value === 'string' ? '' : value.env} is not set`
    throw new TouchstoneError('CONFIG_INVALID', { details: { path: 'retrievers', count: 1, problems } })
  })
  return Object.fromEntries(read)
}

async function withinTime<Result>(
  timeoutMs: number,
  { id, after }: ExternalIndexParts,
  signal: AbortSignal,
  work: (deadline: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const late = new AbortController()
  const cancel = after(timeoutMs, () => late.abort())
  try {
    return await work(AbortSignal.any([signal, late.signal]))
  } catch (error) {
    signal.throwIfAborted()
    if (late.signal.aborted) throw unavailable(id, `no answer within ${timeoutMs} ms`, error)
    throw isTouchstoneError(error) ? error : unavailable(id, codeOf(error), error)
  } finally {
    cancel()
  }
}

async function ask(
  pool: Pool,
  options: ExternalHttpOptions,
  headers: Readonly<Record<string, string>>,
  query: ExternalQuery,
  id: string,
  signal: AbortSignal,
): Promise<unknown> {
  const url = new URL(fillUrl(options.url, query, options.limit))
  const path = url.pathname + url.search
  const shared = { path, signal, headers: { accept: 'application/json', 'content-type': 'application/json', ...headers } }
  const response = await pool.request(
    options.body === undefined
      ? { ...shared, method: 'GET' }
      : { ...shared, method: 'POST', body: JSON.stringify(fillBody(options.body, query, options.limit)) },
  )
  const pieces: Buffer[] = []
  let bytes = 0
  for await (const piece of response.body as AsyncIterable<Buffer>) {
    bytes += piece.length
    if (bytes > MOST_BYTES) throw invalid(id, `it is larger than ${MOST_BYTES} bytes`)
    pieces.push(piece)
  }
  // Its text may hold what was sent, secrets included, so that only the status is told.
  if (response.statusCode !== 200) throw unavailable(id, `status ${response.statusCode}`)
  try {
    return JSON.parse(Buffer.concat(pieces).toString('utf8'))
  } catch (error) {
    throw invalid(id, 'it is no JSON', error)
  }
}

function unavailable(index: string, reason: string, cause?: unknown): TouchstoneError {
  return new TouchstoneError('EXTERNAL_INDEX_UNAVAILABLE', { details: { index, reason }, cause })
}

function invalid(index: string, reason: string, cause?: unknown): TouchstoneError {
  return new TouchstoneError('EXTERNAL_INDEX_INVALID', { details: { index, reason }, cause })
}

/** Messages of the transport name addresses. */
function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : messageOf(error).slice(0, 80)
}
