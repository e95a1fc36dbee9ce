/** A small sound file for each format that the sample company lacks. */
import { buildDocx, buildPdf } from '../../src/testing/document-files.ts'
import { buildEpub } from '../../src/testing/epub-file.ts'
import { buildOdf } from '../../src/testing/odf-file.ts'
import { buildPptx, graphicFrame, shape, slideTable } from '../../src/testing/presentation-file.ts'
import { buildXlsx, sheetRow } from '../../src/testing/workbook-file.ts'
import type { FuzzInput } from './fuzz-target.ts'

export function writtenFiles(): FuzzInput[] {
  return [
    {
      name: 'written.docx',
      bytes: buildDocx([
        { heading: 'Leave', level: 1 },
        { paragraph: 'Everyone gets 25 days.' },
        { item: 'Ask early', list: 1 },
        {
          table: [
            ['Country', 'Days'],
            ['Spain', '23'],
          ],
          headed: true,
        },
      ]),
    },
    {
      name: 'written.pdf',
      bytes: buildPdf([[{ text: 'Leave', size: 20 }, { text: 'Everyone gets 25 days.' }], [{ text: 'Page two.' }]]),
    },
    { name: 'written.xlsx', bytes: workbook() },
    { name: 'written.pptx', bytes: presentation() },
    ...openDocuments(),
    {
      name: 'written.epub',
      bytes: buildEpub({
        chapters: { 'a.xhtml': '<p>Everyone gets 25 days.</p>' },
        nav: '<nav><a href="a.xhtml">Leave</a></nav>',
      }),
    },
    ...Object.entries(TEXTS).map(([name, text]) => ({ name, bytes: Buffer.from(text) })),
  ]
}

function workbook(): Uint8Array {
  const dated = '<row r="4"><c r="A4" s="1"><v>45413</v></c><c r="B4" t="s"><v>0</v></c><c r="C4" t="b"><v>1</v></c></row>'
  const days = `<sheetData>${sheetRow(1, ['Country', 'Days'])}${sheetRow(2, ['Spain', 23])}${sheetRow(3, ['Oslo', 25])}${dated}</sheetData>`
  return buildXlsx(
    [
      { name: 'Days', xml: `${days}<mergeCells><mergeCell ref="A2:A3"/></mergeCells><autoFilter ref="A1:B3"/>` },
      {
        name: 'Notes',
        xml: sheetRow(9, ['Agreed.']),
        state: 'hidden',
        comments: '<comment ref="A9"><text><t>By all</t></text></comment>',
      },
    ],
    { sharedStrings: ['<t>from May</t>'], formats: ['dd.mm.yyyy', '#,##0.00 "EUR"'], title: 'Leave' },
  )
}

function presentation(): Uint8Array {
  const table = slideTable([['Country', 'Days'], ['Spain', '23']], true) // prettier-ignore
  const points = '<c:pt idx="0"><c:v>1</c:v></c:pt>'
  const chart = `<c:chartSpace xmlns:c="c"><c:chart><c:plotArea><c:ser><c:cat>${points}</c:cat><c:val>${points}</c:val></c:ser></c:plotArea></c:chart></c:chartSpace>`
  return buildPptx([
    { xml: shape('ctrTitle', ['Leave']) + shape('subTitle', ['For all']), notes: 'Say why.' },
    { xml: shape('title', ['Days']) + shape('body', ['Ask early', 'Plan']) + table, isHidden: true },
    { xml: graphicFrame('<c:chart xmlns:c="c" r:id="r1"/>'), part: chart },
  ])
}

function openDocuments(): FuzzInput[] {
  const p = (text: string): string => `<text:p>${text}</text:p>`
  const row = (...cells: readonly string[]): string =>
    `<table:table-row>${cells.map((cell) => `<table:table-cell table:number-columns-repeated="1">${p(cell)}</table:table-cell>`).join('')}</table:table-row>`
  const table = `<table:table table:name="Days">${row('Country', 'Days', 'Unit')}${row('Spain', '23', 'd')}</table:table>`
  const note =
    '<text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>At once.</text:p></text:note-body></text:note>'
  const list = `<text:list><text:list-item>${p('Ask early')}</text:list-item></text:list>`
  const frame = `<draw:frame presentation:class="title"><draw:text-box>${p('Leave')}</draw:text-box></draw:frame>`
  const page = `<draw:page>${frame}${list}<draw:frame>${table}</draw:frame><presentation:notes>${frame}</presentation:notes></draw:page>`
  return [
    {
      name: 'written.odt',
      bytes: buildOdf('text', `<text:h text:outline-level="1">Leave</text:h>${p(`Ask${note}`)}${list}${table}`),
    },
    { name: 'written.odp', bytes: buildOdf('presentation', page) },
    { name: 'written.ods', bytes: buildOdf('spreadsheet', table) },
  ]
}

const TEXTS: Readonly<Record<string, string>> = {
  'written.csv': 'Country;Days\nSpain;23\n"Peru; Lima";30\n',
  'written.json': '{"leave":{"days":25,"by":[{"country":"Spain","days":23.50},{"country":"Peru"}]}}',
  'written.jsonl': '{"country":"Spain"}\n{"country":"Peru"}\n',
  'written.rtf': String.raw`{\rtf1\ansi{\fonttbl{\f0 Arial;}}{\stylesheet{\s1 heading 1;}}\s1 Leave\par\pard 25 d\'e4ys \u8364?\par\trowd\intbl A\cell B\cell\row}`,
  'written.eml': [
    'From: =?utf-8?Q?J=C3=BC?= <j@x.example>\nSubject: Leave\nContent-Type: multipart/mixed; boundary=b\n\n--b',
    'Content-Type: text/html\n\n<p>25 days\n--b\nContent-Type: text/csv; name=l.csv\nContent-Transfer-Encoding: base64\n',
    'QSxCCjEsMgo=\n--b\nContent-Type: message/rfc822\n\nSubject: Old\n\n> quoted\n--b--\n',
  ].join('\n'),
}
