/** The embeddings of any OpenAI-compatible endpoint as an EmbeddingModel: batches, times out, retries once. Knows the protocol; knows no index. */
import { Pool } from 'undici'
import type { EmbeddingKind, EmbeddingModel, EmbedOptions } from '../../contracts/embedding-model.ts'
import { rememberSuccess } from '../../foundation/concurrency/remember-success.ts'
import { toTouchstoneError, TouchstoneError } from '../../foundation/errors/touchstone-error.ts'
import { measureBackground } from '../../foundation/statistics/embedding-background.ts'
import { toUnitLength } from '../../foundation/statistics/unit-vectors.ts'
import { costOf } from './completion-meter.ts'
import { readText } from './completion-stream.ts'
import { fromStatus, fromTransport, invalidResponse, timedOut } from './endpoint-error.ts'
import { toEndpoint, type Endpoint, type OpenAiCompatibleOptions } from './endpoint-options.ts'
import { MAX_RETRY_DELAY_MS, pauseAskedFor, RETRY_DELAY_MS } from './retry-pause.ts'
import { startWatch } from './stall-watch.ts'

export interface EmbeddingEndpointOptions extends Omit<OpenAiCompatibleOptions, 'prices' | 'section'> {
  readonly dimensions: number
  /** Texts of one request, at most. */
  readonly batch: number
  /** Longer texts are cut here. */
  readonly maxCharacters: number
  readonly nanoUsdPerToken?: number
  readonly prefixes: Readonly<Record<EmbeddingKind, string>>
  readonly languages: readonly string[]
}

const CONNECTIONS = 8
const CHARACTERS_PER_TOKEN = 4
/** A value takes some twenty characters as JSON. */
const MOST_BYTES_PER_VALUE = 40
const MOST_BYTES_BESIDE = 100_000

/** @returns a model with the id `name/model`; connects at the first text */
export function createEmbeddingEndpoint(options: EmbeddingEndpointOptions): EmbeddingModel {
  const { name, model, dimensions, languages, prefixes, maxCharacters } = options
  const endpoint = toEndpoint({ ...options, section: 'embeddings' })
  const pool = new Pool(endpoint.origin, { connections: CONNECTIONS, connect: { timeout: endpoint.timeoutMs } })
  const embed: EmbeddingModel['embed'] = async (texts, { kind, onCost }, signal) => {
    const vectors: Float32Array[] = []
    for (let start = 0; start < texts.length; start += options.batch) {
      const batch = texts.slice(start, start + options.batch)
      // An endpoint refuses an empty text; it says nothing anyway.
      const said = batch.filter((text) => text.trim() !== '').map((text) => (prefixes[kind] + text).slice(0, maxCharacters))
      const found = said.length === 0 ? [] : await requestWithRetry(said, { options, endpoint, pool, signal, onCost })
      let next = 0
      for (const text of batch) vectors.push(text.trim() === '' ? new Float32Array(dimensions) : (found[next++] ?? fail()))
    }
    return vectors
  }
  const fail = (): never => {
    throw invalidResponse(endpoint, 'fewer vectors than texts')
  }
  return {
    id: `${name}/${model}@${dimensions}${Object.values(prefixes).join('|')}`,
    dimensions,
    languages,
    embed,
    background: rememberSuccess((signal) => measureBackground(embed, signal)),
    close: () => pool.destroy(),
  }
}

interface Call {
  readonly options: EmbeddingEndpointOptions
  readonly endpoint: Endpoint
  readonly pool: Pool
  readonly signal: AbortSignal
  readonly onCost: EmbedOptions['onCost']
}

async function requestWithRetry(texts: readonly string[], call: Call): Promise<readonly Float32Array[]> {
  for (let attempt = 1; ; attempt++) {
    const found = await requestOnce(texts, call)
    if (!(found instanceof FailedRequest)) return found
    const { error, pauseMs } = found
    // A timeout has used up the patience already.
    const mayRetry = attempt === 1 && error.entry.retryable && error.code !== 'MODEL_TIMEOUT' && pauseMs <= MAX_RETRY_DELAY_MS
    if (!mayRetry) throw error
    await call.endpoint.clock.sleep(pauseMs, call.signal)
    call.signal.throwIfAborted()
  }
}

