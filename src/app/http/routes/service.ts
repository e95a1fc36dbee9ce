/** What the server says about itself: alive, ready, its API, its page. */
import { z } from 'zod'
import { defineRoute, type Route } from '../route.ts'
import { named, whole } from './schema.ts'

const statusSchema = named('Status', z.object({ status: z.enum(['alive', 'ready']) }))
const readinessSchema = named(
  'Readiness',
  z.object({
    status: z.literal('ready'),
    withheldSources: whole.describe('Sources whose documents nobody reads now: their last sync is too old, or they were removed'),
  }),
)

const health = defineRoute({
  method: 'GET',
  path: '/healthz',
  operation: 'readHealth',
  summary: 'Whether the process lives.',
  access: 'public',
  response: { status: 200, description: 'It does.', schema: statusSchema },
  handle: () => ({ status: 'alive' as const }),
})

const readiness = defineRoute({
  method: 'GET',
  path: '/readyz',
  operation: 'readReadiness',
  summary: 'Whether state and index can serve.',
  access: 'public',
  response: { status: 200, description: 'They can.', schema: readinessSchema },
  handle: async (_call, { application }) => {
    const { withheldSources } = await application.checkReady()
    return { status: 'ready' as const, withheldSources }
  },
})

const openApi = defineRoute({
  method: 'GET',
  path: '/openapi.json',
  operation: 'readOpenApi',
  summary: 'This document.',
  access: 'public',
  response: { status: 200, description: 'OpenAPI 3.1.', schema: z.record(z.string(), z.unknown()) },
  handle: (_call, parts) => parts.openApi,
})

const page = defineRoute({
  method: 'GET',
  path: '/',
  operation: 'readPage',
  summary: 'A page to ask on.',
  access: 'public',
  response: { status: 200, description: 'HTML.', mediaType: 'text/html', schema: z.string() },
  handle: (_call, parts) => parts.page,
})

export const serviceRoutes: readonly Route[] = [health, readiness, openApi, page]
