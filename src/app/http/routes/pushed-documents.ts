/** Pushing documents: put, delete, many at once, and how one stands. Knows how requests say it; what then happens is the application's. */
import { z } from 'zod'
import type { IncomingHttpHeaders } from 'node:http'
import type { DocumentId, DocumentVersion } from '../../../contracts/identity.ts'
import type { DeleteDocument, PushedDocument, Pusher, PushResult, PutDocument } from '../../../contracts/pushed-document.ts'
import { parsePrincipal } from '../../../foundation/access/principal.ts'
import { TouchstoneError } from '../../../foundation/errors/touchstone-error.ts'
import { preconditionOf } from '../entity-tags.ts'
import type { Identity } from '../identity.ts'
import { JSON_LINES_TYPES, MULTIPART_TYPE } from '../media-types.ts'
import { toProblem } from '../problem.ts'
import { problemsOf } from '../request-validation.ts'
import { defineRoute, Reply, type Route } from '../route.ts'
import { describes, givenId, idSchema, named, principalSchema, whole } from './schema.ts'

const principals = z.array(z.string().max(210)).max(10_000)
const aclFields = {
  deny: principals.default([]),
  all: z
    .array(z.strictObject({ any: principals }))
    .max(100)
    .default([]),
}

const DEEPEST_METADATA = 50

const documentFields = {
  title: z.exactOptional(z.string().min(1).max(2_000)),
  text: z.exactOptional(z.string().describe('The content as text; or contentBase64')),
  contentBase64: z.exactOptional(z.string().describe('The content as bytes in base64; or text')),
  mediaType: z.exactOptional(z.string().max(200).describe('Decides the format; absent: the ending of the path, else plain text')),
  metadata: z
    .record(z.string().min(1).max(200), z.unknown())
    .refine((metadata) => nestsAtMost(metadata, DEEPEST_METADATA), `they nest deeper than ${DEEPEST_METADATA}`)
    .default({})
    .describe('Filters find strings, numbers and booleans'),
  acl: z
    .exactOptional(z.strictObject(aclFields))
    .describe('Who reads: no principal of theirs in deny, and one in each clause of all. Absent: nobody'),
}

/** Whoever writes, compares or copies them later does so by recursion. */
function nestsAtMost(value: unknown, levels: number): boolean {
  if (value === null || typeof value !== 'object') return true
  return levels > 0 && Object.values(value).every((part) => nestsAtMost(part, levels - 1))
}

const documentRequest = named('PushedDocumentRequest', z.strictObject(documentFields))

const putOperation = z.strictObject({
  operation: z.literal('put'),
  document: givenId<DocumentId>('source:path'),
  ifMatch: z.exactOptional(z.string().max(200).describe('Only when this is the revision')),
  ...documentFields,
})
const deleteOperation = z.strictObject({
  operation: z.literal('delete'),
  document: givenId<DocumentId>('source:path'),
  ifMatch: z.exactOptional(z.string().max(200).describe('Only when this is the revision')),
})
const operationRequest = named('DocumentOperationRequest', z.discriminatedUnion('operation', [putOperation, deleteOperation]))

const state = z.enum(['queued', 'searchable', 'failed'])
const failure = z.exactOptional(z.object({ code: z.string(), message: z.string() }))
const resultFields = {
  document: idSchema<DocumentId>('source:path'),
  outcome: z.enum(['created', 'replaced', 'updated', 'unchanged', 'deleted']),
  revision: z.exactOptional(z.string().describe('Also the ETag; send it in if-match to change only this one')),
  state: z.exactOptional(state),
  failure,
}
const resultSchema = describes<PushResult>()('PushResult', z.object(resultFields))

const pushedSchema = describes<PushedDocument>()(
  'PushedDocument',
  z.object({
    document: idSchema<DocumentId>('source:path'),
    revision: z.string(),
    state,
    failure,
    version: z.exactOptional(idSchema<DocumentVersion>('What searches find now')),
    mediaType: z.string(),
    title: z.exactOptional(z.string()),
    metadata: z.record(z.string(), z.unknown()),
    acl: z.exactOptional(z.object({ deny: z.array(principalSchema), all: z.array(z.object({ any: z.array(principalSchema) })) })),
    sizeBytes: whole,
    receivedAtMs: whole,
  }),
)

