/** Chunks by section: what is kept together, what is cut, and what is promised for any document. */
import assert from 'node:assert/strict'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import type { BlockKind, ParsedDocument, TextBlock } from '../../../contracts/document.ts'
import type { Place } from '../../../contracts/place.ts'
import { checkChunks, chunkerSuite } from '../../../testing/chunker-suite.ts'
import { generousLimits } from '../../../testing/parser-suite.ts'
import { isTouchstoneError } from '../../../foundation/errors/touchstone-error.ts'
import { markdown } from '../parsers/markdown.ts'
import { headingPathChunker } from './heading-path.ts'
import { segmentWords } from '../../../foundation/text/segmentation.ts'

const parser = markdown.create({}, {})
const parse = (source: string): Promise<ParsedDocument> =>
  parser.parse({ path: 'a.md', bytes: new TextEncoder().encode(source), limits: generousLimits })
const chunk = async (source: string, options: unknown = {}) => {
  const document = await parse(source)
  const chunks = headingPathChunker.create(headingPathChunker.parseOptions(options), {}).chunk(document)
  checkChunks(document, chunks)
  return chunks.map((part) => ({
    ...part,
    text: document.text.slice(part.start, part.end),
    parent: document.text.slice(part.section.start, part.section.end),
  }))
}
const countWords = (text: string): number => segmentWords(text, 'en').length
const words = (count: number, word = 'word'): string => Array.from({ length: count }, (_, index) => `${word}${index}`).join(' ')
const small = { targetWords: 20, maxWords: 30 }

const rows: readonly [name: string, source: string, expected: readonly (readonly [path: string, text: string])[]][] = [
  [
    'one chunk for each section, with the path above it',
    '# T\n\nintro\n\n## A\n\na\n\n### B\n\nb\n\n## C\n\nc',
    [
      ['', 'intro'],
      ['A', 'a'],
      ['A/B', 'b'],
      ['C', 'c'],
    ],
  ],
  [
    'an H1 that is not the title stays in the path',
    '# T\n\nx\n\n# U\n\ny',
    [
      ['', 'x'],
      ['U', 'y'],
    ],
  ],
  [
    'text before the first heading',
    'x\n\n## A\n\ny',
    [
      ['', 'x'],
      ['A', 'y'],
    ],
  ],
  [
    'a heading with nothing under it is a chunk by itself',
    '# T\n\n## A\n\n## B\n\nb',
    [
      ['A', 'A'],
      ['B', 'b'],
    ],
  ],
  [
    'a skipped level',
    '## A\n\n#### D\n\nd\n\n### C\n\nc',
    [
      ['A/D', 'd'],
      ['A/C', 'c'],
    ],
  ],
  ['only a title', '# T', [['', 'T']]],
  ['short blocks of a section stay together', '## A\n\none\n\n- two\n- three', [['A', 'one\n\ntwo\nthree']]],
]

for (const [name, source, expected] of rows) {
  test(`heading-path: ${name} [A3]`, async () =>
    assert.deepEqual(
      (await chunk(source)).map((part) => [part.headingPath.join('/'), part.text]),
      expected,
    ))
}

test('the parent is the whole section, with its heading', async () => {
  const [first, second] = await chunk(`## A\n\n${words(25)}.\n\n${words(25, 'other')}.\n\n### B\n\nb`, small)
  assert.equal(first?.parent, second?.parent)
  assert.match(first?.parent ?? '', /^A\n\nword0[^]*other24\.$/)
})

test('a long paragraph is cut at sentences, a sentence without end at words', async () => {
  const sentences = Array.from({ length: 10 }, (_, index) => `Sentence number ${index} has exactly eight words here.`).join(' ')
  for (const part of await chunk(sentences, small)) assert.match(part.text, /^Sentence[^]*here\.$/)
  for (const part of await chunk(words(500), small)) assert(countWords(part.text) <= 60)
})

test('a table is cut between rows', async () => {
  const table = `| Name | Days |\n|---|---|\n${Array.from({ length: 30 }, (_, index) => `| Item ${index} | ${index} |`).join('\n')}`
  for (const part of await chunk(table, small))
    assert.match(part.text, /^Name: Item \d+; Days: \d+(\nName: Item \d+; Days: \d+)*$/)
})

test('a row of very many cells is cut between cells, a cell of prose between sentences', async () => {
  const header = Array.from({ length: 40 }, (_, index) => `Column ${index}`)
  const cells = header.map((_, index) =>
    index === 20 ? 'This cell tells a story. It is a long one. '.repeat(8) : `value ${index}`,
  )
  const parts = await chunk(`| ${header.join(' | ')} |\n|${'---|'.repeat(40)}\n| ${cells.join(' | ')} |`, small)
  assert(parts.length > 5)
  for (const part of parts) assert.match(part.text, /^(?:Column \d+: |This cell|It is)[^]*(?:value \d+|story\.|one\.);?$/)
})

