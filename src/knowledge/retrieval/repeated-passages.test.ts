import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Passage } from '../../contracts/document.ts'
import type { ChunkId, DocumentId, DocumentVersion } from '../../contracts/identity.ts'
import { byScoreThenChunk } from './passage-selection.ts'
import { liftRecent } from './query/recency.ts'
import { settleRepeated } from './repeated-passages.ts'

const DAY = 24 * 3_600_000

function passage(path: string, score: number, text: string, rest: Partial<Passage> = {}): Passage {
  const document = `handbook:${path}` as DocumentId
  const place = { chunk: `${document}#0` as ChunkId, document, version: 'v' as DocumentVersion, start: 0, end: text.length }
  const names = { title: path, path, source: 'handbook', language: 'en', headingPath: [] }
  return { ...place, ...names, text, metadata: {}, modifiedAtMs: 0, score, contributions: [], ...rest }
}

const settle = (text: string, ...passages: readonly Passage[]): readonly Passage[] =>
  settleRepeated({ text, language: 'en', terms: text.split(' ') }, passages)
const order = (passages: readonly Passage[]): readonly string[] => passages.map(({ path }) => path)

const rule =
  'Every employee gets annual leave according to the contract, asks the team lead in time, writes the days into the calendar and hands over open work before leaving'
const other = 'Lunch is served in the canteen at noon for whoever signed up the day before'
const days = (number: number): string => `Employees get ${number} days of annual leave.`

const rows: readonly [why: string, question: string, given: readonly Passage[], expected: readonly string[]][] = [
  [
    'a copy comes after what is different',
    'annual leave',
    [passage('a', 1, rule), passage('b', 0.9, `${rule}.`), passage('c', 0.5, other)],
    ['a', 'c', 'b'],
  ],
  [
    'of copies the newer stands for both',
    'annual leave',
    [passage('a', 1, rule, { modifiedAtMs: DAY }), passage('b', 0.9, rule, { modifiedAtMs: 9 * DAY }), passage('c', 0.6, other)],
    ['b', 'c', 'a'],
  ],
  [
    'files that were copied together are equally old',
    'annual leave',
    [passage('a', 1, rule, { modifiedAtMs: 9 * DAY }), passage('b', 0.9, rule, { modifiedAtMs: 9 * DAY + 5_000 })],
    ['a', 'b'],
  ],
  [
    'what the metadata says of its age counts before the file',
    'annual leave',
    [
      passage('a', 1, rule, { modifiedAtMs: 9 * DAY, metadata: { updated: '2020-01-01' } }),
      passage('b', 0.9, rule, { modifiedAtMs: DAY, metadata: { updated: '2024-01-01' } }),
    ],
    ['b', 'a'],
  ],
  [
    'a replaced document never stands for its successor, however new its file',
    'annual leave',
    [
      passage('leave-2023.md', 0.4, rule, { modifiedAtMs: 9 * DAY }),
      passage('leave-2024.md', 1, rule, { modifiedAtMs: DAY }),
      passage('c', 0.3, other),
    ],
    ['leave-2024.md', 'c', 'leave-2023.md'],
  ],
  [
    'nor does a page that says so at its beginning',
    'annual leave',
    [passage('a', 1, rule, { modifiedAtMs: 9 * DAY, replaced: true }), passage('b', 0.5, rule, { modifiedAtMs: DAY })],
    ['b', 'a'],
  ],
  [
    'versions under one title that differ in a number: the newer wins',
    'days of annual leave',
    [
      passage('old/a', 1, days(25), { title: 'Annual leave', modifiedAtMs: DAY }),
      passage('b', 0.8, days(28), { title: 'annual Leave', modifiedAtMs: 400 * DAY }),
    ],
    ['b', 'old/a'],
  ],
  [
    'under different titles they are different pages',
    'days of annual leave',
    [
      passage('old/a', 1, days(25), { title: 'Leave in Berlin', modifiedAtMs: DAY }),
      passage('b', 0.8, days(28), { title: 'Leave in Rome', modifiedAtMs: 400 * DAY }),
    ],
    ['old/a', 'b'],
  ],
  [
    'a form filled in for several places: the place that is asked for is no repetition',
    'annual leave in Berlin',
    [passage('a', 1, `Berlin: ${rule}`, { modifiedAtMs: DAY }), passage('b', 0.9, `Rome: ${rule}`, { modifiedAtMs: 9 * DAY })],
    ['a', 'b'],
  ],
  [
    'nor where the place stands in the path alone',
    'annual leave in Berlin',
    [passage('berlin/a', 1, rule, { modifiedAtMs: DAY }), passage('rome/a', 0.9, rule, { modifiedAtMs: 9 * DAY })],
    ['berlin/a', 'rome/a'],
  ],
]
for (const [why, question, given, expected] of rows)
  test(`${why} [A5]`, () => {
    const settled = settle(question, ...given)
    assert.deepEqual(order(settled), expected)
    assert.deepEqual(order(settle(question, ...given.toReversed())), expected)
    for (const { score, contributions, chunk } of settled) {
      const before = given.find((each) => each.chunk === chunk)!.score
      const gained = contributions!.reduce((sum, { contribution }) => sum + contribution, 0)
      assert(Math.abs(before + gained - score) < 1e-9, 'what changed the score is told')
    }
  })

