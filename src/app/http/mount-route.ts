/** Puts a route on the HTTP library: who calls, within limits, with valid input, audited; then the handler. Knows nothing of resources. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { z } from 'zod'
import { TouchstoneError } from '../../foundation/errors/touchstone-error.ts'
import { openEventStream } from './event-stream.ts'
import type { HttpOptions } from './http-options.ts'
import { type Identity, type IdentityVerifier, toCaller } from './identity.ts'
import { reportFailure } from './problem-reply.ts'
import { toProblem } from './problem.ts'
import type { RateLimiter } from './rate-limiter.ts'
import { type RequestLifetimes, untilAborted } from './request-lifetime.ts'
import { validateRequest } from './request-validation.ts'
import { type Access, type Call, EventStream, type Route, type RouteParts } from './route.ts'

const HEARTBEAT_MS = 10_000

export interface MountParts extends RouteParts {
  readonly options: HttpOptions
  readonly identities: IdentityVerifier
  readonly limiter: RateLimiter
  readonly lifetimes: RequestLifetimes
}

type AnyCall = Call<z.output<z.ZodType>, z.output<z.ZodType>, z.output<z.ZodType>>

/** What is known of a request before its body is read. */
interface Admission {
  readonly signal: AbortSignal
  readonly identity: Identity | undefined
}

export function mountRoute(server: FastifyInstance, route: Route, parts: MountParts): void {
  const admissions = new WeakMap<FastifyRequest, Admission>()
  server.route({
    method: route.method,
    url: route.path.replace(/\{(\w+)\}/g, ':$1'),
    // Before the body is read, so that strangers cannot make the server read it.
    onRequest: async (request, reply) => {
      const signal = parts.lifetimes.begin(reply.raw)
      const identity = await untilAborted(admit(route.access, request, parts), signal)
      admissions.set(request, { signal, identity })
    },
    handler: async (request, reply) => {
      const admission = admissions.get(request)
      if (admission === undefined) throw new TouchstoneError('INTERNAL')
      const result = await untilAborted(perform(route, request, admission, parts), admission.signal)
      return result instanceof EventStream
        ? sendStream(result, request, reply, admission.signal, parts)
        : send(result, route, reply)
    },
  })
}

async function admit(access: Access, request: FastifyRequest, parts: MountParts): Promise<Identity | undefined> {
  if (access === 'public') return undefined
  const identity = await parts.identities.identify(request.headers)
  const waitSeconds = parts.limiter.take(identity.credential)
  if (waitSeconds > 0) {
    const details = { limit: parts.options.requestsPerMinute, retryAfterSeconds: waitSeconds }
    throw new TouchstoneError('RATE_LIMITED', { details })
  }
  requireAccess(access, identity)
  return identity
}

function requireAccess(access: Access, identity: Identity): void {
  if (access === 'user' || (access === 'reader' && !identity.readsAllTraces)) toCaller(identity)
  if (access === 'administrator' && !identity.administrator) {
    throw new TouchstoneError('FORBIDDEN', { details: { reason: 'it is for administrators', role: 'admin' } })
  }
}

async function perform(
  route: Route,
  request: FastifyRequest,
  { identity, signal }: Admission,
  parts: MountParts,
): Promise<unknown> {
  const input = validateRequest(route, request)
  // Public handlers never look at it; the others were refused above without one.
  const call = { ...input, identity: identity as Identity, signal, accept: request.headers.accept ?? '' }
  // Before the deed: what cannot be audited does not happen.
  if (identity !== undefined) await writeAudit(route, call, identity, parts)
  return route.handle(call, parts)
}

async function writeAudit(route: Route, call: AnyCall, { tenant, actor, user }: Identity, parts: MountParts): Promise<void> {
  if (route.audit === undefined) return
  const entry = { tenant, actor, action: route.audit.action, target: route.audit.target(call) }
  const isForAnother = user !== undefined && actor !== `user:${user}`
  await parts.application.audit.append(isForAnother ? { ...entry, onBehalfOf: user } : entry)
}

function send(result: unknown, route: Route, reply: FastifyReply): FastifyReply {
  reply.code(route.response.status)
  if (route.response.status === 204) return reply.send()
  return reply.type(`${route.response.mediaType ?? 'application/json'}; charset=utf-8`).send(result)
}

async function sendStream(
  { events }: EventStream,
  request: FastifyRequest,
  reply: FastifyReply,
  signal: AbortSignal,
  parts: MountParts,
): Promise<FastifyReply> {
  const stream = await openEventStream(events, {
    signal,
    clock: parts.clock,
    heartbeatMs: HEARTBEAT_MS,
    toErrorEvent: (error) => {
      reportFailure(error, request, parts.options)
      return { name: 'error', data: toProblem(error, request.id) }
    },
  })
  // Proxies that buffer would hold the stream back; a kept connection would hold up the server when it closes.
  return reply.headers({ 'x-accel-buffering': 'no', connection: 'close' }).type('text/event-stream; charset=utf-8').send(stream)
}
