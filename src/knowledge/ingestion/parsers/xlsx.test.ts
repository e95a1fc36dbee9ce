/** Excel workbooks to rows with their cells: types, tables, holes, and files that lie. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { generousLimits, parserSuite } from '../../../testing/parser-suite.ts'
import { buildXlsx, sheetRow, type WorkbookOptions } from '../../../testing/workbook-file.ts'
import { xlsx } from './xlsx.ts'

const parser = xlsx.create({}, {})
const parse = (bytes: Uint8Array, limits = generousLimits) => parser.parse({ path: 'a.xlsx', bytes, limits })
/** The lines of the only sheet, without its name. */
const lines = async (xml: string, options: WorkbookOptions & { comments?: string; table?: string } = {}) => {
  const { comments, table, ...workbook } = options
  const sheet = { name: 'S', xml, ...(comments === undefined ? {} : { comments }), ...(table === undefined ? {} : { table }) }
  const { text, blocks } = await parse(buildXlsx([sheet], workbook))
  return blocks.slice(1).map(({ kind, place, start, end }) => {
    assert(place !== undefined && 'cells' in place)
    return [kind === 'table-row' ? 'row' : kind, place.cells, text.slice(start, end)]
  })
}

const rows: readonly (readonly [what: string, xml: string, expected: readonly (readonly string[])[], options?: Parameters<typeof lines>[1]])[] = [
  ['a table under headers', sheetRow(1, ['City', 'Rate']) + sheetRow(2, ['Rome', 120]) + sheetRow(3, ['Oslo', 90.5]),
    [['row', 'A2:B2', 'City: Rome; Rate: 120'], ['row', 'A3:B3', 'City: Oslo; Rate: 90.5']]],
  ['holes say nothing', sheetRow(1, ['City', 'Rate', 'Note']) + sheetRow(2, ['Rome', undefined, 'x']),
    [['row', 'A2:C2', 'City: Rome; Note: x']]],
  ['years name columns', sheetRow(1, ['Region', 2023, 2024]) + sheetRow(2, ['North', 1, 2]),
    [['row', 'A2:C2', 'Region: North; 2023: 1; 2024: 2']]],
  ['names and values in two columns', sheetRow(1, ['Company', 'ACME']) + sheetRow(2, ['Employees', 120]) + sheetRow(3, ['Country', 'Norway']),
    [['row', 'A1:B1', 'Company: ACME'], ['row', 'A2:B2', 'Employees: 120'], ['row', 'A3:B3', 'Country: Norway']]],
  ['bold headers above text', sheetRow(1, ['Name', 'Team'], 1) + sheetRow(2, ['Ann', 'Blue']),
    [['row', 'A2:B2', 'Name: Ann; Team: Blue']]],
  ['a title, a table, a remark', sheetRow(1, ['Rates 2024']) + sheetRow(3, ['City', 'Rate', 'Unit']) + sheetRow(4, ['Rome', 120, 'EUR']) + sheetRow(6, ['Approved.']),
    [['paragraph', 'A1', 'Rates 2024'], ['row', 'A4:C4', 'City: Rome; Rate: 120; Unit: EUR'], ['paragraph', 'A6', 'Approved.']]],
  ['two tables, one below the other', sheetRow(1, ['A', 'B', 'C']) + sheetRow(2, ['x', 1, 2]) + sheetRow(4, ['D', 'E', 'F']) + sheetRow(5, ['y', 3, 4]),
    [['row', 'A2:C2', 'A: x; B: 1; C: 2'], ['row', 'A5:C5', 'D: y; E: 3; F: 4']]],
  ['a table goes on after an empty row', sheetRow(1, ['A', 'B', 'C']) + sheetRow(2, ['x', 1, 2]) + sheetRow(4, ['Total', 1, 2]),
    [['row', 'A2:C2', 'A: x; B: 1; C: 2'], ['row', 'A4:C4', 'A: Total; B: 1; C: 2']]],
  ['a declared table', sheetRow(1, ['Name', 'Team']) + sheetRow(2, ['Ann', 'Blue']) + sheetRow(3, ['none', 'of it']),
    [['row', 'A2:B2', 'Name: Ann; Team: Blue'], ['row', 'A3:B3', 'none; of it']], { table: 'A1:B2' }],
  ['a filter', `<sheetData>${sheetRow(1, ['Name', 'Team'])}${sheetRow(2, ['Ann', 'Blue'])}</sheetData><autoFilter ref="A1:B2"/>`,
    [['row', 'A2:B2', 'Name: Ann; Team: Blue']]],
  ['merged cells: over columns in the header, over rows below', `<sheetData>${sheetRow(1, ['City', '2023', undefined])}${sheetRow(2, [undefined, 'Q1', 'Q2'])}${sheetRow(3, ['Rome', 1, 2])}${sheetRow(4, [undefined, 3, 4])}</sheetData>
    <mergeCells><mergeCell ref="A1:A2"/><mergeCell ref="B1:C1"/><mergeCell ref="A3:A4"/></mergeCells>`,
    [['row', 'A3:C3', 'City: Rome; 2023 Q1: 1; 2023 Q2: 2'], ['row', 'A4:C4', 'City: Rome; 2023 Q1: 3; 2023 Q2: 4']]],
  ['a group over all columns', `<sheetData>${sheetRow(1, ['City', 'Rate', 'Unit'])}${sheetRow(2, ['Europe'])}${sheetRow(3, ['Rome', 1, 'EUR'])}</sheetData><mergeCells><mergeCell ref="A2:C2"/></mergeCells>`,
    [['paragraph', 'A2', 'Europe'], ['row', 'A3:C3', 'City: Rome; Rate: 1; Unit: EUR']]],
  ['dates, percentages, units', '<row r="1"><c r="A1" s="1"><v>45413</v></c><c r="B1" s="2"><v>0.125</v></c><c r="C1" s="3"><v>1234.5</v></c></row>',
    [['row', 'A1:C1', '2024-05-01; 12.5%; 1,234.50 EUR']], { formats: ['dd/mm/yyyy', '0.0%', '#,##0.00 "EUR"'] }],
  ['dates that count from 1904', '<row r="1"><c r="A1" s="1"><v>43951</v></c></row>', [['paragraph', 'A1', '2024-05-01']], { formats: ['d.m.yy'], from1904: true }],
  ['every type', `<row r="1"><c r="A1" t="s"><v>1</v></c><c r="B1" t="b"><v>1</v></c><c r="C1" t="e"><v>#N/A</v></c><c r="D1" t="d"><v>2024-05-01T00:00:00</v></c><c r="E1" t="str"><f>A1</f><v>done &amp; dusted</v></c></row>`,
    [['row', 'A1:E1', 'rich text; TRUE; #N/A; 2024-05-01; done & dusted']],
    { sharedStrings: ['<t>first</t>', '<r><rPr><b/></rPr><t>rich </t></r><r><t>text</t></r><rPh sb="0" eb="1"><t>reading</t></rPh>'] }],
  ['lines and escapes inside a cell', sheetRow(1, ['one\ntwo_x000D__x0041_ three']), [['paragraph', 'A1', 'one two A three']]],
  ['formulas with their results', '<row r="1"><c r="A1"><f>1+1</f><v>2</v></c><c r="B1"><f>NOW()</f></c></row>', [['paragraph', 'A1', '2']]],
  ['cells and rows that do not say where they are', '<row><c t="str"><v>a</v></c><c t="str"><v>b</v></c></row><row><c t="str"><v>c</v></c></row>',
    [['row', 'A1:B1', 'a: b'], ['paragraph', 'A2', 'c']]],
  ['the far corner, without room for what lies between', '<row r="1048576"><c r="XFD1048576"><v>7</v></c></row>', [['paragraph', 'XFD1048576', '7']]],
  ['cells beyond the end, and a merge of everything', `<sheetData><row r="1"><c r="A1"><v>1</v></c><c r="XFE1"><v>2</v></c><c r="A9999999"><v>3</v></c></row></sheetData><mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>`,
    [['paragraph', 'A1', '1']]],
  ['notes of cells, not the copy of a discussion', sheetRow(1, ['x']), [['paragraph', 'A1', 'x'], ['paragraph', 'B2', 'As of May']],
    { comments: '<comment ref="B2"><text><r><t>As of </t></r><r><t>May</t></r></text></comment><comment ref="C3"><text><t>[Threaded comment] no</t></text></comment><comment ref="Ammen9"><text><t>Nowhere</t></text></comment>' }],
] // prettier-ignore
for (const [what, xml, expected, options] of rows)
  test(`XLSX: ${what} [A2]`, async () => assert.deepEqual(await lines(xml, options), expected))

