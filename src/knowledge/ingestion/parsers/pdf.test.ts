/** PDF files to pages of paragraphs and headings. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { buildPdf } from '../../../testing/document-files.ts'
import { generousLimits, parserSuite } from '../../../testing/parser-suite.ts'
import { pdf } from './pdf.ts'

const parser = pdf.create({}, {})
const parse = (bytes: Uint8Array, limits = generousLimits) => parser.parse({ path: 'a.pdf', bytes, limits })

const sample = buildPdf([
  [
    { text: 'Security', size: 20 },
    { text: 'Report every incident to the sec-', above: 12 },
    { text: 'urity team within one hour. It', above: 0 },
    { text: 'answers (day and night).' },
    { text: 'A second paragraph.', above: 14 },
    { text: '\u0095 First point', above: 10 },
    { text: '\u0095 Second point' },
  ],
  [
    { text: 'Passwords', size: 15 },
    { text: 'Twelve characters at least.', above: 8 },
  ],
])

test('lines become paragraphs, cut words whole, larger type headings, and every block knows its page [A2]', async () => {
  const { title, text, blocks } = await parse(sample)
  assert.equal(title, 'Security')
  assert.deepEqual(
    blocks.map(({ kind, level, place, start, end }) => [kind, level, place, text.slice(start, end)]),
    [
      ['heading', 1, { page: 1 }, 'Security'],
      [
        'paragraph',
        undefined,
        { page: 1 },
        'Report every incident to the security team within one hour. It answers (day and night).',
      ],
      ['paragraph', undefined, { page: 1 }, 'A second paragraph.'],
      ['list-item', undefined, { page: 1 }, 'First point'],
      ['list-item', undefined, { page: 1 }, 'Second point'],
      ['heading', 2, { page: 2 }, 'Passwords'],
      ['paragraph', undefined, { page: 2 }, 'Twelve characters at least.'],
    ],
  )
})

test('running headers and page numbers are dropped', async () => {
  const page = (number: number) => [
    { text: 'Acme confidential' },
    { text: `Body of chapter ${'abc'[number]}.`, above: 40 },
    { text: `Page ${number + 1} of 3`, above: 500 },
  ]
  assert.equal(
    (await parse(buildPdf([0, 1, 2].map(page)))).text,
    'Body of chapter a.\n\nBody of chapter b.\n\nBody of chapter c.',
  )
})

test('what cannot be read says why', async () => {
  await assert.rejects(parse(buildPdf([[{ text: 'secret' }]], { encrypted: true })), { code: 'DOCUMENT_ENCRYPTED' })
  await assert.rejects(parse(buildPdf([[]])), { code: 'DOCUMENT_EMPTY' })
  await assert.rejects(parse(Buffer.from('%PDF-1.7\ngarbage')), { code: 'PARSE_FAILED' })
  await assert.rejects(parse(Buffer.from('PK\u0003\u0004')), { code: 'PARSE_FAILED', message: /ZIP/ })
  await assert.rejects(parse(sample, { ...generousLimits, maxPages: 1 }), { code: 'DOCUMENT_TOO_LARGE', message: /1 pages/ })
})

parserSuite(pdf, [{ path: 'a.pdf', bytes: sample }])
