/** What the chunking bench counts: characters that answer, within a budget of words. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { scoreSpans, type FoundSpan } from '../../bench/chunking/span-evaluation.ts'
import { windowChunker } from '../../bench/chunking/window-chunker.ts'

const span = (start: number, end: number, corpus = 'a'): FoundSpan => ({ corpus, start, end, text: 'word '.repeat(10) })

const rows: readonly [string, FoundSpan[], FoundSpan[], number, { recall: number; iou: number }][] = [
  ['nothing found', [span(0, 100)], [], 100, { recall: 0, iou: 0 }],
  ['the same span', [span(0, 100)], [span(0, 100)], 100, { recall: 1, iou: 1 }],
  ['half of it, and as much beside', [span(0, 100)], [span(50, 150)], 100, { recall: 0.5, iou: 1 / 3 }],
  ['overlapping finds count once', [span(0, 100)], [span(0, 60), span(40, 80)], 100, { recall: 0.8, iou: 0.8 }],
  ['the same place of another document', [span(0, 100)], [span(0, 100, 'b')], 100, { recall: 0, iou: 0 }],
  ['what is beyond the budget', [span(0, 100)], [span(200, 300), span(0, 100)], 10, { recall: 0, iou: 0 }],
  ['the first, although it is beyond the budget', [span(0, 100)], [span(0, 100)], 5, { recall: 1, iou: 1 }],
]
for (const [what, answers, found, budget, expected] of rows)
  test(`spans: ${what} [A3]`, () => assert.deepEqual(scoreSpans(answers, found, budget), expected))

test('windows cover the text, whatever its structure', () => {
  const text = 'One two three. Four five. Six seven eight nine.\n\nTen.'
  const chunks = windowChunker.create({ kind: 'windows', words: 5 }, {}).chunk({ text, blocks: [], metadata: {} })
  assert.deepEqual(
    chunks.map(({ start, end }) => text.slice(start, end).trim()),
    ['One two three. Four five.', 'Six seven eight nine.\n\nTen.'],
  )
})
