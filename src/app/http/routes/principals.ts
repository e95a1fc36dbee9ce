/** Users and groups through the API. Knows their shape; where else they come from is the directory's business. */
import { z } from 'zod'
import type { DirectoryGroup, DirectoryUser } from '../../../contracts/principal-directory.ts'
import { TouchstoneError } from '../../../foundation/errors/touchstone-error.ts'
import { defineRoute, type Route } from '../route.ts'
import { describes, named, principalName } from './schema.ts'

const label = z.string().min(1).max(500)
const userFields = z.object({ id: principalName, name: label, disabled: z.boolean(), groups: z.array(principalName) })
const groupFields = z.object({ id: principalName, name: label, parents: z.array(principalName) })
const userSchema = describes<DirectoryUser>()('User', userFields)
const groupSchema = describes<DirectoryGroup>()('Group', groupFields)

const principalsSchema = named(
  'Principals',
  z.object({
    items: z.array(
      z.discriminatedUnion('kind', [
        z.object({ kind: z.literal('user'), ...userFields.shape }),
        z.object({ kind: z.literal('group'), ...groupFields.shape }),
      ]),
    ),
  }),
)

const idParams = z.strictObject({ id: principalName })

const listPrincipals = defineRoute({
  method: 'GET',
  path: '/v1/principals',
  operation: 'listPrincipals',
  summary: 'All users and groups.',
  access: 'administrator',
  audit: { action: 'principal.list', target: () => 'principals' },
  response: { status: 200, description: 'Users, then groups.', schema: principalsSchema },
  handle: async (_call, { application: { principals, tenant } }) => {
    const users = (await principals.users(tenant)).map((user) => ({ kind: 'user' as const, ...user }))
    const groups = (await principals.groups(tenant)).map((group) => ({ kind: 'group' as const, ...group }))
    return { items: [...users, ...groups] }
  },
})

const putUser = defineRoute({
  method: 'PUT',
  path: '/v1/principals/users/{id}',
  operation: 'putUser',
  summary: 'Create or replace a user; effective at the next query.',
  access: 'administrator',
  audit: { action: 'principal.update', target: ({ params }) => `user:${params.id}` },
  params: idParams,
  body: named(
    'UserRequest',
    z.strictObject({
      name: label.exactOptional(),
      disabled: z.boolean().default(false),
      groups: z.array(principalName).default([]),
    }),
  ),
  response: { status: 200, description: 'The user as it now is.', schema: userSchema },
  handle: async ({ params, body }, { application: { principals, tenant } }) => {
    const user = { ...body, id: params.id, name: body.name ?? params.id }
    await principals.putUser(tenant, user, 'api')
    return user
  },
})

const putGroup = defineRoute({
  method: 'PUT',
  path: '/v1/principals/groups/{id}',
  operation: 'putGroup',
  summary: 'Create or replace a group; effective at the next query.',
  access: 'administrator',
  audit: { action: 'principal.update', target: ({ params }) => `group:${params.id}` },
  params: idParams,
  body: named('GroupRequest', z.strictObject({ name: label.exactOptional(), parents: z.array(principalName).default([]) })),
  response: { status: 200, description: 'The group as it now is.', schema: groupSchema },
  handle: async ({ params, body }, { application: { principals, tenant } }) => {
    const group = { ...body, id: params.id, name: body.name ?? params.id }
    await principals.putGroup(tenant, group, 'api')
    return group
  },
})

const deleteUser = defineRoute({
  method: 'DELETE',
  path: '/v1/principals/users/{id}',
  operation: 'deleteUser',
  summary: 'Remove a user and all its memberships.',
  access: 'administrator',
  audit: { action: 'principal.delete', target: ({ params }) => `user:${params.id}` },
  params: idParams,
  response: { status: 204, description: 'Removed.' },
  handle: async ({ params }, { application: { principals, tenant } }) => {
    if (await principals.deleteUser(tenant, params.id)) return
    throw new TouchstoneError('USER_UNKNOWN', { details: { user: params.id } })
  },
})

const deleteGroup = defineRoute({
  method: 'DELETE',
  path: '/v1/principals/groups/{id}',
  operation: 'deleteGroup',
  summary: 'Remove a group and all memberships in it.',
  access: 'administrator',
  audit: { action: 'principal.delete', target: ({ params }) => `group:${params.id}` },
  params: idParams,
  response: { status: 204, description: 'Removed.' },
  handle: async ({ params }, { application: { principals, tenant } }) => {
    if (await principals.deleteGroup(tenant, params.id)) return
    throw new TouchstoneError('GROUP_UNKNOWN', { details: { group: params.id } })
  },
})

export const principalRoutes: readonly Route[] = [listPrincipals, putUser, putGroup, deleteUser, deleteGroup]
