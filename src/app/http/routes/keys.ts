/** Managing service keys. A secret is shown once, when its key is made. */
import { z } from 'zod'
import type { ServiceKey } from '../../../contracts/credential.ts'
import type { PrincipalId } from '../../../contracts/identity.ts'
import { TouchstoneError } from '../../../foundation/errors/touchstone-error.ts'
import { defineRoute, type Route } from '../route.ts'
import { createServiceKey } from '../service-keys.ts'
import { describes, givenId, named, principalSchema, tenantSchema, whole } from './schema.ts'

const role = z
  .enum(['ask', 'admin', 'push', 'directory'])
  .describe(
    'admin also manages principals, keys and sources, and reads audit and all traces; push only writes documents; directory only keeps users and groups by SCIM',
  )

const keySchema = describes<ServiceKey>()(
  'ServiceKey',
  z.object({
    id: z.string(),
    tenant: tenantSchema,
    name: z.string(),
    principal: principalSchema,
    role,
    mayActForUsers: z.boolean(),
    createdAtMs: whole,
    revokedAtMs: z.exactOptional(whole),
  }),
)

const listKeys = defineRoute({
  method: 'GET',
  path: '/v1/keys',
  operation: 'listKeys',
  summary: 'All service keys, without their secrets.',
  access: 'administrator',
  audit: { action: 'key.list', target: () => 'keys' },
  response: { status: 200, description: 'Keys.', schema: named('ServiceKeys', z.object({ items: z.array(keySchema) })) },
  handle: async (_call, { application: { credentials, tenant } }) => ({ items: await credentials.list(tenant) }),
})

const createKey = defineRoute({
  method: 'POST',
  path: '/v1/keys',
  operation: 'createKey',
  summary: 'Make a service key. From the first key on, naming a user without one is refused.',
  access: 'administrator',
  audit: { action: 'key.create', target: ({ body }) => body.principal },
  body: named(
    'ServiceKeyRequest',
    z.strictObject({
      name: z.string().min(1).max(200),
      principal: givenId<PrincipalId>('service:NAME, or user:ID for a key that is that user'),
      role: role.default('ask'),
      mayActForUsers: z.boolean().default(false),
    }),
  ),
  response: {
    status: 201,
    description: 'The key and its token, which is never shown again.',
    schema: named('NewServiceKey', z.object({ key: keySchema, token: z.string() })),
  },
  handle: ({ body }, { application: { credentials, tenant }, ids }) =>
    createServiceKey(credentials, { ...body, tenant }, ids.bytes),
})

const revokeKey = defineRoute({
  method: 'DELETE',
  path: '/v1/keys/{id}',
  operation: 'revokeKey',
  summary: 'Revoke a service key; effective at once.',
  access: 'administrator',
  audit: { action: 'key.revoke', target: ({ params }) => params.id },
  params: z.strictObject({ id: givenId('Id of the key') }),
  response: { status: 204, description: 'Revoked.' },
  handle: async ({ params }, { application: { credentials, tenant } }) => {
    if (await credentials.revoke(tenant, params.id)) return
    throw new TouchstoneError('KEY_UNKNOWN', { details: { key: params.id } })
  },
})

export const keyRoutes: readonly Route[] = [listKeys, createKey, revokeKey]