test('sheets by name, hidden ones too and named as such, empty ones not at all [A2]', async () => {
  const { text, title, metadata } = await parse(
    buildXlsx(
      [
        { name: 'Open', xml: sheetRow(1, ['a']) },
        { name: 'Secret', xml: sheetRow(1, ['b']), state: 'hidden' },
        { name: 'Deep', xml: sheetRow(1, ['c']), state: 'veryHidden' },
        { name: 'Empty', xml: '' },
      ],
      { title: 'Plan' },
    ),
  )
  assert.equal(text, 'Open\n\na\n\nSecret\n\nb\n\nDeep\n\nc')
  assert.deepEqual([title, metadata], ['Plan', { hiddenSheets: ['Secret', 'Deep'] }])
})

test('text boxes stand at the cell where they begin [A2]', async () => {
  const box = '<xdr:twoCellAnchor><xdr:from><xdr:col>1</xdr:col><xdr:row>4</xdr:row></xdr:from><xdr:sp><xdr:txBody><a:p><a:r><a:t>Read </a:t></a:r><a:r><a:t>me</a:t></a:r></a:p><a:p><a:r><a:t>first.</a:t></a:r></a:p></xdr:txBody></xdr:sp></xdr:twoCellAnchor>' // prettier-ignore
  const { text, blocks } = await parse(buildXlsx([{ name: 'S', xml: '', drawing: box }]))
  assert.equal(text, 'S\n\nRead me first.')
  assert.deepEqual(blocks.at(-1)?.place, { sheet: 'S', cells: 'B5' })
})

