/** What a SCIM client asks first: what the service can do, which resources it has, how they look (RFC 7644, 4). */
import { z } from 'zod'
import { TouchstoneError } from '../../../foundation/errors/touchstone-error.ts'
import { SCIM_TYPE } from '../media-types.ts'
import { defineRoute, type Route } from '../route.ts'
import type { Json } from '../scim/attributes.ts'
import { groupType, type ResourceType, userType } from '../scim/resource.ts'
import { LARGEST_PAGE } from '../scim/resource-list.ts'
import { scimErrors } from '../scim/scim-error.ts'
import { type ScimSchema, scimSchemas } from '../scim/schemas.data.ts'
import { givenId } from './schema.ts'

const CORE = 'urn:ietf:params:scim:schemas:core:2.0'

const providerConfig: Json = {
  schemas: [`${CORE}:ServiceProviderConfig`],
  patch: { supported: true },
  bulk: { supported: false, maxOperations: 0, maxPayloadSize: 0 },
  filter: { supported: true, maxResults: LARGEST_PAGE },
  changePassword: { supported: false },
  sort: { supported: false },
  etag: { supported: true },
  authenticationSchemes: [
    {
      type: 'oauthbearertoken',
      name: 'Service key',
      description: 'authorization: Bearer with a service key of the role directory',
      primary: true,
    },
  ],
  meta: { resourceType: 'ServiceProviderConfig', location: '/scim/v2/ServiceProviderConfig' },
}

function resourceType({ name, endpoint, schema, extensions }: ResourceType): Json {
  return {
    schemas: [`${CORE}:ResourceType`],
    id: name,
    name,
    endpoint,
    schema,
    schemaExtensions: extensions.map((extension) => ({ schema: extension, required: false })),
    meta: { resourceType: 'ResourceType', location: `/scim/v2/ResourceTypes/${name}` },
  }
}

function schemaResource(schema: ScimSchema): Json {
  return { schemas: [`${CORE}:Schema`], ...schema, meta: { resourceType: 'Schema', location: `/scim/v2/Schemas/${schema.id}` } }
}

function listOf(resources: readonly Json[]): Json {
  return {
    schemas: ['urn:ietf:params:scim:api:messages:2.0:ListResponse'],
    totalResults: resources.length,
    startIndex: 1,
    itemsPerPage: resources.length,
    Resources: resources,
  }
}

const shared = { method: 'GET', access: 'directory', load: 'documents', errors: scimErrors } as const
const response = { status: 200, mediaType: SCIM_TYPE, description: 'As RFC 7643 has it.', schema: z.looseObject({}) } as const
const ignored = z.object({})
const idParams = z.strictObject({ id: givenId('Id') })

function discovery(name: string, kind: string, resources: readonly Json[]): readonly Route[] {
  return [
    defineRoute({
      ...shared,
      path: `/scim/v2/${name}`,
      operation: `listScim${name}`,
      summary: `The ${kind}s.`,
      query: ignored,
      response,
      handle: () => listOf(resources),
    }),
    defineRoute({
      ...shared,
      path: `/scim/v2/${name}/{id}`,
      operation: `readScim${name}`,
      summary: `One ${kind}.`,
      params: idParams,
      query: ignored,
      response,
      handle: ({ params }) => {
        const found = resources.find(({ id }) => id === params.id)
        if (found === undefined) throw new TouchstoneError('DIRECTORY_ENTRY_UNKNOWN', { details: { kind, id: params.id } })
        return found
      },
    }),
  ]
}

export const scimDiscoveryRoutes: readonly Route[] = [
  defineRoute({
    ...shared,
    path: '/scim/v2/ServiceProviderConfig',
    operation: 'readScimServiceProviderConfig',
    summary: 'What this SCIM service can do.',
    query: ignored,
    response,
    handle: () => providerConfig,
  }),
  ...discovery('ResourceTypes', 'resource type', [userType, groupType].map(resourceType)),
  ...discovery('Schemas', 'schema', scimSchemas.map(schemaResource)),
]
