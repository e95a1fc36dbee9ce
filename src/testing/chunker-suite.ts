/** What every chunker promises, as property tests over generated documents. Knows the contract; knows no strategy. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import type { ChunkerExtension } from '../contracts/chunker.ts'
import type { BlockKind, Chunk, ParsedDocument, TextBlock } from '../contracts/document.ts'
import type { Place } from '../contracts/place.ts'

const RUNS = 200

export function chunkerSuite<Options>(extension: ChunkerExtension<Options>): void {
  const chunker = extension.create(extension.parseOptions({}), {})

  describe(`chunker ${extension.id} keeps the contract`, () => {
    test('refuses options that it does not know', () => {
      assert.throws(() => extension.parseOptions({ unheardOf: 1 }), { code: 'CONFIG_INVALID' })
    })
    test('for any document: ordered, disjoint, trimmed, inside their sections, and nothing with words is lost [A3]', () => {
      fc.assert(
        fc.property(anyDocument, (document) => checkChunks(document, chunker.chunk(document))),
        { numRuns: RUNS, seed: 3 },
      )
    })
    test('the same document gives the same chunks', () => {
      fc.assert(
        fc.property(anyDocument, (document) => assert.deepEqual(chunker.chunk(document), chunker.chunk(document))),
        { numRuns: 20, seed: 4 },
      )
    })
  })
}

/** Asserts what holds for the chunks of any document. */
export function checkChunks(document: ParsedDocument, chunks: readonly Chunk[]): void {
  const { text } = document
  let end = 0
  for (const [index, chunk] of chunks.entries()) {
    const own = text.slice(chunk.start, chunk.end)
    assert.equal(chunk.ordinal, index)
    assert(chunk.start >= end && chunk.end > chunk.start, 'chunks ascend and do not overlap')
    assert.equal(own, own.trim())
    assert(chunk.section.start <= chunk.start && chunk.section.end >= chunk.end, 'a chunk lies in its section')
    assert(chunk.headingPath.every((heading) => heading !== '' && !heading.includes('\n')))
    end = chunk.end
  }
  checkCoverage(document, chunks)
}

function checkCoverage({ text, blocks, title }: ParsedDocument, chunks: readonly Chunk[]): void {
  let next = 0
  for (const block of blocks) {
    for (const { index } of text.slice(block.start, block.end).matchAll(/[\p{L}\p{N}]/gu)) {
      const at = block.start + index
      while (next < chunks.length && (chunks[next]?.end ?? 0) <= at) next++
      const inside = next < chunks.length && (chunks[next]?.start ?? 0) <= at
      if (inside || (block.kind === 'heading' && isNamed(text.slice(block.start, block.end), chunks, title))) continue
      assert.fail(`no chunk has ${JSON.stringify(text.slice(block.start, block.end))}`)
    }
  }
}

/** A heading is also covered by being in a chunk's path, or by being the title. */
function isNamed(heading: string, chunks: readonly Chunk[], title: string | undefined): boolean {
  const line = heading.replace(/\s+/g, ' ').trim()
  return line === title || chunks.some((chunk) => chunk.headingPath.includes(line))
}

const words = [
  'leave',
  'días',
  'Überstunden',
  '休暇の申請',
  '42',
  'v2.1',
  'e-mail',
  '—',
  'policy',
  '๑๒',
  '😀',
  'naïve',
  'U.S.',
  '3,5 %',
]
const anyWord = fc.constantFrom(...words)
const sentence = fc
  .tuple(fc.array(anyWord, { minLength: 1, maxLength: 30 }), fc.constantFrom('.', '?', '。', ':', '', '\n'))
  .map(([list, mark]) => list.join(' ') + mark)
const paragraph = fc.array(sentence, { minLength: 1, maxLength: 25 }).map((list) => list.join(' ').trim())
const bodyKinds: readonly BlockKind[] = ['paragraph', 'list-item', 'table-row', 'code', 'quote']
type Draft = Pick<TextBlock, 'kind' | 'level'> & { readonly text: string }
const anyHeading: fc.Arbitrary<Draft> = fc
  .tuple(fc.array(anyWord, { minLength: 1, maxLength: 5 }), fc.integer({ min: 1, max: 6 }))
  .map(([list, level]) => ({ kind: 'heading', level, text: list.join(' ') }))
const anyBody: fc.Arbitrary<Draft> = fc.tuple(fc.constantFrom(...bodyKinds), paragraph).map(([kind, text]) => ({ kind, text }))
const monstrous: fc.Arbitrary<Draft> = fc
  .tuple(anyWord, fc.integer({ min: 300, max: 1200 }))
  .map(([word, count]) => ({ kind: 'paragraph', text: `${word} `.repeat(count).trim() }))
const drafts = fc.array(
  fc.oneof({ weight: 3, arbitrary: anyHeading }, { weight: 8, arbitrary: anyBody }, { weight: 1, arbitrary: monstrous }),
  { maxLength: 30 },
)

const placeAt = (unit: 'page' | 'slide', number: number): Place => (unit === 'page' ? { page: number } : { slide: number })

/** Documents as parsers make them: blocks separated by one or two line breaks, some with pages or slides, some with a title among the headings. */
const anyDocument: fc.Arbitrary<ParsedDocument> = fc
  .tuple(drafts, fc.constantFrom('page', 'slide', undefined), fc.boolean())
  .map(([list, unit, titled]) => {
    let text = ''
    const blocks = list.map((draft, index): TextBlock => {
      if (text !== '') text += draft.kind === list[index - 1]?.kind ? '\n' : '\n\n'
      const start = text.length
      text += draft.text
      return {
        kind: draft.kind,
        start,
        end: text.length,
        ...(draft.level === undefined ? {} : { level: draft.level }),
        ...(unit === undefined ? {} : { place: placeAt(unit, 1 + Math.floor(index / 4)) }),
      }
    })
    const title = list.find((draft) => draft.level === 1)?.text
    return { text, blocks, metadata: {}, ...(titled && title !== undefined ? { title } : {}) }
  })