test('formulas that were never calculated are counted', async () => {
  const { metadata } = await parse(buildXlsx([{ name: 'S', xml: '<row><c><f>A2</f></c><c><v>1</v></c></row>' }]))
  assert.deepEqual(metadata, { uncalculatedCells: 1 })
})

test('elements with a prefix are the same elements', async () => {
  const sheet = '<x:worksheet xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><x:sheetData><x:row r="1"><x:c r="A1"><x:v>5</x:v></x:c></x:row></x:sheetData></x:worksheet>' // prettier-ignore
  const bytes = buildXlsx([{ name: 'S', xml: '' }], { extra: { 'xl/worksheets/sheet1.xml': Buffer.from(sheet) } })
  assert.equal((await parse(bytes)).text, 'S\n\n5')
})

const bomb = `<!DOCTYPE lolz [<!ENTITY a "lol"><!ENTITY b "${'&a;'.repeat(100)}">]><worksheet><sheetData><row><c t="str"><v>&b;</v></c></row></sheetData></worksheet>`
const foreign =
  '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><worksheet><sheetData><row><c t="str"><v>&e;</v></c></row></sheetData></worksheet>'
const refused: readonly (readonly [what: string, sheet: string, message: RegExp])[] = [
  ['entities that multiply', bomb, /declares entities/],
  ['entities from elsewhere', foreign, /declares entities/],
  ['XML that is cut off', '<worksheet><sheetData><row>', /XML is damaged/],
  ['XML that does not match', '<worksheet><sheetData></worksheet></sheetData>', /XML is damaged/],
]
for (const [what, sheet, message] of refused)
  test(`refused: ${what}`, async () => {
    const bytes = buildXlsx([{ name: 'S', xml: '' }], { extra: { 'xl/worksheets/sheet1.xml': Buffer.from(sheet) } })
    await assert.rejects(parse(bytes), { code: 'PARSE_FAILED', message })
  })

test('endless nesting is survived', async () => {
  const deep = `${'<a>'.repeat(200_000)}${'</a>'.repeat(200_000)}`
  assert.equal((await parse(buildXlsx([{ name: 'S', xml: sheetRow(1, ['x']) + deep }]))).text, 'S\n\nx')
  const strings = buildXlsx([{ name: 'S', xml: sheetRow(1, ['x']) }], { extra: { 'xl/workbook.xml': Buffer.from(deep) } })
  await assert.rejects(parse(strings), { code: 'PARSE_FAILED', message: /nested too deeply/ })
})

test('a text that is used a million times is refused while it is read', async () => {
  const cells = '<c t="s"><v>0</v></c>'.repeat(1000)
  const bytes = buildXlsx([{ name: 'S', xml: `<row>${cells}</row>` }], { sharedStrings: [`<t>${'long '.repeat(2000)}</t>`] })
  await assert.rejects(parse(bytes), { code: 'DOCUMENT_TOO_LARGE' })
})

test('bombs are refused by what they declare', async () => {
  const bytes = buildXlsx([{ name: 'S', xml: '' }], { extra: { 'xl/media/a.bin': new Uint8Array(60_000_000) } })
  await assert.rejects(parse(bytes), { code: 'ARCHIVE_TOO_LARGE' })
})

test('other packages say what they are not', async () => {
  const word = buildXlsx([], { extra: { 'xl/workbook.xml': Buffer.from('<document/>') } })
  await assert.rejects(parse(word), { code: 'PARSE_FAILED', message: /not an Excel workbook/ })
  const binary = Buffer.from(
    '<Relationships><Relationship Id="a" Type="x/officeDocument" Target="xl/workbook.bin"/></Relationships>',
  )
  await assert.rejects(parse(buildXlsx([], { extra: { '_rels/.rels': binary } })), {
    code: 'FORMAT_OUTDATED',
    message: /XLSB.*save it as XLSX/,
  })
})

parserSuite(xlsx, [
  {
    path: 'a.xlsx',
    bytes: buildXlsx(
      [
        { name: 'Rates', xml: sheetRow(1, ['City', 'Rate']) + sheetRow(2, ['Rome', 120]) + sheetRow(3, ['Oslo', 90]) },
        {
          name: 'Notes',
          xml: sheetRow(5, ['Agreed in May.']),
          comments: '<comment ref="A5"><text><t>By all</t></text></comment>',
        },
      ],
      { title: 'Travel', formats: ['0%'] },
    ),
  },
])
