/** The HTTP server: routes, limits and headers put together. Knows nothing of any single resource, nor of how answers are made. */
import type { AddressInfo } from 'node:net'
import { type FastifyInstance, fastify } from 'fastify'
import type { Clock } from '../../foundation/concurrency/clock.ts'
import { systemIds } from '../../foundation/concurrency/random.ts'
import { TouchstoneError } from '../../foundation/errors/touchstone-error.ts'
import type { Application } from '../application.ts'
import type { HttpOptions } from './http-options.ts'
import { installBodyParsers } from './body-parsers.ts'
import { createIdentityVerifier } from './identity.ts'
import { mountRoute } from './mount-route.ts'
import { createOpenApiDocument } from './openapi-document.ts'
import { createPage } from './page.ts'
import { answerClientError, installProblemReplies, MAX_HEADER_BYTES, sendProblem } from './problem-reply.ts'
import { fromTransportError } from './problem.ts'
import { createRateLimiter } from './rate-limiter.ts'
import { createRequestLifetimes, type RequestLifetimes } from './request-lifetime.ts'
import { routeTable } from './routes/route-table.ts'

export interface HttpServer {
  /** Where it listens, e.g. `http://127.0.0.1:7400`; the configured address until it does. */
  readonly url: string
  /** @returns the url @throws TouchstoneError SERVER_UNPROTECTED, PORT_IN_USE */
  listen(): Promise<string>
  /** Takes no more requests, lets running ones end for a while, then cancels them. */
  close(): Promise<void>
}

const CLOSING_GRACE_MS = 5_000
const CANCELLING_GRACE_MS = 1_000

/** Without limits of their own, pushes have those of the other requests. */
type Defaulted = 'ids' | 'maxPushBytes' | 'pushesPerMinute'

/** @throws TouchstoneError CONFIG_INVALID when the issuer's address cannot be trusted */
export async function createHttpServer(
  application: Application,
  given: Omit<HttpOptions, Defaulted> & Partial<Pick<HttpOptions, Defaulted>>,
): Promise<HttpServer> {
  const { maxBodyBytes: maxPushBytes, requestsPerMinute: pushesPerMinute } = given
  const options: HttpOptions = { ids: systemIds, maxPushBytes, pushesPerMinute, ...given }
  const { clock, ids } = options
  const identities = createIdentityVerifier(application, options, await loadTokenVerifier(options))
  const lifetimes = createRequestLifetimes(options.requestTimeoutMs, clock)
  const limiter = createRateLimiter(options.requestsPerMinute, clock)
  const pushLimiter = createRateLimiter(options.pushesPerMinute, clock)
  const page = createPage({ features: application.features, examples: options.examples ?? [] })
  const openApi = createOpenApiDocument(routeTable)
  const server = createTransport(options)
  await installBodyParsers(server, options)
  server.addHook('onRequest', async (request, reply) => {
    reply.headers(safeHeaders(request.id, request.routeOptions.url === '/' ? page.contentSecurityPolicy : undefined))
  })
  server.addHook('onSend', async (_request, reply) => {
    // A connection that is kept would hold up the close until it times out.
    if (!server.server.listening) reply.header('connection', 'close')
  })
  installProblemReplies(server, routeTable, options)
  for (const route of routeTable) {
    mountRoute(server, route, {
      application,
      clock,
      ids,
      openApi,
      page: page.html,
      options,
      identities,
      limiter,
      pushLimiter,
      lifetimes,
    })
  }
  return {
    get url() {
      return urlOf(server, options)
    },
    listen: async () => {
      await identities.requireProtection()
      await listen(server, options)
      return urlOf(server, options)
    },
    close: () => close(server, lifetimes, clock),
  }
}

function createTransport(options: HttpOptions): FastifyInstance {
  const { requestTimeoutMs } = options
  const server = fastify({
    bodyLimit: options.maxBodyBytes,
    requestTimeout: requestTimeoutMs,
    routerOptions: { maxParamLength: 4_096 },
    genReqId: () => options.ids.next(options.clock.now()),
    http: {
      maxHeaderSize: MAX_HEADER_BYTES,
      requestTimeout: requestTimeoutMs,
      headersTimeout: Math.min(60_000, requestTimeoutMs),
      connectionsCheckingInterval: Math.min(5_000, Math.ceil(requestTimeoutMs / 4)),
    },
    clientErrorHandler: (error, socket) => answerClientError(error, socket, options),
    frameworkErrors: (error, request, reply) => {
      // No hook runs for these.
      void sendProblem(fromTransportError(error, options, ''), request, reply.headers(safeHeaders(request.id)))
    },
  })
  server.removeContentTypeParser('text/plain')
  return server
}

/** Answers are nobody else's to keep, frame, sniff or link from. */
function safeHeaders(requestId: string, policy = "default-src 'none'; frame-ancestors 'none'"): Readonly<Record<string, string>> {
  return {
    'cache-control': 'no-store',
    'content-security-policy': policy,
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'x-request-id': requestId,
  }
}

/** On demand: a server without an issuer need not load the cryptography of tokens. */
async function loadTokenVerifier({ auth, clock }: HttpOptions) {
  if (auth.issuer === undefined) return undefined
  const { createTokenVerifier } = await import('./token-verifier.ts')
  return createTokenVerifier(auth.issuer, clock)
}

/** Answers that are being made end, and take their connections with them; what is left after the grace is cancelled, then cut. */
async function close(server: FastifyInstance, lifetimes: RequestLifetimes, clock: Clock): Promise<void> {
  const stopTimer = clock.after(CLOSING_GRACE_MS, () => {
    lifetimes.cancelAll()
    clock.after(CANCELLING_GRACE_MS, () => server.server.closeAllConnections())
  })
  await server.close()
  stopTimer()
}

async function listen(server: FastifyInstance, { host, port }: HttpOptions): Promise<void> {
  try {
    await server.listen({ host, port })
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') {
      throw new TouchstoneError('PORT_IN_USE', { details: { host, port }, cause: error })
    }
    throw error
  }
}

function urlOf(server: FastifyInstance, { host, port }: HttpOptions): string {
  const address = server.server.address() as AddressInfo | null
  return `http://${host.includes(':') ? `[${host}]` : host}:${address?.port ?? port}`
}
