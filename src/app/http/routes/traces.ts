/** Reading traces: one's own, or all for an administrator. */
import { z } from 'zod'
import type { CallerIdentity } from '../../../contracts/asker.ts'
import type { TraceId } from '../../../contracts/identity.ts'
import type { SpanRecord, TraceRecord } from '../../../contracts/telemetry.ts'
import { type Identity, toCaller } from '../identity.ts'
import { defineRoute } from '../route.ts'
import { describes, givenId, idSchema, limitOf, named } from './schema.ts'

const attributes = z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.array(z.string())]))

const spanSchema = describes<SpanRecord>()(
  'Span',
  z.object({
    name: z.string(),
    startMs: z.number().describe('Since the trace began'),
    durationMs: z.number(),
    attributes,
    error: z.exactOptional(z.string()),
  }),
)

const traceSchema = describes<TraceRecord>()(
  'Trace',
  z.object({
    id: idSchema<TraceId>('Also the id of the answer'),
    tenant: z.string(),
    kind: z.enum(['answer', 'search', 'ingest']),
    user: z.exactOptional(z.string()),
    actor: z.exactOptional(z.string()),
    feature: z.exactOptional(z.string()),
    release: z.exactOptional(z.string()),
    startedAtMs: z.number(),
    durationMs: z.number(),
    status: z.enum(['ok', 'error', 'abstained', 'cancelled']),
    attributes,
    spans: z.array(spanSchema),
    documents: z.array(z.string()),
  }),
)

export const tracesRoute = defineRoute({
  method: 'GET',
  path: '/v1/traces',
  operation: 'listTraces',
  summary: "The user's own traces, newest first; everybody's for an administrator.",
  access: 'reader',
  query: z.strictObject({ limit: limitOf(200, 20) }),
  response: {
    status: 200,
    description: 'The newest traces.',
    schema: named('Traces', z.object({ items: z.array(traceSchema) })),
  },
  handle: async ({ query, identity }, { application }) => ({
    items: await application.traces(readerOf(identity), query.limit),
  }),
})

export const traceRoute = defineRoute({
  method: 'GET',
  path: '/v1/traces/{id}',
  operation: 'readTrace',
  summary: 'One trace: its stages, how long they took, what they saw.',
  access: 'reader',
  params: z.strictObject({ id: givenId<TraceId>('Id of an answer or search') }),
  response: { status: 200, description: 'The trace.', schema: traceSchema },
  handle: ({ params, identity }, { application }) => application.trace(readerOf(identity), params.id),
})

function readerOf(identity: Identity): CallerIdentity | 'administrator' {
  return identity.readsAllTraces ? 'administrator' : toCaller(identity)
}
