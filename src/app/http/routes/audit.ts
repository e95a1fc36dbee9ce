/** Reading what was done, by whom, for whom. */
import { z } from 'zod'
import type { AuditEntry } from '../../../contracts/audit.ts'
import { defineRoute } from '../route.ts'
import { describes, limitOf, named, tenantSchema, whole } from './schema.ts'

const entrySchema = describes<AuditEntry & { readonly atMs: number }>()(
  'AuditEntry',
  z.object({
    tenant: tenantSchema,
    actor: z.string().describe('user:ID or service:NAME'),
    onBehalfOf: z.exactOptional(z.string()),
    action: z.string(),
    target: z.string(),
    details: z.exactOptional(z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]))),
    atMs: whole,
  }),
)

export const auditRoute = defineRoute({
  method: 'GET',
  path: '/v1/audit',
  operation: 'listAudit',
  summary: 'What was done, newest first.',
  access: 'administrator',
  audit: { action: 'audit.read', target: () => 'audit' },
  query: z.strictObject({ limit: limitOf(1_000, 100) }),
  response: { status: 200, description: 'Entries.', schema: named('Audit', z.object({ items: z.array(entrySchema) })) },
  handle: async ({ query }, { application: { audit, tenant } }) => ({ items: await audit.recent(tenant, query.limit) }),
})
