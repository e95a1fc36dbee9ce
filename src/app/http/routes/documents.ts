/** Listing documents that a user may read, and their stored text, in which citations have their offsets. */
import { z } from 'zod'
import type { DocumentSummary } from '../../../contracts/document-summary.ts'
import type { DocumentId, DocumentVersion } from '../../../contracts/identity.ts'
import { toCaller } from '../identity.ts'
import { defineRoute } from '../route.ts'
import { describes, givenId, idSchema, limitOf, named } from './schema.ts'

const summarySchema = describes<DocumentSummary>()(
  'DocumentSummary',
  z.object({
    document: idSchema<DocumentId>('source:path, stable over versions'),
    version: idSchema<DocumentVersion>('Content hash of the document'),
    title: z.string(),
    path: z.string(),
    language: z.string(),
    mediaType: z.string(),
    modifiedAtMs: z.number(),
  }),
)

const pageSchema = named(
  'Documents',
  z.object({ items: z.array(summarySchema), next: z.exactOptional(z.string().describe('Pass it as after for the next page')) }),
)

export const documentsRoute = defineRoute({
  method: 'GET',
  path: '/v1/documents',
  operation: 'listDocuments',
  summary: 'Documents that the user may read, by id.',
  access: 'user',
  query: z.strictObject({ limit: limitOf(200, 50), after: z.exactOptional(givenId('The last id of the page before')) }),
  response: { status: 200, description: 'One page.', schema: pageSchema },
  handle: async ({ query, identity }, { application }) => {
    // One more than asked for tells whether there is a next page.
    const found = await application.documents(toCaller(identity), { ...query, limit: query.limit + 1 })
    const items = found.slice(0, query.limit)
    const last = items.at(-1)
    return found.length > query.limit && last !== undefined ? { items, next: last.document } : { items }
  },
})

export const documentTextRoute = defineRoute({
  method: 'GET',
  path: '/v1/documents/{id}/versions/{version}/text',
  operation: 'readDocumentText',
  summary: 'The stored text of one version; the offsets of citations count in it.',
  access: 'user',
  params: z.strictObject({
    id: givenId<DocumentId>('source:path, percent-encoded'),
    version: givenId<DocumentVersion>('As a citation names it'),
  }),
  response: { status: 200, description: 'The text, unfolded.', mediaType: 'text/plain', schema: z.string() },
  handle: ({ params, identity }, { application }) => application.documentText(toCaller(identity), params.id, params.version),
})
