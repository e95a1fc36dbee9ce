/** Plain text in any encoding, row by row. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { generousLimits, parserSuite } from '../../../testing/parser-suite.ts'
import { text } from './text.ts'

const parser = text.create({}, {})
const parse = (bytes: Uint8Array) => parser.parse({ path: 'note.txt', bytes, limits: generousLimits })

const utf32 = (value: string, littleEndian: boolean, mark: boolean): Uint8Array => {
  const points = [...(mark ? '\ufeff' : ''), ...value].map((character) => character.codePointAt(0) ?? 0)
  const view = new DataView(new ArrayBuffer(points.length * 4))
  for (const [index, point] of points.entries()) view.setUint32(index * 4, point, littleEndian)
  return new Uint8Array(view.buffer)
}
const utf16be = (value: string): Uint8Array => Buffer.from(value, 'utf16le').swap16()
const german = 'Grüße aus München: die Prüfung läuft über das Büro.'

const encodings: readonly [name: string, bytes: Uint8Array, decoded: string][] = [
  ['UTF-8', Buffer.from('Größe 😀'), 'Größe 😀'],
  ['UTF-8 with mark', Buffer.from('\ufeffGröße'), 'Größe'],
  ['UTF-16 LE with mark', Buffer.from('\ufeffGröße 😀', 'utf16le'), 'Größe 😀'],
  ['UTF-16 BE with mark', utf16be('\ufeffGröße'), 'Größe'],
  ['UTF-16 LE without mark', Buffer.from('Plain words', 'utf16le'), 'Plain words'],
  ['UTF-16 BE without mark', utf16be('Plain words'), 'Plain words'],
  ['UTF-32 LE with mark', utf32('Größe 😀', true, true), 'Größe 😀'],
  ['UTF-32 BE with mark', utf32('Größe 😀', false, true), 'Größe 😀'],
  ['UTF-32 LE without mark', utf32('Größe', true, false), 'Größe'],
  [
    'windows-1252',
    Buffer.from([0x93, 0x48, 0x69, 0x94, 0x20, 0x96, 0x20, 0x80, 0x35, 0x30, 0x20, 0x66, 0x6f, 0x72, 0x20, 0x79, 0x6f, 0x75]),
    '“Hi” – €50 for you',
  ],
  ['Latin-1', Buffer.from(german, 'latin1'), german],
  [
    'Shift_JIS',
    Buffer.from('82b182f182c982bf82cd90a28a4581420a93fa967b8cea82cc83658358836782c582b78142', 'hex'),
    'こんにちは世界。\n日本語のテストです。',
  ],
  [
    'GB18030',
    Buffer.from('b9abcbbeb5c4d0ddbcd9d5fed6ddcac7d5e2d1f9b5c4a3acc7ebd4c4b6c1cbf9d3d0cdf8d2b3a1a3', 'hex'),
    '公司的休假政州是这样的，请阅读所有网页。',
  ],
  ['CRLF and CR', Buffer.from('a\r\nb\rc'), 'a\nb\nc'],
]

for (const [name, bytes, decoded] of encodings)
  test(`text in ${name} [A2]`, async () => assert.equal((await parse(bytes)).text, decoded))

test('text that was encoded twice is read once, text that only looks so stays', async () => {
  const twice = Buffer.from(Buffer.from('1986–90 “Zoë” 日本').toString('latin1'))
  assert.equal((await parse(twice)).text, '1986–90 “Zoë” 日本')
  assert.equal((await parse(Buffer.from('Ã¼ is how ü looks'))).text, 'Ã¼ is how ü looks')
})

test('wrapped lines are joined, cut words made whole, other lines kept', async () => {
  const wrapped =
    'This paragraph was wrapped by an editor at about six-\nty columns, so that its sentences go over several lines\nand none of them should contain a line break. It ends.'
  const lines = 'Monday 9-17\nTuesday 9-17\nFriday closed'
  const { text: stored, blocks } = await parse(Buffer.from(`${wrapped}\n\n${lines}`))
  assert.equal(stored, `${wrapped.replace('six-\nty', 'sixty').replaceAll('\n', ' ')}\n\n${lines}`)
  assert.deepEqual(
    blocks.map((block) => block.kind),
    ['paragraph', 'paragraph'],
  )
})

test('in a page that was saved as text, lines in the middle of a sentence are joined', async () => {
  const page = `Iwan Roberts
Full name Iwan Wyn Roberts
1986-1990 Watford 63
Iwan Wyn Roberts is a former professional footballer who played as a forward from 1986 to
2005 for a number of clubs. His career started at Watford before he signed his professional
contract with the club.
2024-01-01 12:00:00 a line of a log that is just as long as a line of the wrapped page here
2024-01-01 12:00:01 another one`
  const { text: stored } = await parse(Buffer.from(page))
  assert.equal(stored, page.replace('professional\ncontract', 'professional contract'))
})

const refused: readonly [name: string, bytes: Uint8Array, reason: RegExp][] = [
  ['a PDF', Buffer.from('%PDF-1.4\n'), /really a PDF/],
  ['a ZIP', Buffer.from('PK\u0003\u0004 and so on'), /really a ZIP/],
  ['random bytes', Uint8Array.from({ length: 4000 }, (_, index) => (index * index * 31 + index * 7) % 256), /binary/],
]

for (const [name, bytes, reason] of refused) {
  test(`a text file that is really ${name} is refused by name`, () =>
    assert.rejects(parse(bytes), { code: 'PARSE_FAILED', message: reason }))
}

test('white space only is no text', () => assert.rejects(parse(Buffer.from(' \n\t\n')), { code: 'DOCUMENT_EMPTY' }))

parserSuite(text, [
  { path: 'a.txt', bytes: Buffer.from('First paragraph.\n\nSecond\nwith lines.\n\n\n  Third.\n') },
  { path: 'b.log', bytes: Buffer.from(german, 'latin1') },
])
