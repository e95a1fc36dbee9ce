/** The OpenAPI 3.1 document, made from the very routes and schemas that validate requests. Knows nothing of handlers. */
import { z } from 'zod'
import type { Access, Route } from './route.ts'
import { namedSchemas } from './routes/schema.ts'

type Json = Readonly<Record<string, unknown>>

const SECURITY: Readonly<Record<Access, readonly Json[]>> = {
  public: [],
  user: [{ bearer: [] }, { bearer: [], onBehalfOf: [] }, { localUser: [] }],
  reader: [{ bearer: [] }, { bearer: [], onBehalfOf: [] }, { localUser: [] }],
  administrator: [{ bearer: [] }, {}],
  pusher: [{ bearer: [] }, {}],
  directory: [{ bearer: [] }, {}],
}

const SECURITY_SCHEMES: Json = {
  bearer: {
    type: 'http',
    scheme: 'bearer',
    description: 'A service key (ts_ID_SECRET), or a JWT of the configured issuer.',
  },
  onBehalfOf: {
    type: 'apiKey',
    in: 'header',
    name: 'touchstone-user',
    description:
      'The user (UTF-8) for whom a service key that may act for users makes the request; touchstone-user-token carries the own JWT of the user instead.',
  },
  localUser: {
    type: 'apiKey',
    in: 'header',
    name: 'touchstone-user',
    description: 'Names the user where the server listens on loopback without keys or issuer.',
  },
}

/** @returns a document in which every route stands and every $ref resolves */
export function createOpenApiDocument(routes: readonly Route[]): Json {
  const paths: Record<string, Record<string, Json>> = {}
  for (const route of routes) (paths[route.path] ??= {})[route.method.toLowerCase()] = operationOf(route)
  const { schemas } = z.toJSONSchema(namedSchemas, { io: 'input', uri: (id) => `#/components/schemas/${id}` })
  return {
    openapi: '3.1.0',
    info: {
      title: 'Touchstone',
      version: '1',
      summary: 'Permission-checked, cited answers over company documents.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    paths,
    components: {
      schemas: Object.fromEntries(Object.entries(schemas).map(([id, schema]) => [id, withoutIdentity(schema)])),
      securitySchemes: SECURITY_SCHEMES,
    },
  }
}

function operationOf(route: Route): Json {
  return {
    operationId: route.operation,
    summary: route.summary,
    security: SECURITY[route.access],
    parameters: [...parametersOf('path', route.params), ...parametersOf('query', route.query)],
    ...(route.body === undefined
      ? {}
      : { requestBody: { required: true, content: bodyContentOf(route.consumes ?? ['application/json'], route.body) } }),
    responses: {
      ...successesOf(route.response),
      default: {
        description: 'A problem document (RFC 9457).',
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
      },
    },
  }
}

function bodyContentOf(consumes: readonly string[], body: z.ZodType): Json {
  return Object.fromEntries(consumes.map((mediaType) => [mediaType, { schema: schemaOf(body) }]))
}

function successesOf(response: Route['response']): Json {
  const statuses = Object.entries({ ...response.further, [response.status]: response.description })
  const content = response.schema === undefined ? {} : { content: contentOf(response, response.schema) }
  return Object.fromEntries(statuses.map(([status, description]) => [status, { description, ...content }]))
}

function contentOf(response: Route['response'], schema: z.ZodType): Json {
  const content = { [response.mediaType ?? 'application/json']: { schema: schemaOf(schema) } }
  if (response.events === undefined) return content
  const events = Object.fromEntries(Object.entries(response.events).map(([name, event]) => [name, schemaOf(event)]))
  const description = `Server-sent events: ${Object.keys(events).join(', ')}; the data of each is JSON.`
  return { ...content, 'text/event-stream': { schema: { type: 'string', description }, 'x-events': events } }
}

function parametersOf(place: 'path' | 'query', schema: z.ZodType | undefined): Json[] {
  if (!(schema instanceof z.ZodObject)) return []
  const { properties = {}, required = [] } = withoutIdentity(z.toJSONSchema(schema, { io: 'input' })) as {
    readonly properties?: Readonly<Record<string, Json>>
    readonly required?: readonly string[]
  }
  return Object.entries(properties).map(([name, property]) => ({
    name,
    in: place,
    required: required.includes(name),
    schema: property,
  }))
}

function schemaOf(schema: z.ZodType): Json {
  const id = namedSchemas.get(schema)?.id
  return id === undefined ? withoutIdentity(z.toJSONSchema(schema, { io: 'input' })) : { $ref: `#/components/schemas/${id}` }
}

/** Inside an OpenAPI document a schema is named by its place. */
function withoutIdentity(schema: object): Json {
  return Object.fromEntries(Object.entries(schema).filter(([key]) => key !== '$schema' && key !== '$id'))
}
