/** The connected sources: how they stand, what is wrong with them, and removing one that was added. */
import { z } from 'zod'
import type { HealthExample, HealthFinding, SourceHealth } from '../../../contracts/source-health.ts'
import type { SourceStatus } from '../../../contracts/source-status.ts'
import { defineRoute, type Route } from '../route.ts'
import { describes, givenId, named, whole } from './schema.ts'

const exampleSchema = describes<HealthExample>()(
  'HealthExample',
  z.object({ documents: z.array(z.string()), message: z.exactOptional(z.string()) }),
)

const findingSchema = describes<HealthFinding>()(
  'HealthFinding',
  z.object({
    problem: z.enum([
      'lag-exceeded',
      'removed',
      'restored',
      'unreleased',
      'unconfirmed',
      'sync-failed',
      'never-read',
      'failures',
      'empty',
      'duplicates',
      'near-duplicates',
      'conflicting-versions',
      'expired',
      'stale',
      'unreadable',
    ]),
    severity: z.enum(['failed', 'warning']),
    code: z.exactOptional(z.string().describe('Of the error catalogue')),
    documents: whole.describe('Documents concerned'),
    message: z.string(),
    cure: z.string(),
    examples: z.array(exampleSchema).describe('At most 20'),
  }),
)

const healthSchema = describes<SourceHealth>()(
  'SourceHealth',
  z.object({
    lagMs: z.number().nullable().describe('Since the last complete sync began'),
    maxLagMinutes: z.number().nullable().describe('null: without bound'),
    isLagExceeded: z.boolean().describe('Then its documents are withheld'),
    findings: z.array(findingSchema),
  }),
)

const sourceSchema = describes<SourceStatus>()(
  'SourceStatus',
  z.object({
    id: z.string(),
    kind: z.string(),
    documents: whole,
    chunks: whole,
    failures: whole,
    lastSyncAtMs: whole.nullable().describe('When the last complete sync began, in milliseconds since the epoch'),
    state: z.enum(['never', 'syncing', 'ready', 'failed']),
    withheld: z.exactOptional(
      z
        .enum(['lag-exceeded', 'removed', 'restored', 'unreleased', 'unconfirmed'])
        .describe('Why nobody reads its documents at the moment'),
    ),
    health: z.exactOptional(healthSchema.describe('Where it was asked for')),
  }),
)

const listSources = defineRoute({
  method: 'GET',
  path: '/v1/sources',
  operation: 'listSources',
  summary: 'The connected sources and how they stand; with health=true also what is wrong with them and how to cure it.',
  access: 'administrator',
  audit: { action: 'source.list', target: () => 'sources' },
  query: z.strictObject({ health: z.enum(['true', 'false']).default('false') }),
  response: { status: 200, description: 'All sources.', schema: named('Sources', z.object({ items: z.array(sourceSchema) })) },
  handle: async ({ query }, { application }) => ({ items: await application.sources({ health: query.health === 'true' }) }),
})

const removeSource = defineRoute({
  method: 'DELETE',
  path: '/v1/sources/{id}',
  operation: 'removeSource',
  summary: 'Remove a source that does not stand in the configuration, and delete its documents.',
  access: 'administrator',
  audit: { action: 'source.remove', target: ({ params }) => params.id },
  params: z.strictObject({ id: givenId('Id of the source') }),
  response: { status: 204, description: 'Removed; nobody finds its documents from the next query on.' },
  handle: ({ params }, { application }) => application.removeSource(params.id),
})

export const sourceRoutes: readonly Route[] = [listSources, removeSource]
