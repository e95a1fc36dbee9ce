/** Server-sent events out of bytes, at any chunk boundary. Knows the line format; knows nothing of what the data mean. */
import { TouchstoneError } from '../../foundation/errors/touchstone-error.ts'

/** An event longer than this is no completion chunk. */
const MAX_EVENT_LENGTH = 1_000_000

/**
 * @param endpoint named in the error
 * @returns the data of each event, lines joined by a line break; comments and other fields are left out. A last event without its
 * closing blank line counts: a provider that forgets it has still said something.
 * @throws TouchstoneError MODEL_RESPONSE_INVALID when an event grows without end
 */
export async function* readEvents(bytes: AsyncIterable<Uint8Array>, endpoint: string): AsyncGenerator<string> {
  let data: string[] = []
  for await (const line of readLines(bytes, endpoint)) {
    if (line === '' && data.length > 0) {
      yield data.join('\n')
      data = []
    } else if (line.startsWith('data:')) {
      data.push(line.slice(line.startsWith('data: ') ? 6 : 5))
    }
  }
  if (data.length > 0) yield data.join('\n')
}

async function* readLines(bytes: AsyncIterable<Uint8Array>, endpoint: string): AsyncGenerator<string> {
  const decoder = new TextDecoder()
  let rest = ''
  for await (const chunk of bytes) {
    rest += decoder.decode(chunk, { stream: true })
    // A carriage return at the end may be half of a CRLF: it waits.
    const lines = rest.split(/\r\n|\n|\r(?!$)/u)
    rest = lines.pop() ?? ''
    yield* lines
    if (rest.length > MAX_EVENT_LENGTH)
      throw new TouchstoneError('MODEL_RESPONSE_INVALID', { details: { endpoint, reason: 'an event without an end' } })
  }
  yield* (rest + decoder.decode()).split(/\r\n|\n|\r/u)
}