class FailedRequest {
  readonly error: TouchstoneError
  readonly pauseMs: number
  constructor(error: TouchstoneError, pauseMs: number = RETRY_DELAY_MS) {
    this.error = error
    this.pauseMs = pauseMs
  }
}

async function requestOnce(texts: readonly string[], call: Call): Promise<readonly Float32Array[] | FailedRequest> {
  const { endpoint, pool, options, signal } = call
  const watch = startWatch(endpoint, signal)
  try {
    const response = await pool.request({
      path: endpoint.pathOf('/embeddings'),
      method: 'POST',
      headers: { ...endpoint.headers },
      body: JSON.stringify({ model: options.model, input: texts, encoding_format: 'float', ...options.parameters }),
      signal: watch.signal,
    })
    watch.touch()
    const body = await readText(
      watch.touching(response.body),
      MOST_BYTES_BESIDE + texts.length * options.dimensions * MOST_BYTES_PER_VALUE,
    )
    if (response.statusCode !== 200) {
      const wanted = pauseAskedFor(response.headers['retry-after'], endpoint.clock.now())
      return new FailedRequest(fromStatus(endpoint, response.statusCode, body), wanted)
    }
    return readVectors(body, texts, call)
  } catch (error) {
    if (signal.aborted) throw signal.reason
    if (error instanceof TouchstoneError) throw error
    const limitMs = watch.expiredAfterMs()
    return new FailedRequest(limitMs === undefined ? fromTransport(endpoint, error, false) : timedOut(endpoint, limitMs))
  } finally {
    watch.stop()
  }
}

interface EmbeddingsDocument {
  readonly data?: readonly { readonly index?: number; readonly embedding?: readonly number[] }[]
  readonly usage?: { readonly prompt_tokens?: number; readonly total_tokens?: number }
}

function readVectors(body: string, texts: readonly string[], { options, endpoint, onCost }: Call): readonly Float32Array[] {
  const document = parseDocument(body, endpoint)
  if (document.data?.length !== texts.length)
    throw invalidResponse(endpoint, `${document.data?.length ?? 'no'} vectors for ${texts.length} texts`)
  const written = texts.reduce((sum, text) => sum + text.length, 0)
  const inputTokens = document.usage?.prompt_tokens ?? document.usage?.total_tokens ?? Math.ceil(written / CHARACTERS_PER_TOKEN)
  const usage = { inputTokens, outputTokens: 0 }
  const prices = { inputNanoUsdPerToken: options.nanoUsdPerToken ?? 0, outputNanoUsdPerToken: 0 }
  onCost?.({ usage, costNanoUsd: costOf(usage, prices) })
  // Providers may answer in another order; those that give no index keep it.
  const ordered = document.data
    .map((entry, at) => ({ ...entry, at: entry.index ?? at }))
    .sort((left, right) => left.at - right.at)
  return ordered.map(({ embedding }) => toVector(embedding, options))
}

function toVector(values: readonly number[] | undefined, { name, dimensions }: EmbeddingEndpointOptions): Float32Array {
  const invalid = (reason: string): TouchstoneError =>
    new TouchstoneError('EMBEDDING_INVALID', { details: { embedding: name, reason } })
  if (!Array.isArray(values) || values.length !== dimensions)
    throw invalid(`${Array.isArray(values) ? values.length : 0} dimensions instead of ${dimensions}`)
  if (!values.every((value) => typeof value === 'number' && Number.isFinite(value))) throw invalid('a value that is no number')
  return toUnitLength(Float32Array.from(values as number[]))
}

function parseDocument(body: string, endpoint: Endpoint): EmbeddingsDocument {
  try {
    const parsed: unknown = JSON.parse(body)
    if (typeof parsed === 'object' && parsed !== null) return parsed
  } catch (error) {
    throw invalidResponse(endpoint, 'no JSON', toTouchstoneError(error))
  }
  throw invalidResponse(endpoint, 'no JSON object')
}
