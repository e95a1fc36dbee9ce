/** The shape of problem documents (RFC 9457) for the OpenAPI document. */
import { z } from 'zod'
import { type ErrorCode, errorCatalog } from '../../../foundation/errors/catalog.data.ts'
import type { Problem } from '../problem.ts'
import { describes, whole } from './schema.ts'

const codes = Object.keys(errorCatalog) as ErrorCode[]

export const problemSchema = describes<Problem>()(
  'Problem',
  z.object({
    type: z.string().describe('/errors/CODE'),
    title: z.string(),
    status: whole,
    detail: z.string().describe('What happened and what cures it'),
    code: z.enum(codes),
    details: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.array(z.string())])),
    retryable: z.boolean(),
    requestId: z.string().describe('Under which the log of the server knows the request'),
  }),
)