const idParams = z.strictObject({ id: givenId<DocumentId>('source:path, percent-encoded') })
const waitQuery = z.strictObject({
  wait: z
    .enum(['true', 'false'])
    .default('false')
    .describe('Answer when it can be searched, or after 30 seconds; so does prefer: wait'),
})
const LONGEST_WAIT_MS = 30_000

const putDocument = defineRoute({
  method: 'PUT',
  path: '/v1/documents/{id}',
  operation: 'putDocument',
  summary: 'Push a document, or replace it. Kept when it answers; the same again changes nothing.',
  access: 'pusher',
  load: 'documents',
  consumes: ['application/json', MULTIPART_TYPE],
  params: idParams,
  query: waitQuery,
  body: documentRequest,
  response: {
    status: 200,
    further: { 201: 'Made, and searchable.', 202: 'Kept; searchable soon.' },
    description: 'As it was, or changed and searchable or failed.',
    schema: resultSchema,
  },
  handle: async ({ params, query, body, identity, headers, signal }, { application }) => {
    const condition = preconditionOf(headers)
    const put = { ...toPut(params.id, body), ...(condition === undefined ? {} : { condition }) }
    const run = { operations: [put], pusher: pusherOf(identity), waitMs: waitMsOf(query.wait, headers), signal }
    const [result] = await application.push(run)
    if (result === undefined || result instanceof TouchstoneError) throw result ?? new TouchstoneError('INTERNAL')
    const status = result.state === 'queued' ? 202 : result.outcome === 'created' && result.state === 'searchable' ? 201 : 200
    return new Reply(status, result, { etag: `"${result.revision ?? ''}"` })
  },
})

const deleteDocument = defineRoute({
  method: 'DELETE',
  path: '/v1/documents/{id}',
  operation: 'deleteDocument',
  summary: 'Delete a pushed document; gone at the next query.',
  access: 'pusher',
  load: 'documents',
  params: idParams,
  response: { status: 204, description: 'Deleted.' },
  handle: async ({ params, identity, headers, signal }, { application }) => {
    const condition = preconditionOf(headers)
    const operation: DeleteDocument = {
      operation: 'delete',
      document: params.id,
      ...(condition === undefined ? {} : { condition }),
    }
    const [result] = await application.push({ operations: [operation], pusher: pusherOf(identity), waitMs: 0, signal })
    if (result instanceof TouchstoneError) throw result
  },
})

const readDocument = defineRoute({
  method: 'GET',
  path: '/v1/documents/{id}',
  operation: 'readPushedDocument',
  summary: 'A pushed document: its permissions, and whether it can be searched, or why not.',
  access: 'pusher',
  load: 'documents',
  params: idParams,
  response: { status: 200, description: 'How it stands.', schema: pushedSchema },
  handle: async ({ params }, { application }) => {
    const pushed = await application.pushed(params.id)
    return new Reply(200, pushed, { etag: `"${pushed.revision}"` })
  },
})

const failedItem = named(
  'RefusedOperation',
  z.object({ document: z.exactOptional(z.string()), error: z.object({ code: z.string(), message: z.string() }) }),
)

const pushMany = defineRoute({
  method: 'POST',
  path: '/v1/documents/bulk',
  operation: 'pushDocuments',
  summary: 'Put and delete many documents. One that is refused leaves the others alone.',
  access: 'pusher',
  load: 'documents',
  consumes: ['application/json', ...JSON_LINES_TYPES],
  query: waitQuery,
  // Each is checked by itself, so that one mistake does not refuse the rest.
  body: named('DocumentOperations', z.array(z.union([operationRequest, z.unknown()])).max(100_000)),
  response: {
    status: 200,
    description: 'For each operation, in order, its result or what refused it. What succeeded is kept.',
    schema: named('PushResults', z.object({ items: z.array(z.union([resultSchema, failedItem])) })),
  },
  handle: async ({ query, body, identity, headers, signal }, { application }) => {
    const read = body.map(readOperation)
    const operations = read.flatMap((operation) => (operation instanceof TouchstoneError ? [] : [operation]))
    const results = await application.push({
      operations,
      pusher: pusherOf(identity),
      waitMs: waitMsOf(query.wait, headers),
      signal,
    })
    let next = 0
    return {
      items: read.map((operation, at) => itemOf(operation instanceof TouchstoneError ? operation : results[next++], body[at])),
    }
  },
})

