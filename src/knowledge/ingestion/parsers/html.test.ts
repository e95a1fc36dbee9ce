/** HTML pages to text and blocks, row by row. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { generousLimits, parserSuite } from '../../../testing/parser-suite.ts'
import { html } from './html.ts'

const parser = html.create({}, {})
const parse = (source: string | Uint8Array) =>
  parser.parse({
    path: 'page.html',
    bytes: typeof source === 'string' ? new TextEncoder().encode(source) : source,
    limits: generousLimits,
  })

const rows: readonly [name: string, source: string, text: string][] = [
  ['headings and paragraphs', '<h1>A</h1><p>One\n  two</p><div>Three</div>', 'A\n\nOne two\n\nThree'],
  ['inline elements', '<p>a <b>b</b><i>c</i> <a href="x">link</a><img alt="no"></p>', 'a bc link'],
  ['text beside blocks', 'before<p>in</p>after', 'before\n\nin\n\nafter'],
  [
    'raised numbers stay apart',
    '<p>In 2019<sup><a href="#n">1</a></sup> 10<sup>6</sup> m<sup>2</sup> came 1<sup>st</sup>, H<sub>2</sub>O.</p>',
    'In 2019[1] 10^6 m^2 came 1st, H2O.',
  ],
  [
    'XHTML closes empty elements',
    '<?xml version="1.0"?><html><head><title/></head><body><p>a<a id="x"/>b</p></body></html>',
    'ab',
  ],
  ['line breaks', '<p>a<br>b<br><br>c</p>', 'a\nb\n\nc'],
  ['entities', '<p>a &amp; b&nbsp;c &lt;d&gt; &#228;</p>', 'a & b\u00a0c <d> ä'],
  [
    'scripts, styles, comments, controls',
    '<p>a</p><script>x</script><style>y</style><!-- z --><button>b</button><p>c</p>',
    'a\n\nc',
  ],
  ['hidden elements', '<p hidden>a</p><p style="display: none">b</p><span aria-hidden="true">c</span><p>d</p>', 'd'],
  ['navigation and frame', '<nav>n</nav><header>h</header><p>text</p><aside>s</aside><footer>f</footer>', 'text'],
  [
    'main wins over what surrounds it',
    '<div>menu</div><main><header><h1>T</h1></header><p>text</p></main><div>more</div>',
    'T\n\ntext',
  ],
  [
    'a search form goes, a page in a form stays',
    '<form><input><label>Search</label></form><form><h1>T</h1><p>x</p></form>',
    'T\n\nx',
  ],
  [
    'lists',
    '<ul><li>a<ul><li>b</li></ul></li><li><p>c</p><p>d</p></li></ul><ol start="2"><li>x</li><li>y</li></ol>',
    'a\nb\nc\n\nd\n\n2. x\n3. y',
  ],
  ['code and quotes', '<pre>a\n  b</pre><blockquote><p>q</p></blockquote>', 'a\n  b\n\nq'],
  [
    'a table with headers',
    '<table><caption>Rates</caption><tr><th>A</th><th>B</th></tr><tr><td>1</td><td>2</td></tr></table>',
    'Rates\n\nA: 1; B: 2',
  ],
  [
    'two header rows and spans',
    '<table><thead><tr><th rowspan="2">N</th><th colspan="2">Y</th></tr><tr><th>Q1</th><th>Q2</th></tr></thead><tr><td>x</td><td>1</td><td>2</td></tr></table>',
    'N: x; Y Q1: 1; Y Q2: 2',
  ],
  [
    'a cell over two rows is in both',
    '<table><tr><th>A</th><th>B</th></tr><tr><td rowspan="2">x</td><td>1</td></tr><tr><td>2</td></tr></table>',
    'A: x; B: 1\nA: x; B: 2',
  ],
  [
    'headers in the first column',
    '<table><tr><th>Name</th><td>Ana</td></tr><tr><th>Office:</th><td>Rome</td></tr></table>',
    'Name: Ana\nOffice: Rome',
  ],
  [
    'unmarked headers of three columns',
    '<table><tr><td>Who</td><td>What</td><td>When</td></tr><tr><td>a</td><td>b</td><td>9</td></tr></table>',
    'Who: a; What: b; When: 9',
  ],
  ['two plain columns are no headers', '<table><tr><td>a</td><td>b</td></tr><tr><td>c</td><td>d</td></tr></table>', 'a; b\nc; d'],
  [
    'lists in cells',
    '<table><tr><th>A</th><th>B</th></tr><tr><td>x</td><td><ul><li>p</li><li>q</li></ul></td></tr></table>',
    'A: x; B: p, q',
  ],
  ['a layout table is walked', '<table><tr><td><h2>H</h2><p>p</p></td><td>side</td></tr></table>', 'H\n\np\n\nside'],
]

for (const [name, source, text] of rows) test(`HTML: ${name} [A2]`, async () => assert.equal((await parse(source)).text, text))

test('the title is the only H1 when the page title just adds the site to it', async () => {
  assert.equal((await parse('<title>Leave - Intranet</title><h1>Leave</h1>')).title, 'Leave')
  assert.equal((await parse('<title>Leave rules</title><h1>Welcome</h1>')).title, 'Leave rules')
  assert.equal((await parse('<p>x</p>')).title, undefined)
})

test('the language of the page is metadata', async () => {
  assert.deepEqual((await parse('<html lang="de"><body><p>Hallo</p></body></html>')).metadata, { language: 'de' })
})

test('a declared charset is respected, a byte order mark and valid UTF-8 need none', async () => {
  const shiftJis = Buffer.from([0x93, 0xfa, 0x96, 0x7b])
  const page = Buffer.concat([Buffer.from('<meta charset="shift_jis"><p>'), shiftJis, Buffer.from('</p>')])
  assert.equal((await parse(page)).text, '日本')
  assert.equal((await parse('<p>日本</p>')).text, '日本')
  assert.equal((await parse(Buffer.from('\ufeff<p>日本</p>', 'utf16le'))).text, '日本')
})

test('Readability drops what surrounds an article, never most of the page', async () => {
  const prose = '<p>'.concat('The leave policy grants days, hours, and weeks to all who work here. '.repeat(8), '</p>')
  const links = `<div class="sidebar menu">${'<a href="#">Link</a> '.repeat(20)}</div>`
  const article = await parse(`<title>Leave</title>${links}<div class="article-content">${prose.repeat(4)}</div>`)
  assert.doesNotMatch(article.text, /Link/)
  const facts = Array.from({ length: 40 }, (_, index) => `<div>Fact ${index}</div>`).join('')
  assert.match((await parse(`<div>${prose}</div>${facts}`)).text, /Fact 39/)
})

test('endless nesting is an error, not a crash', async () => {
  await assert.rejects(parse(`<main>${'<div>'.repeat(5000)}x`), { code: 'PARSE_FAILED', message: /nested too deeply/ })
})

parserSuite(html, [
  {
    path: 'a.html',
    bytes: new TextEncoder().encode(
      '<html lang="en"><title>T</title><body><h1>T</h1><ul><li>a</ul><table><tr><th>x<th>y<tr><td>1<td>2</table><pre> c</pre>',
    ),
  },
  { path: 'b.htm', bytes: new TextEncoder().encode('plain <b>words</b>') },
])
