/** Placed pieces of text to blocks, row by row: spaces, columns, overprint, glyphs. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { mendGlyphs } from './pdf-glyphs.ts'
import { layOutPages, type PdfItem } from './pdf-layout.ts'

type Piece = readonly [text: string, x: number, y: number, width: number, size?: number]
const item = ([text, x, y, width, size = 10]: Piece): PdfItem => ({ text, x, y, width, size, endsLine: false, isTurned: false })
const row = (y: number, ...cells: readonly string[]): Piece[] =>
  cells.map((text, index) => [text, 50 + index * 100, y, text.length * 5])
const textBetween: Piece[] = [['Plain text of the body in the usual size of type.', 50, 400, 200]]

const pages: readonly [name: string, pieces: readonly Piece[], blocks: readonly string[]][] = [
  ['a space that the file does not spell', [['two', 50, 700, 15], ['words', 68, 700, 25]], ['paragraph two words']],
  ['kerned letters stay together', [['W', 50, 700, 9], ['ord', 58.5, 700, 15]], ['paragraph Word']],
  ['small type under large', [['70%', 50, 700, 100, 45], ['power', 60, 680, 30, 14], ...textBetween], ['paragraph 70%', 'heading power', 'paragraph Plain text of the body in the usual size of type.']],
  ['raised type stays in its line', [['Shen', 50, 700, 20], ['1', 70, 704, 4, 7], ['and', 80, 700, 15]], ['paragraph Shen1 and']],
  ['bold that is drawn twice', [['BOLD', 50, 700, 24], ['BOLD', 50.3, 700.2, 24]], ['paragraph BOLD']],
  ['letters that are drawn twice', [['B', 72, 700, 8], ['BO', 72.3, 700, 17], ['OL', 80.3, 700, 14], ['L', 88.3, 700, 7]], ['paragraph BOL']],
  ['a large lead-in makes no heading', [['A:', 50, 700, 10, 14], ['Cancer is the abnormal growth', 64, 700, 130], ['of cells.', 50, 688, 40]], ['paragraph A: Cancer is the abnormal growth of cells.']],
  ['bullets of a symbol font', [['\uf0b7 one', 50, 700, 30], ['\uf0b7 two', 50, 688, 30]], ['list-item one', 'list-item two']],
  ['a table', [...row(700, 'City', 'Rate', 'Since'), ...row(688, 'Rome', '120', '2019'), ...row(676, 'Oslo', '90', '2020')], ['table-row City: Rome; Rate: 120; Since: 2019', 'table-row City: Oslo; Rate: 90; Since: 2020']],
  ['a table with a hole has no header', [...row(700, 'City', 'Rate', 'Since'), ...row(688, 'Rome', '120', '2019'), ...row(676, 'Oslo', '90', 'a', 'b')], ['table-row City; Rate; Since', 'table-row Rome; 120; 2019', 'table-row Oslo; 90; a; b']],
  ['wide spaces instead of gaps', [...row(700, 'A', 'B', 'C'), [' ', 55, 688, 99], ...row(688, '1', '2', '3')], ['table-row A: 1; B: 2; C: 3']],
  ['one row is no table', [...row(700, 'left', 'middle', 'right')], ['paragraph left middle right']],
] // prettier-ignore
for (const [name, pieces, blocks] of pages) {
  test(`PDF layout: ${name} [A2]`, () => {
    assert.deepEqual(layOutPages([pieces.map(item)]).map(({ kind, text }) => `${kind} ${text}`), blocks) // prettier-ignore
  })
}

const glyphs: readonly [text: string, isTex: boolean, mended: string][] = [
  ['\u00030.93', false, '\ufffd0.93'],
  ['e\u21b5orts, di\u21b5erent, o\u21b5', false, 'efforts, different, off'],
  ['press \u21b5 to go on', false, 'press \u21b5 to go on'],
  ['O\u02d8guz, Andr\u00b4e, \u00a8Uber, \u00b8ca, na\u00a8\u0131ve', true, 'Oğuz, André, Über, ça, naïve'],
  ['it\u00b4s', false, 'it\u00b4s'],
]
for (const [text, isTex, mended] of glyphs)
  test(`PDF glyphs: ${JSON.stringify(text)}`, () => assert.equal(mendGlyphs(text, isTex), mended))
