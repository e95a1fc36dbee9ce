/** A multipart body as the JSON that would say the same: one JSON part and one file. Knows the two parts; their meaning is the route's. */
import '@fastify/multipart'
import type { FastifyRequest } from 'fastify'
import { messageOf, TouchstoneError } from '../../foundation/errors/touchstone-error.ts'

/** What clients send when they do not know. */
const UNKNOWN_TYPE = 'application/octet-stream'

/** @throws TouchstoneError REQUEST_INVALID; errors of the parser carry a status of their own (413 for a file that is too large) */
export async function readMultipart(request: FastifyRequest, signal: AbortSignal): Promise<unknown> {
  let said: unknown = {}
  let file: { readonly contentBase64: string; readonly mediaType?: string } | undefined
  for await (const part of request.parts()) {
    signal.throwIfAborted()
    if (part.type === 'field') said = parseField(part.fieldname, part.value)
    else {
      const mediaType = part.mimetype === UNKNOWN_TYPE ? {} : { mediaType: part.mimetype }
      file = { contentBase64: (await part.toBuffer()).toString('base64'), ...mediaType }
    }
  }
  if (file === undefined) throw invalid('body: a multipart body has a file part')
  return { ...file, ...(said as object) }
}

function parseField(name: string, value: unknown): object {
  try {
    const parsed: unknown = typeof value === 'string' ? JSON.parse(value) : value
    if (parsed !== null && typeof parsed === 'object' && !Array.isArray(parsed)) return parsed
  } catch (error) {
    throw invalid(`body.${name}: ${messageOf(error)}`)
  }
  throw invalid(`body.${name}: it is a JSON object`)
}

function invalid(problem: string): TouchstoneError {
  return new TouchstoneError('REQUEST_INVALID', { details: { problems: [problem] } })
}
