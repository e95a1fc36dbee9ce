/** A model endpoint that repeats every line of its prompt, and tells later what it was told: `GET /v1/heard/NUMBER`, for a question that says `ask-NUMBER`. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Parrot {
  readonly url: string
  close(): Promise<void>
}

interface ChatRequest {
  readonly messages: readonly { readonly content: string }[]
}

export async function startParrot(): Promise<Parrot> {
  const heard = new Map<string, string>()
  const server = createServer(async (request, response) => {
    if (request.method === 'GET') {
      const number = request.url?.split('/').at(-1) ?? ''
      response.end(heard.get(number))
      return void heard.delete(number)
    }
    const bytes: Buffer[] = []
    for await (const chunk of request) bytes.push(chunk as Buffer)
    const { messages } = JSON.parse(Buffer.concat(bytes).toString()) as ChatRequest
    const told = messages.map(({ content }) => content).join('\n')
    // Earlier questions stand before the one that is put.
    const number = [...told.matchAll(/ask-(\d+)/g)].at(-1)?.[1]
    if (number !== undefined) heard.set(number, told)
    const lines = messages.flatMap(({ content }) => content.split('\n')).filter((line) => /q[a-z]{9}x/.test(line))
    const content = lines.map((line) => line.replace(/^[#\s]+|[[\]]/g, '')).join('\n')
    const usage = { prompt_tokens: 1, completion_tokens: 1 }
    const reply = { choices: [{ message: { role: 'assistant', content: content || 'NO_ANSWER' }, finish_reason: 'stop' }], usage }
    response.writeHead(200, { 'content-type': 'application/json' })
    response.end(JSON.stringify(reply))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
