/** PowerPoint presentations to slides: placeholders, tables, charts, notes. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { generousLimits, parserSuite } from '../../../testing/parser-suite.ts'
import { buildPptx, graphicFrame, type PresentationSlide, shape, slideTable } from '../../../testing/presentation-file.ts'
import { pptx } from './pptx.ts'

const parser = pptx.create({}, {})
const parse = (bytes: Uint8Array, limits = generousLimits) => parser.parse({ path: 'a.pptx', bytes, limits })
const read = async (...slides: readonly PresentationSlide[]) => {
  const { text, blocks } = await parse(buildPptx(slides))
  return blocks.map(({ kind, level, place, start, end }) => {
    assert(place !== undefined && 'slide' in place)
    return [place.slide, level === undefined ? kind : `h${level}`, text.slice(start, end)]
  })
}

const chart = `<c:chartSpace xmlns:c="c" xmlns:a="a"><c:chart><c:title><a:p><a:r><a:t>Growth</a:t></a:r></a:p></c:title><c:plotArea><c:barChart>
  <c:ser><c:tx><c:strRef><c:strCache><c:pt idx="0"><c:v>North</c:v></c:pt></c:strCache></c:strRef></c:tx>
  <c:cat><c:strRef><c:strCache><c:pt idx="0"><c:v>Q1</c:v></c:pt><c:pt idx="1"><c:v>Q2</c:v></c:pt></c:strCache></c:strRef></c:cat>
  <c:val><c:numRef><c:numCache><c:formatCode>0%</c:formatCode><c:pt idx="0"><c:v>0.25</c:v></c:pt><c:pt idx="1"><c:v>0.5</c:v></c:pt></c:numCache></c:numRef></c:val>
  </c:ser></c:barChart></c:plotArea></c:chart></c:chartSpace>`
const diagram = `<dgm:dataModel xmlns:dgm="d" xmlns:a="a"><dgm:ptLst><dgm:pt type="doc"/><dgm:pt><dgm:t><a:p><a:r><a:t>Plan</a:t></a:r></a:p></dgm:t></dgm:pt>
  <dgm:pt><dgm:t><a:p><a:r><a:t>Do</a:t></a:r></a:p></dgm:t></dgm:pt></dgm:ptLst></dgm:dataModel>`
const merged =
  graphicFrame(`<a:tbl><a:tblPr firstRow="1"/><a:tr>${['City', 'Rate', 'Unit'].map((text) => `<a:tc><a:txBody><a:p><a:r><a:t>${text}</a:t></a:r></a:p></a:txBody></a:tc>`).join('')}</a:tr>
  <a:tr><a:tc rowSpan="2"><a:txBody><a:p><a:r><a:t>Rome</a:t></a:r></a:p></a:txBody></a:tc><a:tc gridSpan="2"><a:txBody><a:p><a:r><a:t>12</a:t></a:r></a:p></a:txBody></a:tc><a:tc hMerge="1"><a:txBody><a:p/></a:txBody></a:tc></a:tr>
  <a:tr><a:tc vMerge="1"><a:txBody><a:p/></a:txBody></a:tc><a:tc><a:txBody><a:p><a:r><a:t>9</a:t></a:r></a:p></a:txBody></a:tc><a:tc><a:txBody><a:p><a:r><a:t>EUR</a:t></a:r></a:p></a:txBody></a:tc></a:tr></a:tbl>`)

const rows: readonly (readonly [what: string, slide: PresentationSlide, expected: readonly (readonly [string, string])[]])[] = [
  ['a title slide', { xml: shape('subTitle', ['For all']) + shape('ctrTitle', ['Travel', 'rules']) }, [['h1', 'Travel rules'], ['paragraph', 'For all']]],
  ['bullets of the layout', { xml: shape('body', ['One', 'Two & <three>']) }, [['list-item', 'One'], ['list-item', 'Two & <three>']]],
  ['a single paragraph is no list', { xml: shape('body', ['Only this']) }, [['paragraph', 'Only this']]],
  ['bullets switched off', { xml: shape('body', ['One', 'Two'], '<a:buNone/>') }, [['paragraph', 'One'], ['paragraph', 'Two']]],
  ['numbers', { xml: shape(undefined, ['One', 'Two'], '<a:buAutoNum type="arabicPeriod"/>') }, [['list-item', '1. One'], ['list-item', '2. Two']]],
  ['text boxes and line breaks', { xml: shape(undefined, ['One\nmore', 'Two']) }, [['paragraph', 'One\nmore'], ['paragraph', 'Two']]],
  ['groups', { xml: `<p:grpSp><p:grpSp>${shape(undefined, ['Inside'])}</p:grpSp></p:grpSp>` }, [['paragraph', 'Inside']]],
  ['several forms of the same', { xml: `<mc:AlternateContent xmlns:mc="m"><mc:Choice>${shape(undefined, ['New'])}</mc:Choice><mc:Fallback>${shape(undefined, ['Old'])}</mc:Fallback></mc:AlternateContent>` }, [['paragraph', 'New']]],
  ['dates, footers and slide numbers go', { xml: shape('dt', ['May']) + shape('ftr', ['ACME']) + shape('sldNum', ['3']) + shape(undefined, ['Stays']) }, [['paragraph', 'Stays']]],
  ['a table', { xml: slideTable([['City', 'Rate'], ['Rome', '120']], true) }, [['table-row', 'City: Rome; Rate: 120']]],
  ['a table whose header is not marked', { xml: slideTable([['City', 'Rate', 'Unit'], ['Rome', '120', 'EUR']], false) }, [['table-row', 'City: Rome; Rate: 120; Unit: EUR']]],
  ['merged cells', { xml: merged }, [['table-row', 'City: Rome; Rate: 12'], ['table-row', 'City: Rome; Rate: 9; Unit: EUR']]],
  ['a chart', { xml: graphicFrame('<c:chart xmlns:c="c" r:id="r1"/>'), part: chart }, [['paragraph', 'Growth'], ['table-row', 'Q1; North: 25%'], ['table-row', 'Q2; North: 50%']]],
  ['a diagram', { xml: graphicFrame('<dgm:relIds xmlns:dgm="d" r:dm="r1"/>'), part: diagram }, [['list-item', 'Plan'], ['list-item', 'Do']]],
  ['what the speaker says', { xml: shape('title', ['Rates']), notes: 'Mention the ceiling.' }, [['h1', 'Rates'], ['h3', 'Notes'], ['paragraph', 'Mention the ceiling.']]],
] // prettier-ignore
for (const [what, slide, expected] of rows)
  test(`PPTX: ${what} [A2]`, async () => assert.deepEqual(await read(slide), expected.map((row) => [1, ...row]))) // prettier-ignore

test('slides in their order, hidden ones too and named as such; the first title is the title [A2]', async () => {
  const slides = [
    { xml: shape('title', ['First']) },
    { xml: shape('title', ['Second']), isHidden: true },
    { xml: '' },
    { xml: shape(undefined, ['last']) },
  ]
  assert.deepEqual(await read(...slides), [[1, 'h1', 'First'], [2, 'h2', 'Second'], [4, 'paragraph', 'last']]) // prettier-ignore
  const { title, metadata } = await parse(buildPptx(slides))
  assert.deepEqual([title, metadata], ['First', { hiddenSlides: [2] }])
})

test('more slides than allowed are refused, as is nesting without end', async () => {
  const two = buildPptx([{ xml: shape(undefined, ['a']) }, { xml: '' }])
  await assert.rejects(parse(two, { ...generousLimits, maxPages: 1 }), { code: 'DOCUMENT_TOO_LARGE', message: /1 slides/ })
  const deep = buildPptx([{ xml: '<p:grpSp>'.repeat(5000) + shape(undefined, ['x']) + '</p:grpSp>'.repeat(5000) }])
  await assert.rejects(parse(deep), { code: 'PARSE_FAILED', message: /nested too deeply/ })
})

test('a presentation without text is empty', () => assert.rejects(parse(buildPptx([{ xml: '' }])), { code: 'DOCUMENT_EMPTY' }))

parserSuite(pptx, [
  {
    path: 'a.pptx',
    bytes: buildPptx([
      { xml: shape('ctrTitle', ['Travel']) + shape('subTitle', ['For all']), notes: 'Welcome.' },
      { xml: shape('title', ['Limits']) + shape('body', ['Hotel', 'Food']) + slideTable([['City', 'Rate'], ['Rome', '120']], true) }, // prettier-ignore
      { xml: graphicFrame('<c:chart xmlns:c="c" r:id="r1"/>'), part: chart },
    ]),
  },
])