export const pushedDocumentRoutes: readonly Route[] = [putDocument, readDocument, deleteDocument, pushMany]

function itemOf(result: PushResult | TouchstoneError | undefined, given: unknown): z.output<typeof failedItem> | PushResult {
  if (result !== undefined && !(result instanceof TouchstoneError)) return result
  const { code, detail } = toProblem(result, '')
  const document = given !== null && typeof given === 'object' && 'document' in given ? given.document : undefined
  return { ...(typeof document === 'string' ? { document } : {}), error: { code, message: detail } }
}

function readOperation(given: unknown): PutDocument | DeleteDocument | TouchstoneError {
  const parsed = operationRequest.safeParse(given)
  if (!parsed.success) {
    const problems = problemsOf('operation', parsed.error)
    return new TouchstoneError('REQUEST_INVALID', { details: { problems } })
  }
  const { data } = parsed
  const condition = data.ifMatch === undefined ? {} : { condition: { ifMatch: [data.ifMatch] } }
  try {
    if (data.operation === 'delete') return { operation: 'delete', document: data.document, ...condition }
    return { ...toPut(data.document, data), ...condition }
  } catch (error) {
    if (error instanceof TouchstoneError) return error
    throw error
  }
}

/** @throws TouchstoneError REQUEST_INVALID, PRINCIPAL_INVALID */
function toPut(document: DocumentId, body: z.output<typeof documentRequest>): PutDocument {
  const { text, contentBase64, mediaType, title, metadata, acl } = body
  if ((text === undefined) === (contentBase64 === undefined)) throw invalid('body: either text or contentBase64')
  return {
    operation: 'put',
    document,
    bytes: text === undefined ? decodeBase64(contentBase64 ?? '') : new TextEncoder().encode(text),
    isText: text !== undefined,
    metadata,
    ...(mediaType === undefined ? {} : { mediaType }),
    ...(title === undefined ? {} : { title }),
    ...(acl === undefined
      ? {}
      : { acl: { deny: acl.deny.map(parsePrincipal), all: acl.all.map(({ any }) => ({ any: any.map(parsePrincipal) })) } }),
  }
}

/** The decoder skips what is no base64, so that the length tells; a pattern over megabytes would cost more. */
function decodeBase64(text: string): Uint8Array {
  const bytes = Buffer.from(text, 'base64')
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0
  if (bytes.length !== Math.floor(((text.length - padding) * 3) / 4)) throw invalid('body.contentBase64: it is not base64')
  return bytes
}

function invalid(problem: string): TouchstoneError {
  return new TouchstoneError('REQUEST_INVALID', { details: { problems: [problem] } })
}

function pusherOf({ actor, user, administrator }: Identity): Pusher {
  const isForAnother = user !== undefined && actor !== `user:${user}`
  return { actor, mayCreateSource: administrator, ...(isForAnother ? { onBehalfOf: user } : {}) }
}

/** `?wait=true`, or `prefer: wait` and `prefer: wait=SECONDS` of RFC 7240. */
function waitMsOf(wait: 'true' | 'false', headers: IncomingHttpHeaders): number {
  const preferred = /(?:^|[,;\s])wait(?:\s*=\s*(\d{1,6}))?(?=$|[,;\s])/i.exec(String(headers['prefer'] ?? ''))
  if (preferred?.[1] !== undefined) return Math.min(Number(preferred[1]) * 1_000, LONGEST_WAIT_MS)
  return wait === 'true' || preferred !== null ? LONGEST_WAIT_MS : 0
}
