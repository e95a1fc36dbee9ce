/** Word documents to text and blocks; archives that lie, explode or are locked. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { buildDocx } from '../../../testing/document-files.ts'
import { generousLimits, parserSuite } from '../../../testing/parser-suite.ts'
import { docx } from './docx.ts'

const parser = docx.create({}, {})
const parse = (bytes: Uint8Array, limits = generousLimits) => parser.parse({ path: 'a.docx', bytes, limits })

const sample = buildDocx([
  { heading: 'Travel', level: 1 },
  { paragraph: 'Fly economy & save.' },
  { heading: 'Limits', level: 2 },
  { item: 'Hotel', list: 1 },
  { item: 'Food', list: 1 },
  { item: 'First', list: 2 },
  { item: 'Second', list: 2 },
  { table: [['City', 'Rate'], ['Rome', '120'], ['Oslo', '']], headed: true }, // prettier-ignore
])

test('headings, lists and tables of a Word document [A2]', async () => {
  const { title, text, blocks } = await parse(sample)
  assert.equal(title, 'Travel')
  assert.equal(
    text,
    'Travel\n\nFly economy & save.\n\nLimits\n\nHotel\nFood\n\n1. First\n2. Second\n\nCity: Rome; Rate: 120\nCity: Oslo',
  )
  assert.deepEqual(blocks.map((block) => block.kind).slice(0, 4), ['heading', 'paragraph', 'heading', 'list-item'])
})

test('a bomb is refused by its declared size, before anything is inflated', async () => {
  const bomb = buildDocx([{ paragraph: 'x' }], { 'word/bomb.xml': new Uint8Array(60_000_000) })
  assert(bomb.length < 100_000)
  await assert.rejects(parse(bomb), { code: 'ARCHIVE_TOO_LARGE' })
})

test('a bomb that lies about its size is cut at the limit', async () => {
  const bomb = buildDocx([{ paragraph: 'x' }], { 'word/bomb.xml': new Uint8Array(60_000_000) })
  await assert.rejects(parse(declareSize(bomb, 'word/bomb.xml', 10)), { code: 'ARCHIVE_TOO_LARGE' })
})

test('the configured limit holds for all entries together', async () => {
  const fat = buildDocx([{ paragraph: 'x' }], { 'word/a.xml': new Uint8Array(600_000), 'word/b.xml': new Uint8Array(600_000) })
  await assert.rejects(parse(fat, { ...generousLimits, maxInflatedBytes: 1_000_000 }), { code: 'ARCHIVE_TOO_LARGE' })
})

test('a wrong file says what it is', async () => {
  await assert.rejects(parse(Buffer.from('just text')), { code: 'PARSE_FAILED', message: /not a ZIP/ })
  await assert.rejects(parse(sample.slice(0, sample.length / 2)), { code: 'PARSE_FAILED' })
})

test('a document without text is empty', () => assert.rejects(parse(buildDocx([])), { code: 'DOCUMENT_EMPTY' }))

parserSuite(docx, [{ path: 'a.docx', bytes: sample }])

/** Overwrites the inflated size of one entry in the archive's directory. */
function declareSize(archive: Uint8Array, name: string, size: number): Uint8Array {
  const copy = Buffer.from(archive)
  const at = copy.lastIndexOf(name)
  copy.writeUInt32LE(size, at - 46 + 24)
  return copy
}
