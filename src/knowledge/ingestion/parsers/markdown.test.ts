/** Markdown to text and blocks, row by row. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { generousLimits, parserSuite } from '../../../testing/parser-suite.ts'
import { markdown } from './markdown.ts'

const parser = markdown.create({}, {})
const parse = (source: string, path = 'page.md') =>
  parser.parse({ path, bytes: new TextEncoder().encode(source), limits: generousLimits })

const rows: readonly [name: string, source: string, text: string][] = [
  ['headings lose their marks', '# One\n\nText\n\nTwo\n---\n\n### Three ###', 'One\n\nText\n\nTwo\n\nThree'],
  ['a heading anchor is dropped', '## Leave {#leave}', 'Leave'],
  ['soft line breaks become spaces', 'One sentence\nover two lines.', 'One sentence over two lines.'],
  ['but none between Japanese characters', '休暇の\n申請', '休暇の申請'],
  ['hard line breaks stay', 'Street 1  \nTown\\\nLand<br>End', 'Street 1\nTown\nLand\nEnd'],
  [
    'emphasis, links, images and inline code',
    '**Bold** _it_ [text](https://x.y) ![alt](a.png) `a  b` ~~old~~',
    'Bold it text a b old',
  ],
  ['reference links and footnotes', 'See [this][1] now[^n].\n\n[1]: http://x\n\n[^n]: The note.', 'See this now.\n\nThe note.'],
  ['lists lose bullets, keep numbers', '- a\n- b\n  - c\n\n3. x\n4. y', 'a\nb\nc\n\n3. x\n4. y'],
  ['task lists', '- [x] done\n- [ ] open', 'done\nopen'],
  ['a second paragraph of an item stands apart', '- a\n\n  more\n- b', 'a\n\nmore\n\nb'],
  ['quotes', '> said\n> she', 'said she'],
  ['code verbatim', '```sh\n  npm  ci\n\n# x\n```', '  npm  ci\n\n# x'],
  [
    'tables by header',
    '| Name | Days |\n|---|---|\n| Vacation | 25 |\n| Sick |  |\n| Note. | yes. |',
    'Name: Vacation; Days: 25\nName: Sick\nName: Note.; Days: yes.',
  ],
  ['a table cell without header', '| A | |\n|---|---|\n| x | y |', 'A: x; y'],
  ['comments and lone tags are dropped', '<!-- secret -->\n\n<div>\n\nshown\n\n</div>', 'shown'],
  ['embedded HTML is read', '<p>Hello <b>you</b></p>\n\nEnd', 'Hello you\n\nEnd'],
  ['hidden embedded HTML is not', '<p hidden>secret</p>\n\nEnd', 'End'],
  ['unicode is left alone', 'ﬁne Å １２', 'ﬁne Å １２'],
  ['CRLF, byte order mark and NUL', `\uFEFF# A\r\n\r\nb\u0000${'c'.repeat(200)}`, `A\n\nb${'c'.repeat(200)}`],
]

for (const [name, source, text] of rows)
  test(`Markdown: ${name} [A2]`, async () => assert.equal((await parse(source)).text, text))

test('front matter becomes metadata and the title, dates stay as written', async () => {
  const document = await parse('---\ntitle: Leave policy\nupdated: 2024-03-01\nreaders: [hr, all]\n---\n# Other\n\nText')
  assert.equal(document.title, 'Leave policy')
  assert.deepEqual(document.metadata, { title: 'Leave policy', updated: '2024-03-01', readers: ['hr', 'all'] })
  assert.equal(document.text, 'Other\n\nText')
})

test('without a title in the front matter the first H1 is the title', async () => {
  assert.equal((await parse('## Sub\n\n# **Main** page')).title, 'Main page')
  assert.equal((await parse('## Sub')).title, undefined)
})

test('broken or hostile front matter never hides the page', async () => {
  const bomb = `a: &a [x,x,x,x,x,x,x,x,x]\n${[...'bcdefgh'].map((name, index) => `${name}: &${name} [${`*${'abcdefgh'[index]},`.repeat(9)}]`).join('\n')}`
  for (const source of ['title: [unclosed', '- a\n- b', bomb]) {
    const document = await parse(`---\n${source}\n---\nText`)
    assert.equal(document.text, 'Text')
    assert.equal(typeof document.metadata['frontMatterProblem'], 'string')
  }
})

test('blocks carry kind and level', async () => {
  const { blocks } = await parse('# T\n\np\n\n- i\n\n> q\n\n```\nc\n```\n\n|h|\n|-|\n|r|')
  assert.deepEqual(
    blocks.map(({ kind, level }) => (level === undefined ? kind : `${kind} ${level}`)),
    ['heading 1', 'paragraph', 'list-item', 'quote', 'code', 'table-row'],
  )
})

test('MDX loses its module lines', async () => {
  assert.equal((await parse("import Tabs from '@theme/Tabs'\n\nExport controls apply.", 'a.mdx')).text, 'Export controls apply.')
})

test('a supposed text that is really something else is refused by name', async () => {
  await assert.rejects(parse('%PDF-1.7 …'), { code: 'PARSE_FAILED', message: /really a PDF/ })
})

parserSuite(markdown, [
  {
    path: 'a.md',
    bytes: new TextEncoder().encode(
      '---\ntitle: T\n---\n# A\n\n- x\n  1. y\n\n|a|b|\n|-|-|\n|1|2|\n\n<p>html</p>\n\n> q\n\n    code\n',
    ),
  },
  { path: 'b.mdx', bytes: new TextEncoder().encode('Text with *marks* and [links](x).\n\n## Head\n\nEnd.') },
])
