/** Plain text in any encoding. Knows no markup. */
import { decodeText } from './decode-text.ts'
import { defineParser } from './define-parser.ts'
import { refuseBinary } from './sniff-format.ts'
import { writeTextBlocks } from './text-blocks.ts'

export const text = defineParser({
  id: 'text',
  version: 2,
  summary: 'Plain text in any encoding, logs and light markup included',
  endings: ['txt', 'text', 'log', 'org', 'rst', 'adoc'],
  mediaType: 'text/plain',
  async read(input, writer) {
    refuseBinary(input.bytes, input.path)
    writeTextBlocks(await decodeText(input.bytes, input.path), 'paragraph', writer)
    return {}
  },
})
