import assert from 'node:assert/strict'
import test from 'node:test'
import fc from 'fast-check'
import { createSentenceStream, MAX_SENTENCE, MAX_TEXT, type DraftSentence } from './sentence-stream.ts'

function sentencesOf(chunks: readonly string[]): DraftSentence[] {
  const stream = createSentenceStream()
  return [...chunks.flatMap((chunk) => stream.push(chunk)), ...stream.finish()]
}

const table: readonly [text: string, expected: readonly (readonly [string, readonly number[]])[]][] = [
  [
    'One day. [1] Two days [2]. Three [1][3]',
    [
      ['One day.', [1]],
      ['Two days.', [2]],
      ['Three', [1, 3]],
    ],
  ],
  ['It costs 3.50 EUR, e.g. for lunch. [1]', [['It costs 3.50 EUR, e.g. for lunch.', [1]]]],
  [
    'Der Tag ist der 14. März 2026. [2] Ende.',
    [
      ['Der Tag ist der 14. März 2026.', [2]],
      ['Ende.', []],
    ],
  ],
  [
    'Ask Dr. Weber first. Then wait.',
    [
      ['Ask Dr. Weber first.', []],
      ['Then wait.', []],
    ],
  ],
  [
    '有給休暇は20日です。[1]申請は上司に行います。[2]',
    [
      ['有給休暇は20日です。', [1]],
      ['申請は上司に行います。', [2]],
    ],
  ],
  [
    '- First item [1]\n- Second item [2, 3]\n',
    [
      ['- First item', [1]],
      ['- Second item', [2, 3]],
    ],
  ],
  [
    'Is it “yes?” Perhaps! [1]',
    [
      ['Is it “yes?”', []],
      ['Perhaps!', [1]],
    ],
  ],
  [
    'A fact.\n[1] Another. 【2】',
    [
      ['A fact.', [1]],
      ['Another.', [2]],
    ],
  ],
  ['NO_ANSWER', [['NO_ANSWER', []]]],
  [
    'See example.com. It helps [4].',
    [
      ['See example.com.', []],
      ['It helps.', [4]],
    ],
  ],
  ['  \n [1] ', []],
]

for (const [text, expected] of table)
  test(`sentences of ${JSON.stringify(text)}`, () => {
    assert.deepEqual(
      sentencesOf([text]).map((sentence) => [sentence.text, sentence.markers]),
      expected,
    )
  })

test('any chunking of a text gives the same sentences [B1]', () => {
  const piece = fc.constantFrom(
    'Word',
    'word',
    '14',
    '.',
    '. ',
    '!',
    '?',
    '。',
    ' ',
    '\n',
    '[1]',
    '[',
    ']',
    '2',
    ', ',
    '"',
    ')',
    'e.g.',
    '日',
    '😀',
    'Dr',
    '…',
    '*',
    '【3】',
  )
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 30 }), fc.array(fc.nat({ max: 60 }), { maxLength: 12 }), (pieces, cuts) => {
      const text = pieces.join('')
      const places = [...new Set(cuts.filter((cut) => cut < text.length))].sort((left, right) => left - right)
      const chunks = [...places, text.length].map((place, index) => text.slice(index === 0 ? 0 : places[index - 1], place))
      assert.deepEqual(sentencesOf(chunks), sentencesOf([text]))
      assert.deepEqual(sentencesOf(text.split('')), sentencesOf([text]))
    }),
    { numRuns: 3000 },
  )
})

test('a sentence is sent as soon as no further text can change it', () => {
  const stream = createSentenceStream()
  assert.deepEqual(stream.push('Ask your manager. '), [])
  assert.equal(stream.push('[1] T').length, 1)
})

const hostile: readonly [name: string, text: string][] = [
  ['a long run of spaces', `Laptops${' '.repeat(200_000)}are encrypted.`],
  ['full stops inside words', 'x.y'.repeat(100_000)],
  ['abbreviations without end', 'A. '.repeat(340_000)],
  ['full stops alone', '.'.repeat(10_000_000)],
  ['markers without end', `A fact.${'[1]'.repeat(100_000)}`],
  ['a marker that never closes', `A fact. [${'1,'.repeat(100_000)}`],
  ['line breaks alone', `A fact.${'\n'.repeat(1_000_000)}`],
  ['no boundary at all', 'word '.repeat(200_000)],
]
for (const [name, text] of hostile)
  test(`${name} ends within a second, whole or piece by piece [D3]`, () => {
    for (const pieces of [[text], text.slice(0, MAX_TEXT + 1).match(/[^]{1,3}/gu) ?? []]) {
      const started = performance.now()
      const sentences = sentencesOf(pieces)
      const took = performance.now() - started
      assert.ok(took < 1000, `${Math.round(took)} ms`)
      assert.ok(sentences.every((sentence) => sentence.text.length <= MAX_SENTENCE + 1000))
    }
  })

test('a run of white space counts as one space', () => {
  assert.deepEqual(
    sentencesOf([`Laptops${' '.repeat(5_000)}`, '\t are encrypted.']).map((sentence) => sentence.text),
    ['Laptops are encrypted.'],
  )
})

test('of a text too long the sentence that is cut off is left out', () => {
  const stream = createSentenceStream()
  const sentences = [
    ...stream.push('Ask now.\n'.repeat(MAX_TEXT / 9)),
    ...stream.push(' '.repeat(9) + 'Pay 25 days.'),
    ...stream.finish(),
  ]
  assert.equal(stream.isFull, true)
  assert.ok(sentences.every((sentence) => sentence.text === 'Ask now.'))
})

test('any chunking of a sentence too long gives the same pieces [B1]', () => {
  const text = `${'word, '.repeat(1_500)}😀. [1] ${'日'.repeat(MAX_SENTENCE - 1)}😀。[2] End.`
  assert.deepEqual(sentencesOf(text.match(/[^]{1,7}/g) ?? []), sentencesOf([text]))
})
