/** What a configuration says of an external index over HTTP: how it is asked, and what its answer means. */
import { z } from 'zod'
import { TouchstoneError } from '../../foundation/errors/touchstone-error.ts'

const path = z.string().min(1).max(500)

const principals = z.array(
  z.strictObject({
    path: path.describe('Where a result lists them.'),
    as: z
      .enum(['group', 'user', 'principal'])
      .describe('What each value is: the name of a group or a user, or a principal as we write it, e.g. group:hr or everyone.'),
  }),
)

export const optionsSchema = z.strictObject({
  kind: z.literal('external-http').describe('Any search engine that answers HTTP requests with JSON.'),
  url: z
    .url({ protocol: /^https?$/ })
    .describe('Asked for each question; {query}, {limit} and {user} in path or query are filled in.'),
  body: z
    .json()
    .optional()
    .describe(
      'Sent as JSON by POST; without it the index is asked by GET. {query}, {limit}, {user} and {principals} inside its texts are filled in.',
    ),
  headers: z
    .record(z.string(), z.union([z.string(), z.strictObject({ env: z.string().min(1) })]))
    .default({})
    .describe('Sent with every request; a secret as { env: NAME }.'),
  results: path.describe('Path of the list of results in the answer, e.g. hits.hits.'),
  fields: z
    .strictObject({
      id: path.describe('Unique and stable.'),
      text: path.describe('What is shown and cited.'),
      title: path.optional().describe('The id when absent.'),
      url: path.optional().describe('Where people read it.'),
      score: path.optional().describe("The engine's own score, at least 0; the order of the results when absent."),
      language: path.optional().describe('BCP 47 tag, e.g. de.'),
    })
    .describe('Paths inside one result.'),
  metadata: z.record(z.string(), path).default({}).describe('What filters may ask for, each with its path.'),
  permissions: z
    .strictObject({
      readers: principals.min(1).describe('Who may read: whoever is listed by one of these. None listed means nobody.'),
      all: z.array(principals.min(1)).default([]).describe('Further lists, in each of which the reader must be too.'),
      deny: principals.default([]).describe('Who may not, whatever else is listed.'),
    })
    .describe('How a result says who may read it. A value that is no principal means nobody.'),
  limit: z.number().int().min(1).max(200).default(20).describe('Results asked for.'),
  timeoutMs: z
    .number()
    .int()
    .positive()
    .default(2_000)
    .describe('Until the whole answer is there; then search goes on without it.'),
  weight: z.number().min(0).max(1).default(0.8).describe('What its best result counts beside our own best.'),
})

export type ExternalHttpOptions = z.output<typeof optionsSchema>

/** @throws TouchstoneError CONFIG_INVALID */
export function parseOptions(input: unknown): ExternalHttpOptions {
  const parsed = optionsSchema.safeParse(input)
  if (parsed.success) return parsed.data
  const problems = parsed.error.issues.map((issue) => `  ${issue.path.join('.')}: ${issue.message}`)
  throw new TouchstoneError('CONFIG_INVALID', {
    details: { path: 'retrievers', count: problems.length, problems: problems.join('\n') },
  })
}
