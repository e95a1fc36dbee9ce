/** OpenDocument texts, presentations and spreadsheets to blocks with their places. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { ParserExtension } from '../../../contracts/parser.ts'
import { buildOdf, type OdfOptions } from '../../../testing/odf-file.ts'
import { generousLimits, parserSuite } from '../../../testing/parser-suite.ts'
import type { NoOptions } from './define-parser.ts'
import { odp } from './odp.ts'
import { ods } from './ods.ts'
import { odt } from './odt.ts'

const KINDS = { text: odt, presentation: odp, spreadsheet: ods } as const
type Kind = keyof typeof KINDS
const parse = (kind: Kind, bytes: Uint8Array, limits = generousLimits) =>
  (KINDS[kind] as ParserExtension<NoOptions>).create({}, {}).parse({ path: `a.${KINDS[kind].id}`, bytes, limits })
const read = async (kind: Kind, body: string, options?: OdfOptions) => {
  const { text, blocks } = await parse(kind, buildOdf(kind, body, options))
  return blocks.map(({ kind: block, level, place, start, end }) => {
    const where = place === undefined ? [] : 'slide' in place ? [place.slide] : 'cells' in place ? [place.cells] : []
    return [...where, level === undefined ? block : `h${level}`, text.slice(start, end)]
  })
}
const p = (text: string): string => `<text:p>${text}</text:p>`
const item = (...inner: readonly string[]): string => `<text:list-item>${inner.join('')}</text:list-item>`
const cell = (text: string, attributes = ''): string => `<table:table-cell ${attributes}>${p(text)}</table:table-cell>`
const row = (...cells: readonly string[]): string => `<table:table-row>${cells.join('')}</table:table-row>`
const numbered =
  '<text:list-style style:name="L1"><text:list-level-style-number text:level="1" style:num-format="1"/></text:list-style>'

const texts: readonly (readonly [what: string, body: string, expected: readonly (readonly string[])[], styles?: string])[] = [
  ['headings and a title', `<text:p text:style-name="P1">Travel</text:p><text:h text:outline-level="2">Limits</text:h>${p('Economy.')}`,
    [['h1', 'Travel'], ['h2', 'Limits'], ['paragraph', 'Economy.']], '<style:style style:name="P1" style:parent-style-name="Title"/>'],
  ['white space, tabs, breaks and links', p('a<text:s text:c="3"/>b<text:tab/>c<text:line-break/>d <text:a>link</text:a><text:span> &amp; <text:span>more</text:span></text:span>'),
    [['paragraph', 'a b c\nd link & more']]],
  ['lists within lists', `<text:list>${item(p('One'), `<text:list>${item(p('Inner'))}</text:list>`)}${item(p('Two'), p('goes on'))}</text:list>`,
    [['list-item', 'One'], ['list-item', 'Inner'], ['list-item', 'Two'], ['paragraph', 'goes on']]],
  ['numbers, and a list that goes on', `<text:list text:style-name="L1">${item(p('One'))}</text:list>${p('between')}<text:list text:style-name="L1" text:continue-numbering="true">${item(p('Two'))}</text:list>`,
    [['list-item', '1. One'], ['paragraph', 'between'], ['list-item', '2. Two']], numbered],
  ['a table with header rows', `<table:table><table:table-header-rows>${row(cell('City'), cell('Rate'))}</table:table-header-rows>${row(cell('Rome'), cell('120'))}</table:table>`,
    [['table-row', 'City: Rome; Rate: 120']]],
  ['spans', `<table:table><table:table-header-rows>${row(cell('A'), cell('B'), cell('C'))}</table:table-header-rows>${row(cell('x', 'table:number-rows-spanned="2"'), cell('1', 'table:number-columns-spanned="2"'), '<table:covered-table-cell/>')}${row('<table:covered-table-cell/>', cell('2'), cell('3'))}</table:table>`,
    [['table-row', 'A: x; B: 1'], ['table-row', 'A: x; B: 2; C: 3']]],
  ['a table of one column only places things', `<table:table>${row(`<table:table-cell>${p('One')}${p('Two')}</table:table-cell>`)}</table:table>`,
    [['paragraph', 'One'], ['paragraph', 'Two']]],
  ['footnotes follow their paragraph', p('Paid<text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>Within a week.</text:p></text:note-body></text:note> once.'),
    [['paragraph', 'Paid[1] once.'], ['paragraph', '[1] Within a week.']]],
  ['tracked changes as accepted, without remarks', `<text:tracked-changes><text:changed-region><text:deletion>${p('deleted')}</text:deletion></text:changed-region></text:tracked-changes>${p('kept<text:change text:change-id="1"/> <text:change-start/>added<text:change-end/><office:annotation><dc:creator>Ann</dc:creator><text:p>why?</text:p></office:annotation>')}`,
    [['paragraph', 'kept added']]],
  ['frames of text follow their paragraph', p('Before<draw:frame><draw:text-box><text:p>Boxed</text:p></draw:text-box></draw:frame> after'),
    [['paragraph', 'Before after'], ['paragraph', 'Boxed']]],
  ['contents are no content', `<text:table-of-content><text:index-body>${p('Limits 3')}</text:index-body></text:table-of-content>${p('x')}`, [['paragraph', 'x']]],
  ['sections, quotes', `<text:section text:name="s">${'<text:p text:style-name="Quotations">Be brief.</text:p>'}</text:section>`, [['quote', 'Be brief.']]],
] // prettier-ignore
for (const [what, body, expected, styles] of texts)
  test(`ODT: ${what} [A2]`, async () =>
    assert.deepEqual(await read('text', body, styles === undefined ? {} : { styles }), expected))

const frame = (name: string, inner: string): string =>
  `<draw:frame presentation:class="${name}"><draw:text-box>${inner}</draw:text-box></draw:frame>`
test('ODP: slides with titles, lists, tables and notes; running lines go, hidden slides are named [A2]', async () => {
  const body = `<draw:page draw:name="page1">${frame('subtitle', p('For all'))}${frame('title', p('Travel'))}${frame('footer', p('ACME'))}</draw:page>
    <draw:page draw:name="page2" draw:style-name="dp2">${frame('title', p('Limits'))}${frame('outline', `<text:list>${item(p('Hotel'))}${item(p('Food'))}</text:list>`)}
    <draw:frame><table:table><table:table-header-rows>${row(cell('City'), cell('Rate'))}</table:table-header-rows>${row(cell('Rome'), cell('120'))}</table:table></draw:frame>
    <draw:g><draw:custom-shape>${p('Shape')}</draw:custom-shape></draw:g>
    <presentation:notes>${frame('page', '')}${frame('notes', p('Say why.'))}</presentation:notes></draw:page>`
  const styles = '<style:style style:name="dp2" style:family="drawing-page"><style:drawing-page-properties presentation:visibility="hidden"/></style:style>' // prettier-ignore
  assert.deepEqual(await read('presentation', body, { styles }), [
    [1, 'h1', 'Travel'], [1, 'paragraph', 'For all'],
    [2, 'h2', 'Limits'], [2, 'list-item', 'Hotel'], [2, 'list-item', 'Food'], [2, 'table-row', 'City: Rome; Rate: 120'], [2, 'paragraph', 'Shape'],
    [2, 'h3', 'Notes'], [2, 'paragraph', 'Say why.'],
  ]) // prettier-ignore
  const { title, metadata } = await parse('presentation', buildOdf('presentation', body, { styles }))
  assert.deepEqual([title, metadata], ['Travel', { hiddenSlides: [2] }])
})

const sheet = (rows: string, name = 'S'): string => `<table:table table:name="${name}">${rows}</table:table>`
const value = (type: string, attributes: string, shown: string): string =>
  cell(shown, `office:value-type="${type}" ${attributes}`)
const sheets: readonly (readonly [what: string, body: string, expected: readonly (readonly string[])[], styles?: string])[] = [
  ['types: as shown, dates in ISO 8601', sheet(row(cell('City'), cell('From'), cell('Share')) + row(cell('Rome'), value('date', 'office:date-value="2024-05-01"', '01.05.24'), value('percentage', 'office:value="0.125"', '12,5%'))),
    [['A2:C2', 'table-row', 'City: Rome; From: 2024-05-01; Share: 12,5%']]],
  ['a column too narrow to show its number', sheet(row(cell('x'), value('float', 'office:value="1234.5"', '###'))), [['A1:B1', 'table-row', 'x: 1234.5']]],
  ['repeated cells under each header, repeated rows once', sheet(row(cell('Name'), cell('May'), cell('June')) + `<table:table-row table:number-rows-repeated="3">${cell('Ann')}${value('float', 'office:value="1" table:number-columns-repeated="2"', '1')}</table:table-row>` + row(cell('end'))),
    [['A2:C4', 'table-row', 'Name: Ann; May: 1; June: 1'], ['A5', 'table-row', 'Name: end']]],
  ['giant gaps cost nothing', sheet(`<table:table-row table:number-rows-repeated="1048575"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>${row('<table:table-cell table:number-columns-repeated="16383"/>', cell('corner'))}`),
    [['XFD1048576', 'paragraph', 'corner']]],
  ['merged cells', sheet(row(cell('City'), cell('2023', 'table:number-columns-spanned="2"'), '<table:covered-table-cell/>') + row(cell(''), cell('Q1'), cell('Q2')) + row(cell('Rome'), value('float', '', '1'), value('float', '', '2')) + row(cell('Oslo'), value('float', '', '3'), value('float', '', '4'))),
    [['A3:C3', 'table-row', 'City: Rome; 2023 Q1: 1; 2023 Q2: 2'], ['A4:C4', 'table-row', 'City: Oslo; 2023 Q1: 3; 2023 Q2: 4']]],
  ['a declared table', `${sheet(row(cell('Name'), cell('Team')) + row(cell('Ann'), cell('Blue')), "My 'S'")}<table:database-ranges><table:database-range table:target-range-address="$'My ''S'''.A1:$'My ''S'''.B2"/></table:database-ranges>`,
    [['A2:B2', 'table-row', 'Name: Ann; Team: Blue']]],
  ['notes of cells; paragraphs of a cell on one line', sheet(row(`<table:table-cell><office:annotation>${p('As of May')}</office:annotation>${p('one')}${p('two')}</table:table-cell>`)),
    [['A1', 'paragraph', 'one two'], ['A1', 'paragraph', 'As of May']]],
  ['recorded changes hold no cells', `<table:tracked-changes><table:cell-content-change><table:previous><table:change-track-table-cell>${p('old')}</table:change-track-table-cell></table:previous></table:cell-content-change></table:tracked-changes>${sheet(row(cell('new')))}`, [['A1', 'paragraph', 'new']]],
] // prettier-ignore
for (const [what, body, expected] of sheets)
  test(`ODS: ${what} [A2]`, async () => assert.deepEqual((await read('spreadsheet', body)).slice(1), expected))

test('ODS: hidden sheets are read and named, empty ones are not there [A2]', async () => {
  const styles = '<style:style style:name="ta1"><style:table-properties table:display="false"/></style:style>'
  const body = `${sheet(row(cell('a')), 'Open')}<table:table table:name="Secret" table:style-name="ta1">${row(cell('b'))}</table:table>${sheet('', 'Empty')}`
  const { text, metadata } = await parse('spreadsheet', buildOdf('spreadsheet', body, { styles }))
  assert.deepEqual([text, metadata], ['Open\n\na\n\nSecret\n\nb', { hiddenSheets: ['Secret'] }])
})

const bodies: Readonly<Record<Kind, string>> = {
  text: p('x'),
  presentation: `<draw:page>${frame('title', p('x'))}</draw:page>`,
  spreadsheet: sheet(row(cell('x'))),
}
for (const kind of ['text', 'presentation', 'spreadsheet'] as const)
  describe(`OpenDocument ${kind}: what is refused`, () => {
    test('encryption, other packages, entities of its own', async () => {
      const encrypted = buildOdf(kind, '', { encrypted: true, extra: { 'content.xml': new Uint8Array([1, 2, 3]) } })
      await assert.rejects(parse(kind, encrypted), { code: 'DOCUMENT_ENCRYPTED' })
      const other = buildOdf(kind, bodies[kind], { extra: { 'content.xml': Buffer.from('<html/>') } })
      await assert.rejects(parse(kind, other), { code: 'PARSE_FAILED', message: /not an OpenDocument/ })
      const content = `<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><office:document-content><office:${kind}>&e;</office:${kind}></office:document-content>`
      const foreign = buildOdf(kind, '', { extra: { 'content.xml': Buffer.from(content) } })
      await assert.rejects(parse(kind, foreign), { code: 'PARSE_FAILED', message: /declares entities/ })
    })
    test('no text, and nesting without end', async () => {
      await assert.rejects(parse(kind, buildOdf(kind, '')), { code: 'DOCUMENT_EMPTY' })
      const deep = buildOdf(kind, '<text:section>'.repeat(50_000) + bodies[kind] + '</text:section>'.repeat(50_000))
      // Cells are read without a tree, so that depth does not matter.
      if (kind === 'spreadsheet') assert.match((await parse(kind, deep)).text, /x/)
      else await assert.rejects(parse(kind, deep), { code: 'PARSE_FAILED', message: /nested too deeply/ })
    })
  })

const heading = '<text:h text:outline-level="1">Travel</text:h>'
parserSuite(odt, [{ path: 'a.odt', bytes: buildOdf('text', heading + texts.map(([, body]) => body).join(''), { styles: numbered, title: 'T' }) }]) // prettier-ignore
parserSuite(odp, [
  { path: 'a.odp', bytes: buildOdf('presentation', bodies.presentation + `<draw:page>${p('more')}</draw:page>`) },
])
parserSuite(ods, [{ path: 'a.ods', bytes: buildOdf('spreadsheet', sheets.map(([, body]) => body).join('')) }])
