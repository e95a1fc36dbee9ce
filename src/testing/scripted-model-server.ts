/** A real HTTP server on loopback that plays an OpenAI-compatible provider by a script. Knows the protocol and its faults; needs no network. */
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { systemClock } from '../foundation/concurrency/clock.ts'

/** What the server does with one request. */
export interface ScriptedReply {
  /** The answer; streamed when the request asks for it. */
  readonly text?: string
  /** Characters per streamed delta; 4 when left out. */
  readonly deltaSize?: number
  /** Bytes per write to the socket, to split events anywhere; whole events when left out. */
  readonly chunkSize?: number
  readonly lineEnd?: '\n' | '\r\n'
  /** Sends a comment before each event. */
  readonly comments?: boolean
  readonly finishReason?: string
  readonly usage?: { readonly prompt_tokens: number; readonly completion_tokens: number } | 'none'
  /** Before the first byte. */
  readonly delayMs?: number
  /** Before each write after the first. */
  readonly pauseMs?: number
  /** Breaks the connection after that many deltas. */
  readonly cutAfterDeltas?: number
  /** Ends the stream properly but without finish reason and [DONE] after that many deltas. */
  readonly endAfterDeltas?: number
  /** Sends an error object after that many deltas, then ends. */
  readonly errorAfterDeltas?: number
  /** Answers with one JSON document although a stream was asked for. */
  readonly asDocument?: boolean
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  /** Sent as it is instead of a completion. */
  readonly rawBody?: string
}

export interface RecordedRequest {
  readonly method: string
  readonly url: string
  readonly headers: IncomingHttpHeaders
  /** Parsed JSON, or the text when it is none. */
  readonly body: unknown
}

export interface ScriptedModelServer {
  /** Base URL to configure, ending in `/v1`. */
  readonly url: string
  readonly requests: readonly RecordedRequest[]
  /** Replies of the next requests, in order; the last one is repeated. */
  script(...replies: readonly ScriptedReply[]): void
  close(): Promise<void>
}

/** @returns a listening server that answers `OK.` until it is scripted; `GET /v1/models` lists `scripted-model` */
export async function startScriptedModelServer(...replies: readonly ScriptedReply[]): Promise<ScriptedModelServer> {
  const requests: RecordedRequest[] = []
  let queue: readonly ScriptedReply[] = replies
  const next = (): ScriptedReply => {
    const [first = { text: 'OK.' }, ...rest] = queue
    if (rest.length > 0) queue = rest
    return first
  }
  const server = createServer(async (request, response) => {
    const bytes: Buffer[] = []
    for await (const chunk of request) bytes.push(chunk as Buffer)
    const body = parseBody(Buffer.concat(bytes).toString('utf8'))
    requests.push({ method: request.method ?? '', url: request.url ?? '', headers: request.headers, body })
    const listsModels = request.method === 'GET' && /\/models(?:\?|$)/u.test(request.url ?? '')
    const reply = next()
    if (listsModels && reply.status === undefined && reply.rawBody === undefined)
      sendJson(response, { data: [{ id: 'scripted-model' }] })
    else await play(reply, response, body)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/v1`,
    requests,
    script(...more) {
      queue = more
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

async function play(reply: ScriptedReply, response: ServerResponse, body: unknown): Promise<void> {
  if (reply.delayMs !== undefined) await systemClock.sleep(reply.delayMs)
  if (response.destroyed) return
  if (reply.status !== undefined || reply.rawBody !== undefined) {
    response.writeHead(reply.status ?? 200, { 'content-type': 'application/json', ...reply.headers })
    response.end(reply.rawBody ?? JSON.stringify({ error: { message: `status ${reply.status}`, type: 'scripted' } }))
    return
  }
  const wantsStream = typeof body === 'object' && body !== null && 'stream' in body && body.stream === true
  if (wantsStream && reply.asDocument !== true) await playStream(reply, response)
  else sendJson(response, toDocument(reply), reply.headers)
}

async function playStream(reply: ScriptedReply, response: ServerResponse): Promise<void> {
  response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', ...reply.headers })
  const size = reply.deltaSize ?? 4
  const text = reply.text ?? 'OK.'
  const deltas = Array.from({ length: Math.ceil(text.length / size) }, (_, at) => text.slice(at * size, (at + 1) * size))
  const limit = reply.cutAfterDeltas ?? reply.endAfterDeltas ?? reply.errorAfterDeltas ?? deltas.length
  const events = deltas.slice(0, limit).map((content) => choice({ delta: { content }, finish_reason: null }))
  if (reply.errorAfterDeltas !== undefined)
    events.push(JSON.stringify({ error: { message: 'the engine failed', type: 'server_error' } }))
  const whole = reply.cutAfterDeltas === undefined && reply.endAfterDeltas === undefined && reply.errorAfterDeltas === undefined
  if (whole) events.push(choice({ delta: {}, finish_reason: reply.finishReason ?? 'stop' }))
  if (whole && reply.usage !== 'none') events.push(JSON.stringify({ choices: [], usage: usageOf(reply) }))
  if (whole) events.push('[DONE]')
  await writeEvents(events, reply, response)
  if (reply.cutAfterDeltas === undefined) response.end()
  else response.destroy()
}

async function writeEvents(events: readonly string[], reply: ScriptedReply, response: ServerResponse): Promise<void> {
  const end = reply.lineEnd ?? '\n'
  const written = events.map((event) => `${reply.comments ? `: ping${end}` : ''}data: ${event}${end}${end}`)
  const chunks =
    reply.chunkSize === undefined
      ? written.map((event) => Buffer.from(event))
      : split(Buffer.from(written.join('')), reply.chunkSize)
  for (const [index, chunk] of chunks.entries()) {
    if (response.destroyed) return
    if (index > 0) await systemClock.sleep(reply.pauseMs ?? 0)
    await new Promise<void>((resolve) => response.write(chunk, () => resolve()))
  }
}

function split(bytes: Buffer, size: number): Buffer[] {
  return Array.from({ length: Math.ceil(bytes.length / size) }, (_, at) => bytes.subarray(at * size, (at + 1) * size))
}

function choice(content: object): string {
  return JSON.stringify({ id: 'scripted', object: 'chat.completion.chunk', choices: [{ index: 0, ...content }] })
}

function toDocument(reply: ScriptedReply): object {
  const message = { role: 'assistant', content: reply.text ?? 'OK.' }
  const usage = reply.usage === 'none' ? {} : { usage: usageOf(reply) }
  return { id: 'scripted', choices: [{ index: 0, message, finish_reason: reply.finishReason ?? 'stop' }], ...usage }
}

function usageOf(reply: ScriptedReply): object {
  return typeof reply.usage === 'object' ? reply.usage : { prompt_tokens: 100, completion_tokens: 20 }
}

function sendJson(response: ServerResponse, value: unknown, headers: Readonly<Record<string, string>> = {}): void {
  response.writeHead(200, { 'content-type': 'application/json', ...headers })
  response.end(JSON.stringify(value))
}

function parseBody(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
