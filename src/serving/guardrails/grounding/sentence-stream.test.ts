import assert from 'node:assert/strict'
import test from 'node:test'
import fc from 'fast-check'
import { createSentenceStream, type DraftSentence } from './sentence-stream.ts'

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
