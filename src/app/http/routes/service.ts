/** What the server says about itself: alive, ready, its API, its page. */
import { z } from 'zod'
import { defineRoute, type Route } from '../route.ts'
import { named } from './schema.ts'

const statusSchema = named('Status', z.object({ status: z.enum(['alive', 'ready']) }))

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
  response: { status: 200, description: 'They can.', schema: statusSchema },
  handle: async (_call, { application }) => {
    await application.checkReady()
    return { status: 'ready' as const }
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
