/** JSON and JSON Lines, row by row: paths, order, numbers as they are written. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { generousLimits, parserSuite } from '../../../testing/parser-suite.ts'
import { json } from './json.ts'

const parse = (source: string, path = 'a.json') =>
  json.create({}, {}).parse({ path, bytes: Buffer.from(source), limits: generousLimits })

const rows: readonly [name: string, source: string, text: string][] = [
  ['values with their path', '{"server":{"port":8080,"tls":true},"name":"x"}', 'server.port: 8080\nserver.tls: true\nname: x'],
  ['records as rows', '[{"sku":"A1","price":18.0},{"sku":"B2","price":2}]', 'sku: A1; price: 18.0\nsku: B2; price: 2'],
  ['records below a key', '{"items":[{"a":1},{"a":2}],"n":2}', 'items[0]; a: 1\nitems[1]; a: 2\n\nn: 2'],
  [
    'records in records',
    '[{"id":1,"lines":[{"q":2},{"q":3}],"to":{"city":"Rome"}}]',
    'id: 1; lines[0].q: 2; lines[1].q: 3; to.city: Rome',
  ],
  ['lists of values', '{"tags":["a","b"],"grid":[[1,2],[3,4]]}', 'tags: a, b\ngrid: [1, 2], [3, 4]'],
  ['big and exact numbers', '{"id":12345678901234567890,"x":1e400,"y":0.10}', 'id: 12345678901234567890\nx: 1e400\ny: 0.10'],
  ['the order of keys', '{"b":1,"10":2,"9":3,"a":4}', 'b: 1\n10: 2\n9: 3\na: 4'],
  ['repeated keys', '{"a":1,"a":2}', 'a: 1\na: 2'],
  ['escapes', '{"a":"x\\u00e9\\n\\"y\\" \\u0000\\ud800"}', 'a: xé\n"y" \ufffd'],
  ['null is said, emptiness is not', '{"a":null,"b":"","c":[],"d":{},"e":1}', 'a: null\ne: 1'],
  ['a single value', '"words"', 'words'],
  ['JSON Lines', '{"a":1}\n\n{"a":2}\n', 'a: 1\na: 2'],
  ['mixed lines', '{"a":1}\n[1,2]\n"x"', 'a: 1\n1, 2\nx'],
]
for (const [name, source, text] of rows) test(`JSON: ${name} [A2]`, async () => assert.equal((await parse(source)).text, text))

test('what is no JSON says where', async () => {
  await assert.rejects(parse('{"a":1,}'), { code: 'PARSE_FAILED', message: /position 7/ })
  await assert.rejects(parse('{"a":1}\n{"a":'), { code: 'PARSE_FAILED', message: /record 2/ })
  await assert.rejects(parse('{}'), { code: 'DOCUMENT_EMPTY' })
  await assert.rejects(parse('['.repeat(100_000) + ']'.repeat(100_000)), { code: 'PARSE_FAILED', message: /nested too deeply/ })
})

test('for any JSON: every word and every number of it is in the text', async () => {
  await fc.assert(
    fc.asyncProperty(fc.json({ maxDepth: 4 }), async (source) => {
      const leaves: string[] = []
      JSON.parse(source, (_key, value: unknown) => {
        if (typeof value === 'number' || (typeof value === 'string' && /^\w+$/.test(value))) leaves.push(String(value))
        return value
      })
      const text = await parse(source).then((document) => document.text, () => '') // prettier-ignore
      for (const leaf of leaves) assert(text.includes(leaf), `${leaf} is missing`)
    }),
    { numRuns: 200, seed: 6 },
  )
})

parserSuite(json, [
  { path: 'a.json', bytes: Buffer.from('{"server":{"port":8080},"items":[{"sku":"A1","tags":["x","y"]},{"sku":"B2"}]}') },
  { path: 'b.ndjson', bytes: Buffer.from('{"a":1}\n{"a":"ü"}\n') },
])
