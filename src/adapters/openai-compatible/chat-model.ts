/** Any OpenAI-compatible endpoint as a ChatModel: streams, times out, retries once. Knows the protocol; knows nothing of prompts. */
import { Pool, type Dispatcher } from 'undici'
import type { ChatModel, ModelEvent, Prompt } from '../../contracts/chat-model.ts'
import { toTouchstoneError, type TouchstoneError } from '../../foundation/errors/touchstone-error.ts'
import { costOf, startMeter } from './completion-meter.ts'
import { readCompletion, readText, type CompletionPart } from './completion-stream.ts'
import { fromStatus, fromTransport, timedOut } from './endpoint-error.ts'
import { toEndpoint, type Endpoint, type OpenAiCompatibleOptions } from './endpoint-options.ts'
import { MAX_RETRY_DELAY_MS, pauseAskedFor, RETRY_DELAY_MS } from './retry-pause.ts'
import { startWatch } from './stall-watch.ts'

export interface OpenAiCompatibleModel extends ChatModel {
  /** Ends open connections; further calls fail. */
  close(): Promise<void>
}

const MAX_ERROR_BODY = 20_000
const CONNECTIONS = 64

/** @returns a model with the id `name/model`; connects at the first call */
export function createOpenAiCompatibleModel(options: OpenAiCompatibleOptions): OpenAiCompatibleModel {
  const endpoint = toEndpoint(options)
  const pool = new Pool(endpoint.origin, {
    connections: CONNECTIONS,
    connect: { timeout: endpoint.timeoutMs },
    headersTimeout: 0,
    bodyTimeout: 0,
  })
  const capabilities = { includeUsage: true }
  return {
    id: `${options.name}/${options.model}`,
    async *generate(prompt, signal): AsyncGenerator<ModelEvent> {
      const meter = startMeter(prompt)
      for await (const part of partsWithRetry(prompt, { options, endpoint, pool, capabilities, signal })) {
        meter.add(part)
        if (part.text !== undefined) yield { type: 'text', text: part.text }
      }
      const usage = meter.usage()
      yield { type: 'end', usage, costNanoUsd: costOf(usage, options.prices), finishReason: meter.finishReason() }
    },
    close: () => pool.destroy(),
  }
}

interface Call {
  readonly options: OpenAiCompatibleOptions
  readonly endpoint: Endpoint
  readonly pool: Pool
  /** Learned: an endpoint that rejects `stream_options` is not sent it again. */
  readonly capabilities: { includeUsage: boolean }
  readonly signal: AbortSignal
}

/** An attempt that failed, and whether and when it is worth another. */
class FailedAttempt {
  readonly error: TouchstoneError
  /** Nothing when it must not be repeated. */
  readonly retryAfterMs: number | undefined
  constructor(error: TouchstoneError, retryAfterMs: number | undefined) {
    this.error = error
    this.retryAfterMs = retryAfterMs
  }
}

/** Only before the first text: a second answer must not follow half of the first. */
async function* partsWithRetry(prompt: Prompt, call: Call): AsyncGenerator<CompletionPart> {
  for (let attempt = 1; ; attempt++) {
    let begun = false
    try {
      for await (const part of attemptOnce(prompt, call)) {
        begun ||= part.text !== undefined
        yield part
      }
      return
    } catch (failure) {
      const { error, retryAfterMs } = toFailure(failure)
      const mayRetry = attempt === 1 && !begun && retryAfterMs !== undefined && retryAfterMs <= MAX_RETRY_DELAY_MS
      if (!mayRetry || call.signal.aborted) throw error
      await call.endpoint.clock.sleep(retryAfterMs, call.signal)
    }
  }
}

function toFailure(failure: unknown): FailedAttempt {
  if (failure instanceof FailedAttempt) return failure
  const error = toTouchstoneError(failure)
  const cut = error.code === 'MODEL_RESPONSE_INVALID' && /ended before|was cut/u.test(String(error.details['reason']))
  // A timeout has used up the asker's patience already.
  const retryable = cut || (error.entry.retryable && error.code !== 'MODEL_TIMEOUT')
  return new FailedAttempt(error, retryable ? RETRY_DELAY_MS : undefined)
}

async function* attemptOnce(prompt: Prompt, call: Call): AsyncGenerator<CompletionPart> {
  const { endpoint } = call
  const watch = startWatch(endpoint, call.signal)
  let begun = false
  let body: Dispatcher.ResponseData['body'] | undefined
  try {
    const response = await request(prompt, call, watch.signal)
    body = response.body
    watch.touch()
    if (response.statusCode !== 200) throw await failedStatus(response, call)
    for await (const part of readCompletion(watch.touching(body), String(response.headers['content-type']), endpoint)) {
      begun = true
      yield part
    }
  } catch (error) {
    if (error instanceof FailedAttempt) throw error
    if (call.signal.aborted) throw call.signal.reason
    throw watch.expiredAfterMs() === undefined
      ? fromTransport(endpoint, error, begun)
      : timedOut(endpoint, watch.expiredAfterMs() ?? 0)
  } finally {
    watch.stop()
    // A body left half read would keep its connection busy; its error when torn down is nobody's news.
    body?.on('error', () => {}).destroy()
  }
}

function request(
  prompt: Prompt,
  { options, endpoint, pool, capabilities }: Call,
  signal: AbortSignal,
): Promise<Dispatcher.ResponseData> {
  const content = {
    model: options.model,
    messages: prompt.messages,
    stream: true,
    ...(capabilities.includeUsage ? { stream_options: { include_usage: true } } : {}),
    ...options.parameters,
  }
  const path = endpoint.pathOf('/chat/completions')
  return pool.request({ path, method: 'POST', headers: { ...endpoint.headers }, body: JSON.stringify(content), signal })
}

async function failedStatus(response: Dispatcher.ResponseData, call: Call): Promise<FailedAttempt> {
  const body = await readText(response.body, MAX_ERROR_BODY)
  if (call.capabilities.includeUsage && [400, 422].includes(response.statusCode) && /stream_options|include_usage/iu.test(body)) {
    call.capabilities.includeUsage = false
    return new FailedAttempt(fromStatus(call.endpoint, response.statusCode, body), 0)
  }
  const error = fromStatus(call.endpoint, response.statusCode, body)
  const wanted = pauseAskedFor(response.headers['retry-after'], call.endpoint.clock.now())
  return new FailedAttempt(error, error.entry.retryable ? (wanted ?? RETRY_DELAY_MS) : undefined)
}