test('an explanation names what a copy lost and what the newest gained [A5]', () => {
  const settled = settle(
    'annual leave',
    passage('a', 1, rule, { modifiedAtMs: DAY }),
    passage('b', 0.5, rule, { modifiedAtMs: 9 * DAY }),
  )
  assert.deepEqual(
    settled.map(({ path, contributions }) => [path, contributions]),
    [
      ['b', [{ name: 'freshness', value: 1, contribution: 0.5 }]],
      ['a', [{ name: 'near-duplicate', value: 1, contribution: -0.5 }]],
    ],
  )
})

const texts = fc.constantFrom(rule, `${rule} and that is all`, other, `${other} or in the office`, days(25), days(28))
const drafts = fc.array(fc.tuple(texts, fc.double({ min: 0, max: 1, noNaN: true }), fc.integer({ min: 0, max: 900 })), {
  maxLength: 20,
})

test('nothing is added or lost, every group keeps its best score, and what repeats nothing keeps its own [A5]', () => {
  fc.assert(
    fc.property(drafts, (given) => {
      const passages = given.map(([text, score, day], at) => passage(`${at}`, score, text, { modifiedAtMs: day * DAY }))
      const settled = settle('annual leave days', ...passages)
      assert.deepEqual([...order(settled)].sort(), [...order(passages)].sort())
      assert.deepEqual(settled, settled.toSorted(byScoreThenChunk))
      assert.equal(settled[0]?.score, passages.toSorted(byScoreThenChunk)[0]?.score)
      for (const alone of passages.filter(({ text }) => text === days(25)).slice(0, 1))
        if (passages.filter(({ text }) => text === days(25)).length === 1)
          assert.equal(settled.find(({ path }) => path === alone.path)?.score, alone.score)
    }),
  )
})

const dated = [passage('old', 1, other, { modifiedAtMs: DAY }), passage('new', 0.9, rule, { modifiedAtMs: 1_500 * DAY })]
for (const [question, expected] of [
  ['the latest travel rates', ['new', 'old']],
  ['Was sind die aktuellen Reisekosten?', ['new', 'old']],
  ['quelle est la dernière version ?', ['new', 'old']],
  ['最新の出張規程', ['new', 'old']],
  ['travel rates', ['old', 'new']],
  ['alternating current', ['old', 'new']],
] as const)
  test(`age counts when the question asks for what is newest, and only then: ${question} [A5]`, () => {
    assert.deepEqual(order(liftRecent(question, dated).toSorted(byScoreThenChunk)), expected)
  })
