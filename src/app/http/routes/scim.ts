/** SCIM 2.0 (RFC 7644): a directory service keeps users and groups here. Knows methods and headers; meaning is in http/scim. */
import { z } from 'zod'
import type { IncomingHttpHeaders } from 'node:http'
import type { ProvisionedDirectory, ProvisionedResource } from '../../../contracts/provisioned-directory.ts'
import { TouchstoneError } from '../../../foundation/errors/touchstone-error.ts'
import { preconditionOf } from '../entity-tags.ts'
import { SCIM_TYPE } from '../media-types.ts'
import { defineRoute, Reply, type Route } from '../route.ts'
import { isObject, type Json } from '../scim/attributes.ts'
import { applyPatch } from '../scim/patch.ts'
import { entityTag, groupType, locationOf, readFacts, type ResourceType, toScim, userType } from '../scim/resource.ts'
import { listQuery, listResources, projected, type Projection } from '../scim/resource-list.ts'
import { scimErrors } from '../scim/scim-error.ts'
import { givenId, named } from './schema.ts'
import { scimDiscoveryRoutes } from './scim-discovery.ts'

const resourceSchema = named('ScimResource', z.looseObject({}).describe('As /scim/v2/Schemas describes it'))
const listSchema = named(
  'ScimList',
  z.looseObject({ totalResults: z.number().int(), Resources: z.array(resourceSchema).default([]) }),
)
const patchSchema = named(
  'ScimPatch',
  z.looseObject({
    Operations: z
      .array(
        z.looseObject({
          op: z.string().describe('add, replace or remove'),
          path: z.exactOptional(z.string()),
          value: z.exactOptional(z.unknown()),
        }),
      )
      .min(1)
      .max(10_000),
  }),
)
const projection = z.object({
  attributes: z.exactOptional(z.string()),
  excludedAttributes: z.exactOptional(z.string()),
})
const idParams = z.strictObject({ id: givenId('Id of the entry') })
const shared = {
  access: 'directory',
  load: 'documents',
  errors: scimErrors,
  consumes: [SCIM_TYPE, 'application/json'],
} as const
const answered = { status: 200, mediaType: SCIM_TYPE, schema: resourceSchema } as const

/** The routes of users and of groups differ in the type alone. */
function collectionRoutes(type: ResourceType): readonly Route[] {
  const { kind, name, endpoint } = type
  const path = `/scim/v2${endpoint}`
  return [
    defineRoute({
      ...shared,
      method: 'GET',
      path,
      operation: `listScim${name}s`,
      summary: `${name}s that a directory service keeps, filtered and paged.`,
      query: listQuery,
      response: { ...answered, description: 'One page.', schema: listSchema },
      handle: ({ query }, { application: { directory } }) => listResources(directory, type, query) as never,
    }),
    defineRoute({
      ...shared,
      method: 'POST',
      path,
      operation: `createScim${name}`,
      summary: `Make a ${kind}.`,
      audit: { action: 'directory.create', target: ({ body }) => `${kind}/${nameIn(body, type)}` },
      body: resourceSchema,
      response: { ...answered, status: 201, description: 'Made.' },
      handle: async ({ body }, { application: { directory } }) => {
        const made = await directory.create(kind, readFacts(type, body))
        return reply(made, type, directory, {}, 201)
      },
    }),
  ]
}

/** What the routes of one entry share. */
function entryOf({ kind, endpoint }: ResourceType) {
  const audit = (deed: string) => ({
    action: `directory.${deed}`,
    target: ({ params }: { readonly params: { readonly id: string } }) => `${kind}/${params.id}`,
  })
  return { one: { ...shared, path: `/scim/v2${endpoint}/{id}`, params: idParams }, audit }
}

function entryRoutes(type: ResourceType): readonly Route[] {
  const { kind, name } = type
  const { one, audit } = entryOf(type)
  return [
    defineRoute({
      ...one,
      method: 'GET',
      operation: `readScim${name}`,
      summary: `One ${kind}.`,
      query: projection,
      response: { ...answered, further: { 304: 'Not changed since if-none-match.' }, description: 'As it is.' },
      handle: async ({ params, query, headers }, { application: { directory } }) => {
        const found = await directory.get(kind, params.id)
        const seen = preconditionOf(headers)?.ifNoneMatch
        if (seen?.some((tag) => tag === '*' || tag === String(found.revision)))
          return new Reply(304, undefined, { etag: entityTag(found) })
        return reply(found, type, directory, query)
      },
    }),
    defineRoute({
      ...one,
      method: 'DELETE',
      operation: `deleteScim${name}`,
      summary: `Remove a ${kind} and all its memberships.`,
      audit: audit('delete'),
      response: { status: 204, description: 'Removed.' },
      handle: ({ params, headers }, { application: { directory } }) =>
        directory.remove(kind, params.id, (present) => requireVersion(present, headers)),
    }),
  ]
}

function changingRoutes(type: ResourceType): readonly Route[] {
  const { kind, name } = type
  const { one, audit } = entryOf(type)
  return [
    defineRoute({
      ...one,
      method: 'PUT',
      operation: `replaceScim${name}`,
      summary: `Replace what is said of a ${kind}.`,
      audit: audit('replace'),
      body: resourceSchema,
      response: { ...answered, description: 'As it now is.' },
      handle: async ({ params, body, headers }, { application: { directory } }) => {
        const changed = await directory.change(kind, params.id, (present) => {
          requireVersion(present, headers)
          return readFacts(type, body, present)
        })
        return reply(changed, type, directory, {})
      },
    }),
    defineRoute({
      ...one,
      method: 'PATCH',
      operation: `patchScim${name}`,
      summary: `Change parts of a ${kind}; effective at the next query.`,
      audit: audit('patch'),
      body: patchSchema,
      query: projection,
      response: { ...answered, description: 'As it now is.' },
      handle: async ({ params, body, query, headers }, { application: { directory } }) => {
        const changed = await directory.change(kind, params.id, (present) => {
          requireVersion(present, headers)
          return readFacts(type, applyPatch(toScim(present, type), body.Operations), present)
        })
        return reply(changed, type, directory, query)
      },
    }),
  ]
}

export const scimRoutes: readonly Route[] = [
  ...[userType, groupType].flatMap((type) => [...collectionRoutes(type), ...entryRoutes(type), ...changingRoutes(type)]),
  ...scimDiscoveryRoutes,
]

async function reply(
  resource: ProvisionedResource,
  type: ResourceType,
  directory: ProvisionedDirectory,
  query: Projection,
  status = 200,
): Promise<Reply> {
  const groups = type.kind === 'user' ? (await directory.groupsOf([resource.id])).get(resource.id) : undefined
  const headers = { etag: entityTag(resource), ...(status === 201 ? { location: locationOf(type, resource.id) } : {}) }
  return new Reply(status, projected(toScim(resource, type, groups), query), headers)
}

/** @throws TouchstoneError DIRECTORY_ENTRY_CHANGED */
function requireVersion({ revision }: ProvisionedResource, headers: IncomingHttpHeaders): void {
  const wanted = preconditionOf(headers)?.ifMatch
  if (wanted === undefined || wanted.includes('*') || wanted.includes(String(revision))) return
  throw new TouchstoneError('DIRECTORY_ENTRY_CHANGED', { details: { version: revision } })
}

/** For the audit, before the body is looked at more closely. */
function nameIn(body: Json, { naming }: ResourceType): string {
  const given = isObject(body) ? body[naming] : undefined
  return typeof given === 'string' ? given.slice(0, 200) : ''
}
