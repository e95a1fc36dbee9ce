/** From a provider's body (SSE or one JSON document) to text, usage and finish reason. Knows the format; opens no connection. */
import { z } from 'zod'
import { fromStreamError, invalidResponse, refused } from './endpoint-error.ts'
import type { Endpoint } from './endpoint-options.ts'
import { readEvents } from './sse-events.ts'

export interface CompletionPart {
  readonly text?: string
  readonly usage?: { readonly inputTokens: number; readonly outputTokens: number }
  readonly finishReason?: string
}

const piece = z.object({ content: z.string().nullish(), refusal: z.string().nullish() })
const completion = z.object({
  choices: z
    .array(
      z.object({
        delta: piece.nullish(),
        message: piece.nullish(),
        text: z.string().nullish(),
        finish_reason: z.string().nullish(),
      }),
    )
    .nullish(),
  usage: z.object({ prompt_tokens: z.number().int().min(0), completion_tokens: z.number().int().min(0).nullish() }).nullish(),
  error: z.unknown().optional(),
})

const MAX_JSON_LENGTH = 8_000_000

/**
 * @param contentType of the response; decides how the body is read
 * @throws TouchstoneError MODEL_RESPONSE_INVALID (unreadable, or cut before its end), MODEL_REFUSED, and what a stream's error object means
 */
export async function* readCompletion(
  body: AsyncIterable<Uint8Array>,
  contentType: string,
  endpoint: Endpoint,
): AsyncGenerator<CompletionPart> {
  if (/event-stream/iu.test(contentType)) yield* readStream(body, endpoint)
  else yield* readDocument(body, endpoint)
}

async function* readStream(body: AsyncIterable<Uint8Array>, endpoint: Endpoint): AsyncGenerator<CompletionPart> {
  let ended = false
  let begun = false
  try {
    for await (const data of readEvents(body, endpoint.name)) {
      if (data.trim() === '[DONE]') return
      for (const part of toParts(parseJson(data, endpoint), endpoint, begun)) {
        begun ||= part.text !== undefined
        ended ||= part.finishReason !== undefined
        yield part
      }
    }
  } catch (error) {
    // What breaks after the answer's own end takes nothing from it.
    if (!ended) throw error
  }
  if (!ended) throw invalidResponse(endpoint, 'the stream ended before the answer did')
}

async function* readDocument(body: AsyncIterable<Uint8Array>, endpoint: Endpoint): AsyncGenerator<CompletionPart> {
  const text = await readText(body, MAX_JSON_LENGTH)
  // Some servers stream without saying so.
  if (/^\s*data:/u.test(text)) return yield* readStream(oneChunk(text), endpoint)
  const parts = toParts(parseJson(text, endpoint), endpoint, false)
  if (!parts.some((part) => part.text !== undefined || part.finishReason !== undefined))
    throw invalidResponse(endpoint, 'a document without choices')
  yield* parts
}

/** @returns at most `limit` characters of the body */
export async function readText(body: AsyncIterable<Uint8Array>, limit: number): Promise<string> {
  const decoder = new TextDecoder()
  let text = ''
  for await (const chunk of body) {
    text += decoder.decode(chunk, { stream: true })
    if (text.length > limit) break
  }
  return text.slice(0, limit)
}

async function* oneChunk(text: string): AsyncGenerator<Uint8Array> {
  yield new TextEncoder().encode(text)
}

function parseJson(data: string, endpoint: Endpoint): unknown {
  try {
    return JSON.parse(data)
  } catch (cause) {
    throw invalidResponse(endpoint, /^\s*</u.test(data) ? 'an HTML page' : 'no JSON', cause)
  }
}

function toParts(value: unknown, endpoint: Endpoint, begun: boolean): CompletionPart[] {
  const parsed = completion.safeParse(value)
  if (!parsed.success) throw invalidResponse(endpoint, 'JSON that is no completion')
  const { choices, usage, error } = parsed.data
  if (error !== undefined && error !== null) throw fromStreamError(endpoint, error, begun)
  const choice = choices?.[0]
  const said = choice?.delta ?? choice?.message
  const text = said?.content ?? choice?.text ?? ''
  const filtered = choice?.finish_reason === 'content_filter'
  if (!begun && text === '' && (filtered || (said?.refusal ?? '') !== ''))
    throw refused(endpoint, 200, filtered ? 'content_filter' : 'the model refused')
  const tokens = usage && { inputTokens: usage.prompt_tokens, outputTokens: usage.completion_tokens ?? 0 }
  return [
    ...(text === '' ? [] : [{ text }]),
    ...(tokens ? [{ usage: tokens }] : []),
    ...(choice?.finish_reason ? [{ finishReason: choice.finish_reason }] : []),
  ]
}
