/** Searching: the passages that a user may read, best first. Knows nothing of ranking. */
import { z } from 'zod'
import type { ChunkId, DocumentId, DocumentVersion } from '../../../contracts/identity.ts'
import type { SearchHit, SearchResult } from '../../../contracts/search.ts'
import { toCaller } from '../identity.ts'
import { defineRoute } from '../route.ts'
import { describes, featureParams, filterSchema, idSchema, named, placeShape, whole } from './schema.ts'

const hitSchema = describes<SearchHit>()(
  'SearchHit',
  z.object({
    document: idSchema<DocumentId>('source:path, stable over versions'),
    version: idSchema<DocumentVersion>('Content hash of the document'),
    chunk: idSchema<ChunkId>('document#ordinal'),
    title: z.string(),
    path: z.string(),
    score: z.number().describe('Relative to the best hit'),
    start: whole,
    end: whole,
    text: z.string(),
    ...placeShape,
  }),
)

const noticeSchema = z.object({ code: z.string(), message: z.string() })

const searchResultSchema = describes<SearchResult>()(
  'SearchResult',
  z.object({
    id: z.string(),
    items: z.array(hitSchema),
    notices: z.exactOptional(z.array(noticeSchema)).describe('What was not done as it should be'),
  }),
)

const searchRequestSchema = named(
  'SearchRequest',
  z.strictObject({
    query: z.string(),
    filter: z.exactOptional(filterSchema),
    limit: whole.min(1).max(100).default(10),
  }),
)

export const searchRoute = defineRoute({
  method: 'POST',
  path: '/v1/features/{feature}/search',
  operation: 'search',
  summary: 'Find passages that the user may read.',
  access: 'user',
  audit: { action: 'search', target: ({ params }) => params.feature },
  params: featureParams,
  body: searchRequestSchema,
  response: { status: 200, description: 'The best passages first.', schema: searchResultSchema },
  handle: ({ params, body, identity, signal }, { application }) =>
    application.search({ ...body, caller: toCaller(identity), feature: params.feature, signal }),
})
