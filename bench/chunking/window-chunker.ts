/** The chunker that most teams begin with, as a rival: sentences until a window is full, whatever the structure. */
import { z } from 'zod'
import type { ChunkerExtension } from '../../src/contracts/chunker.ts'
import { countWords, splitSentences } from '../../src/foundation/text/segmentation.ts'

const optionsSchema = z.strictObject({ kind: z.literal('windows'), words: z.int().min(1) })

/** Headings are text like any other, and no path is kept: what "split every N words" makes of a document. */
export const windowChunker: ChunkerExtension<z.output<typeof optionsSchema>> = {
  id: 'windows',
  version: 1,
  summary: 'Sentences until a number of words is reached',
  parseOptions: (input) => optionsSchema.parse(input),
  create: ({ words: full }) => ({
    chunk({ text }) {
      const spans: { start: number; end: number }[] = []
      let words = Infinity
      for (const { start, end } of splitSentences(text, 'en')) {
        const count = countWords(text.slice(start, end), 'en')
        const last = spans.at(-1)
        if (last !== undefined && words + count <= full) {
          last.end = end
          words += count
        } else if (count > 0) {
          spans.push({ start, end })
          words = count
        }
      }
      return spans.map(({ start, end }, ordinal) => ({ ordinal, start, end, headingPath: [], section: { start, end } }))
    },
  }),
}
