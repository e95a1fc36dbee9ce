/** Searching: the passages that a user may read, best first. Knows nothing of ranking. */
import { z } from 'zod'
import type { ChunkId, DocumentId, DocumentVersion } from '../../../contracts/identity.ts'
import type { HitExplanation, SearchExplanation, SearchHit, SearchResult } from '../../../contracts/search.ts'
import { toCaller } from '../identity.ts'
import { defineRoute } from '../route.ts'
import { describes, featureParams, filterSchema, idSchema, named, placeShape, unavailableSchema, whole } from './schema.ts'

const explanationSchema = describes<HitExplanation>()(
  'HitExplanation',
  z.object({
    contributions: z
      .array(
        z.object({
          name: z.string().describe('Of the feature, e.g. lexical-chunks or proximity/coverage'),
          contribution: z.number().describe('In points of the score; they sum to it'),
          value: z.exactOptional(z.number().describe('What was measured; administrators only')),
        }),
      )
      .readonly(),
    matched: z
      .array(
        z.object({
          word: z.string(),
          fields: z.array(z.enum(['title', 'path', 'headings', 'body'])).readonly(),
          related: z.exactOptional(z.literal(true).describe('No word of the question, but what one may also be called')),
        }),
      )
      .readonly(),
    features: z.exactOptional(z.record(z.string(), z.number()).describe('Absolute values; administrators only')),
  }),
)

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
    explanation: z.exactOptional(explanationSchema),
    ...placeShape,
  }),
)

const noticeSchema = z.object({ code: z.string(), message: z.string() })

const correctionSchema = z.object({ from: z.string(), to: z.string() })

const searchExplanationSchema = describes<SearchExplanation>()(
  'SearchExplanation',
  z.object({
    wordings: z.array(z.object({ text: z.string(), weight: z.number().describe('Beside the question, in (0, 1]') })).readonly(),
  }),
)

const searchResultSchema = describes<SearchResult>()(
  'SearchResult',
  z.object({
    id: z.string(),
    items: z.array(hitSchema),
    unavailable: z.exactOptional(unavailableSchema),
    explanation: z.exactOptional(searchExplanationSchema),
    corrections: z.exactOptional(z.array(correctionSchema)).describe('What was searched for instead of misspelled words'),
    notices: z.exactOptional(z.array(noticeSchema)).describe('What was not done as it should be'),
  }),
)

const searchRequestSchema = named(
  'SearchRequest',
  z.strictObject({
    query: z.string(),
    filter: z.exactOptional(filterSchema),
    limit: whole.min(1).max(100).default(10),
    explain: z.boolean().default(false).describe('Say of each hit why it stands where it stands'),
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
  handle: ({ params, body: { explain, ...body }, identity, signal }, { application }) => {
    const explanation = explain ? { explain: identity.administrator ? ('absolute' as const) : ('relative' as const) } : {}
    return application.search({ ...body, ...explanation, caller: toCaller(identity), feature: params.feature, signal })
  },
})
