/** What an OpenAI-compatible endpoint is told by: address, key, timeouts, prices. Opens nothing. */
import { systemClock, type Clock } from '../../foundation/concurrency/clock.ts'

export interface OpenAiCompatibleOptions {
  /** Name of the endpoint in the configuration; stands in errors and in the model's id. */
  readonly name: string
  /** Where in the configuration the name stands; models when left out. */
  readonly section?: 'models' | 'embeddings'
  /** Base URL up to before `/chat/completions`, e.g. `https://api.openai.com/v1`, or an Azure deployment's. */
  readonly url: string
  readonly apiKey?: string
  readonly model: string
  /** To the first byte, and for each pause after it. */
  readonly timeoutMs: number
  /** For the whole answer; ten times `timeoutMs` when left out. */
  readonly totalTimeoutMs?: number
  readonly headers?: Readonly<Record<string, string>>
  /** Azure: sent as `api-version`; the key then travels in the header `api-key`. */
  readonly apiVersion?: string
  /** Merged into the request body, e.g. `{ temperature: 0, max_tokens: 800 }`. */
  readonly parameters?: Readonly<Record<string, unknown>>
  readonly prices?: { readonly inputNanoUsdPerToken: number; readonly outputNanoUsdPerToken: number }
  readonly clock?: Clock
}

export interface Endpoint {
  readonly name: string
  readonly section: string
  readonly origin: string
  /** @returns path and query for a route below the base URL */
  readonly pathOf: (route: string) => string
  readonly headers: Readonly<Record<string, string>>
  /** Texts that must never appear in a message. */
  readonly secrets: readonly string[]
  readonly timeoutMs: number
  readonly totalTimeoutMs: number
  readonly clock: Clock
}

export function toEndpoint(options: OpenAiCompatibleOptions): Endpoint {
  const base = new URL(options.url)
  const key = options.apiKey
  const authentication: Record<string, string> =
    key === undefined ? {} : options.apiVersion === undefined ? { authorization: `Bearer ${key}` } : { 'api-key': key }
  return {
    name: options.name,
    section: options.section ?? 'models',
    origin: base.origin,
    pathOf(route) {
      const query = new URLSearchParams(base.searchParams)
      if (options.apiVersion !== undefined) query.set('api-version', options.apiVersion)
      return `${base.pathname.replace(/\/+$/u, '')}${route}${query.size > 0 ? `?${query}` : ''}`
    },
    headers: {
      'content-type': 'application/json',
      accept: 'text/event-stream, application/json',
      ...authentication,
      ...options.headers,
    },
    secrets: [key, ...Object.values(options.headers ?? {})].filter((text) => text !== undefined && text.length >= 6) as string[],
    timeoutMs: options.timeoutMs,
    totalTimeoutMs: options.totalTimeoutMs ?? options.timeoutMs * 10,
    clock: options.clock ?? systemClock,
  }
}
