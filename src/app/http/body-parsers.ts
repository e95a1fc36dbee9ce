/** Bodies that are not plain JSON: JSON lines, SCIM's JSON, multipart. Knows their framing; which route takes which says the route. */
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { JSON_LINES_TYPES, SCIM_TYPE } from './media-types.ts'
import type { HttpOptions } from './http-options.ts'

type JsonParser = (request: FastifyRequest, text: string, done: (error: Error | null, value?: unknown) => void) => unknown

export async function installBodyParsers(server: FastifyInstance, options: HttpOptions): Promise<void> {
  const parseJson = server.getDefaultJsonParser('error', 'error') as JsonParser
  server.addContentTypeParser(SCIM_TYPE, { parseAs: 'string' }, (request, text, done) => {
    // Okta and others send an empty body with this type where none is due.
    if (text === '') done(null, undefined)
    else parseJson(request, text as string, done)
  })
  server.addContentTypeParser([...JSON_LINES_TYPES], { parseAs: 'string' }, (request, text, done) => {
    const lines = (text as string).split('\n').filter((line) => line.trim() !== '')
    done(
      null,
      lines.map((line) => parseLine(request, line, parseJson)),
    )
  })
  const { default: multipart } = await import('@fastify/multipart')
  await server.register(multipart, {
    limits: { files: 1, fields: 1, parts: 2, fileSize: options.maxPushBytes, fieldSize: options.maxBodyBytes },
  })
}

/** A broken line stays text, so that it is refused at its place and the others are not. */
function parseLine(request: FastifyRequest, line: string, parseJson: JsonParser): unknown {
  let parsed: unknown = line
  parseJson(request, line, (error, value) => {
    if (error === null) parsed = value
  })
  return parsed
}
