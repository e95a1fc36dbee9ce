/** What the product asks beside its own index: an endpoint that makes vectors, and the search engine of another department, which answers everybody with everything and says who may read it. */
import { createHash } from 'node:crypto'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { TouchstoneConfig } from '../../src/app/config.ts'
import type { Rule } from './oracle.ts'
import type { KnownDocument } from './world.ts'

export interface Elsewhere {
  readonly url: string
  /** What the other department has from now on, by tenant. */
  keep(tenant: string, documents: readonly (readonly [document: KnownDocument, rule: Rule | undefined])[]): void
  close(): Promise<void>
}

/** In no document; yet what is searched with it lies near all of them. */
export const NEAR_WORD = 'almanac'
const DIMENSIONS = 16

export async function startElsewhere(): Promise<Elsewhere> {
  const kept = new Map<string, readonly object[]>()
  const server = createServer(async (request, response) => {
    const isAsked = request.method === 'GET'
    const answer = isAsked ? { found: kept.get(request.url?.split('/').at(-1) ?? '') ?? [] } : await embed(request)
    response.writeHead(200, { 'content-type': 'application/json' })
    response.end(JSON.stringify(answer))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    keep: (tenant, documents) =>
      kept.set(
        tenant,
        documents.map(([document, rule]) => ({ id: document.name, text: document.text, ...listsOf(rule) })),
      ),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/** A rule has up to three clauses, and a result always three lists: the first stands for those that are not there. */
function listsOf(rule: Rule | undefined): Readonly<Record<string, readonly string[]>> {
  const [first = [], second = first, third = first] = rule?.all ?? []
  return { first, second, third, deny: rule?.deny ?? [] }
}

export function retrieverOf(url: string, tenant: string): NonNullable<TouchstoneConfig['retrievers']>[string] {
  const list = (path: string) => [{ path, as: 'principal' as const }]
  return {
    kind: 'external-http',
    url: `${url}/annex/${tenant}`,
    results: 'found',
    fields: { id: 'id', text: 'text' },
    permissions: { readers: list('first'), all: [list('second'), list('third')], deny: list('deny') },
    limit: 50,
  }
}

export function embeddingOf(url: string): NonNullable<TouchstoneConfig['embeddings']>[string] {
  return { url: `${url}/v1`, model: 'near-1', dimensions: DIMENSIONS }
}

interface EmbeddingRequest {
  readonly input: readonly string[]
}

async function embed(request: IncomingMessage): Promise<object> {
  let body = ''
  for await (const part of request) body += String(part)
  const { input } = JSON.parse(body) as EmbeddingRequest
  return {
    data: input.map((text, index) => ({ index, embedding: directionOf(text) })),
    usage: { prompt_tokens: 1, total_tokens: 1 },
  }
}

/** Documents of the proof, and what is asked about them, point one way, each a little apart; everything else points anywhere. */
function directionOf(text: string): number[] {
  const bytes = createHash('sha256').update(text).digest()
  const own = Array.from({ length: DIMENSIONS }, (_, at) => (bytes[at] ?? 0) / 127.5 - 1)
  const isNear = /q[a-z]{9}x|almanac|ledger/i.test(text)
  return isNear ? own.map((value, at) => (at === 0 ? 4 : value / 2)) : own
}
