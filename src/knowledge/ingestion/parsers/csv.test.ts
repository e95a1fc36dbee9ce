/** CSV and its relatives, row by row: delimiters, quotes, encodings, titles and headers. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { generousLimits, parserSuite } from '../../../testing/parser-suite.ts'
import { csv } from './csv.ts'

const parse = (source: string | Uint8Array) =>
  csv
    .create({}, {})
    .parse({ path: 'a.csv', bytes: typeof source === 'string' ? Buffer.from(source) : source, limits: generousLimits })

const rows: readonly [name: string, source: string, text: string][] = [
  ['commas', 'City,Rate\nRome,120\nOslo,90\n', 'City: Rome; Rate: 120\nCity: Oslo; Rate: 90'],
  ['tabs', 'City\tRate\nRome\t120', 'City: Rome; Rate: 120'],
  ['pipes', 'a|b\n1|2\n3|4', 'a: 1; b: 2\na: 3; b: 4'],
  ['semicolons beside decimal commas', 'Name;Price\nPen;1,50\nInk;2,75', 'Name: Pen; Price: 1,50\nName: Ink; Price: 2,75'],
  ['a declared delimiter', 'sep=;\nA;B\nx,y;1', 'A: x,y; B: 1'],
  ['quotes, delimiters and lines in them', 'A,B\n"x, y","he said ""no""\nand left"', 'A: x, y; B: he said "no" and left'],
  ['a quote that is none', 'A,B\n5" nail,2\n"open,3\nx,4', 'A: 5" nail; B: 2\nA: "open; B: 3\nA: x; B: 4'],
  ['CR line ends', 'A,B\r1,2\r3,4', 'A: 1; B: 2\nA: 3; B: 4'],
  ['empty cells and short rows', 'A,B,C\n1,,3\n4\n\n,5,', 'A: 1; C: 3\nA: 4\nB: 5'],
  ['a title above the header', 'Cups,,\nTeam,City,Wins\nBlues,STL,1', 'Cups\n\nTeam: Blues; City: STL; Wins: 1'],
  ['an index without a name', ',A,B\n0,x,y\n1,z,w', '0; A: x; B: y\n1; A: z; B: w'],
  ['years are headers', 'Country,2019,2020\nPeru,1.5,2.5', 'Country: Peru; 2019: 1.5; 2020: 2.5'],
  ['numbers are no header', '1,2\n3,4', '1; 2\n3; 4'],
  ['repeated cells are no header', 'A,A\nA,B', 'A; A\nA; B'],
  ['one column', 'one\ntwo, three\nfour', 'one\ntwo, three\nfour'],
]
for (const [name, source, text] of rows) test(`CSV: ${name} [A2]`, async () => assert.equal((await parse(source)).text, text))

test('the only title is the document’s', async () => {
  assert.equal((await parse('Cups,,\nTeam,City,Wins\nBlues,STL,1')).title, 'Cups')
  assert.equal((await parse('Team,City\nBlues,STL')).title, undefined)
})

test('encodings are found [A2]', async () => {
  const source = 'Straße;Größe\nHauptstraße;3\nMühlweg;4\nGärtnerstraße;5\n'
  const text = 'Straße: Hauptstraße; Größe: 3\nStraße: Mühlweg; Größe: 4\nStraße: Gärtnerstraße; Größe: 5'
  for (const bytes of [Buffer.from(source), Buffer.from(source, 'latin1'), Buffer.from(`\ufeff${source}`, 'utf16le')]) {
    assert.equal((await parse(bytes)).text, text)
  }
})

test('for any cells: what is written by the rules is read back, whatever the delimiter', async () => {
  const cell = fc.stringMatching(/^[a-z]{1,6}[ ,;|\t"\n]?[a-z]{1,6}$/)
  const table = fc.array(fc.tuple(cell, cell, cell), { minLength: 1, maxLength: 8 })
  await fc.assert(
    fc.asyncProperty(table, fc.constantFrom(',', ';', '\t', '|'), async (body, delimiter) => {
      const write = (row: readonly string[]): string => row.map((each) => `"${each.replaceAll('"', '""')}"`).join(delimiter)
      const { text } = await parse([['First', 'Second', 'Third'], ...body].map(write).join('\n'))
      const settle = (each: string): string => each.replace(/\s+/g, ' ')
      assert.equal(text, body.map(([a, b, c]) => `First: ${settle(a)}; Second: ${settle(b)}; Third: ${settle(c)}`).join('\n'))
    }),
    { numRuns: 100, seed: 5 },
  )
})

parserSuite(csv, [
  { path: 'a.csv', bytes: Buffer.from('City,Rate,Note\nRome,120,"a, b"\nOslo,90,') },
  { path: 'b.tsv', bytes: Buffer.from('Größe\t1\nHöhe\t2', 'latin1') },
])
