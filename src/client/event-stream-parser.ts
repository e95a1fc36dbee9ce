/** Server-sent events from bytes, as the standard frames them. Knows nothing of what the events say. */

export interface ReceivedEvent {
  readonly name: string
  readonly data: string
}

/**
 * Understands any chunking of the bytes, all three line ends, comments and data over several lines.
 * Releases the body when the reader stops early. Source: WHATWG HTML, section 9.2.6.
 */
export async function* parseEventStream(body: ReadableStream<Uint8Array>): AsyncGenerator<ReceivedEvent> {
  const reader = body.getReader()
  const decoder = new TextDecoder()
  let rest = ''
  let name = ''
  let data: string[] = []
  try {
    for (;;) {
      const { done, value } = await reader.read()
      rest += done ? decoder.decode() : decoder.decode(value, { stream: true })
      // A carriage return at the end may be half of a line end.
      const lines = rest.split(done ? /\r\n|\n|\r/ : /\r\n|\n|\r(?!$)/)
      rest = lines.pop() ?? ''
      for (const line of lines) {
        if (line === '') {
          if (data.length > 0) yield { name: name === '' ? 'message' : name, data: data.join('\n') }
          name = ''
          data = []
        } else {
          const [, field = '', text = ''] = /^([^:]*):? ?(.*)$/su.exec(line) ?? []
          if (field === 'event') name = text
          if (field === 'data') data.push(text)
        }
      }
      if (done) return
    }
  } finally {
    await reader.cancel().catch(() => {})
  }
}