test('a list keeps the line that introduces it', async () => {
  const parts = await chunk(`${words(22)}.\n\nYou need:\n\n- ${words(10, 'a')}\n- ${words(10, 'b')}`, {
    targetWords: 25,
    maxWords: 30,
  })
  assert.deepEqual(
    parts.map((part) => part.text.split(' ')[0]),
    ['word0', 'You'],
  )
})

test('a short last piece joins its predecessor', async () => {
  const parts = await chunk(`${words(28)}.\n\n${words(28, 'b')}.\n\nThe end.`, small)
  assert.equal(parts.length, 2)
  assert.match(parts[1]?.text ?? '', /The end\.$/)
})

const placed = (places: readonly (Place | undefined)[], kinds: readonly BlockKind[] = []): ParsedDocument => {
  const block = (place: Place | undefined, index: number): TextBlock => {
    const kind = kinds[index] ?? 'paragraph'
    return { kind, start: index * 5, end: index * 5 + 3, ...(kind === 'heading' ? { level: 2 } : {}), ...(place && { place }) }
  }
  return { text: places.map(() => 'one').join('\n\n'), blocks: places.map(block), metadata: { language: 'not a language' } }
}
const row = (sheet: string, cells: string): Place => ({ sheet, cells })
const placeRows: readonly (readonly [what: string, document: ParsedDocument, expected: readonly unknown[]])[] = [
  ['the page of its first block', placed([{ page: 4 }, { page: 5 }]), [{ page: 4 }]],
  ['all cells of its rows', placed([row('S', 'A2:C2'), row('S', 'A3:D3')]), [row('S', 'A2:D3')]],
  ['one slide only', placed([{ slide: 1 }, { slide: 1 }, { slide: 2 }]), [{ slide: 1 }, { slide: 2 }]],
  ['one sheet only', placed([row('S', 'A1'), row('T', 'A1')]), [row('S', 'A1'), row('T', 'A1')]],
  ['no place where there is none', placed([undefined, undefined]), [undefined]],
]
for (const [what, document, expected] of placeRows)
  test(`a chunk has ${what} [A2]`, () => {
    const chunks = headingPathChunker.create(headingPathChunker.parseOptions(undefined), {}).chunk(document)
    assert.deepEqual(chunks.map(({ place }) => place), expected) // prettier-ignore
  })

test('the heading of one slide does not head the next [A2]', () => {
  const document = placed([{ slide: 1 }, { slide: 1 }, { slide: 2 }], ['heading'])
  const chunks = headingPathChunker.create(headingPathChunker.parseOptions(undefined), {}).chunk(document)
  assert.deepEqual(chunks.map(({ headingPath }) => headingPath), [['one'], []]) // prettier-ignore
})

test('options are checked together', () => {
  assert.deepEqual(headingPathChunker.parseOptions(undefined), { targetWords: 150, maxWords: 220 })
  assert.throws(() => headingPathChunker.parseOptions({ targetWords: 5, maxWords: 'x' }), {
    code: 'CONFIG_INVALID',
    message: /2 problem/,
  })
  assert.throws(() => headingPathChunker.parseOptions({ targetWords: 300 }), {
    code: 'CONFIG_INVALID',
    message: /below targetWords/,
  })
})

chunkerSuite(headingPathChunker)

const handbook = fileURLToPath(new URL('../../../../../shared/data/handbook/', import.meta.url))

test(
  'a real handbook gives chunks of the intended size [A3]',
  { skip: !existsSync(handbook) && 'no ../shared/data/handbook' },
  async (context) => {
    const chunker = headingPathChunker.create(headingPathChunker.parseOptions({}), {})
    const sizes: number[] = []
    for (const path of globSync('**/*.md', { cwd: handbook })
      .sort()
      .filter((_, index) => index % 8 === 0)) {
      try {
        const document = await parse(readFileSync(join(handbook, path), 'utf8'))
        const chunks = chunker.chunk(document)
        checkChunks(document, chunks)
        sizes.push(...chunks.map(({ start, end }) => countWords(document.text.slice(start, end))))
      } catch (error) {
        if (!isTouchstoneError(error, 'DOCUMENT_EMPTY')) throw error
      }
    }
    sizes.sort((left, right) => left - right)
    const at = (share: number): number => sizes[Math.floor(share * (sizes.length - 1))] ?? 0
    context.diagnostic(`${sizes.length} chunks; words: median ${at(0.5)}, 90 % ${at(0.9)}, largest ${at(1)}`)
    assert(at(1) <= 250)
  },
)
