/** Listing the connected sources and how they stand. */
import { z } from 'zod'
import type { SourceStatus } from '../../../contracts/source-status.ts'
import { defineRoute } from '../route.ts'
import { describes, named, whole } from './schema.ts'

const sourceSchema = describes<SourceStatus>()(
  'SourceStatus',
  z.object({
    id: z.string(),
    kind: z.string(),
    documents: whole,
    chunks: whole,
    failures: whole,
    lastSyncAtMs: whole.nullable().describe('Milliseconds since the epoch; null before the first'),
    state: z.enum(['never', 'syncing', 'ready', 'failed']),
  }),
)

export const sourcesRoute = defineRoute({
  method: 'GET',
  path: '/v1/sources',
  operation: 'listSources',
  summary: 'The connected sources and how they stand.',
  access: 'administrator',
  audit: { action: 'source.list', target: () => 'sources' },
  response: { status: 200, description: 'All sources.', schema: named('Sources', z.object({ items: z.array(sourceSchema) })) },
  handle: async (_call, { application }) => ({ items: await application.sources() }),
})
