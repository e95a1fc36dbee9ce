/** RTF to text and blocks, row by row. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { generousLimits, parserSuite } from '../../../testing/parser-suite.ts'
import { rtf } from './rtf.ts'

const parse = (source: string) =>
  rtf.create({}, {}).parse({ path: 'a.rtf', bytes: Buffer.from(source, 'latin1'), limits: generousLimits })
const head = String.raw`{\rtf1\ansi\ansicpg1252{\fonttbl{\f0\fcharset0 Arial;}{\f1\fcharset204 Arial;}{\f2\fcharset128 MS;}}{\stylesheet{\s0 Normal;}{\s1 heading 1;}{\s7\outlinelevel1 Sub;}}`

const rows: readonly [name: string, body: string, text: string][] = [
  ['paragraphs and lines', String.raw`one\line two\par three\par`, 'one\ntwo\n\nthree'],
  ['escapes', String.raw`a\{b\}\\c\~d\-e\_f\tab g\endash h\ldblquote i\rdblquote`, 'a{b}\\c\u00a0de-f g–h“i”'],
  ['bytes of the code page', String.raw`Gr\'fc\'dfe \'80 5`, 'Grüße € 5'],
  ['bytes of a font', String.raw`{\f1 \'cf\'f0\'e8\'e2\'e5\'f2} {\f2 \'93\'fa\'96\'7b}`, 'Привет 日本'],
  ['Unicode with a fallback', String.raw`\u8364?5 {\uc2\u20320\'c4\'e3 x} \uc0\u-10179\u-8704!`, '€5 你 x 😀!'],
  ['headings', String.raw`\s1 Top\par\pard text\par\pard\s7 Sub\par\pard\outlinelevel2 Deep\par`, 'Top\n\ntext\n\nSub\n\nDeep'],
  [
    'lists',
    String.raw`{\listtext\bullet\tab}one\par{\listtext\bullet\tab}two\par\pard{\listtext 1.\tab}first\par`,
    'one\ntwo\n1. first',
  ],
  [
    'tables',
    String.raw`\trowd\intbl City\cell Rate\cell\row\intbl Rome\cell 120\cell\row\pard after\par`,
    'City: Rome; Rate: 120\n\nafter',
  ],
  ['lines in cells', String.raw`\trowd\trhdr\intbl A\cell B\cell\row\trowd\intbl x\par y\cell 1\cell\row\pard`, 'A: x y; B: 1'],
  ['notes', String.raw`Pay{\footnote\pard Gross.} on time.\par`, 'Pay [Gross.] on time.'],
  ['links', String.raw`see {\field{\*\fldinst HYPERLINK "http://x"}{\fldrslt here}}\par`, 'see here'],
  ['what is hidden', String.raw`a{\v secret}{\*\unknown secret}{\pict ffd8}{\header secret}\bin4 {}{}b\par`, 'ab'],
]
for (const [name, body, text] of rows)
  test(`RTF: ${name} [A2]`, async () => assert.equal((await parse(`${head}${body}}`)).text, text))

test('headings have levels, and the title is the document’s own', async () => {
  const { title, blocks } = await parse(`${head}{\\info{\\title Rules}{\\author A}}\\s1 Top\\par\\s7 Sub\\par}`)
  assert.equal(title, 'Rules')
  assert.deepEqual(blocks.map(({ level }) => level), [1, 2]) // prettier-ignore
})

test('an impossible outline level is none', async () => {
  assert.equal((await parse(String.raw`{\rtf1\outlinelevel-3 text\par}`)).blocks[0]?.kind, 'paragraph')
})

test('endless groups are an error', () =>
  assert.rejects(parse(String.raw`{\rtf1 ` + '{'.repeat(20_000)), { code: 'PARSE_FAILED', message: /nested too deeply/ }))

parserSuite(rtf, [
  {
    path: 'a.rtf',
    bytes: Buffer.from(
      `${head}\\s1 Top\\par\\pard Gr\\'fc\\'dfe\\par{\\listtext\\bullet}x\\par\\trowd\\intbl A\\cell B\\cell\\row\\pard end}`,
    ),
  },
])
