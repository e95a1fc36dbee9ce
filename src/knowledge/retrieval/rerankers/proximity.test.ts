import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Passage } from '../../../contracts/document.ts'
import type { ChunkId, DocumentId, DocumentVersion } from '../../../contracts/identity.ts'
import { createRerankers } from './catalog.ts'
import { proximity } from './proximity.ts'
import { supersededDocuments } from './superseded.ts'

function passage(path: string, text: string, rest: Partial<Passage> = {}): Passage {
  const document = `handbook:${path}` as DocumentId
  const place = {
    chunk: `${document}#0` as ChunkId,
    document,
    version: `v-${text}` as DocumentVersion,
    start: 0,
    end: text.length,
  }
  const names = { title: 'Handbook', path, source: 'handbook', language: 'en', headingPath: [] }
  return { ...place, ...names, text, metadata: {}, modifiedAtMs: 0, score: 1, ...rest }
}

const reranker = proximity.create(proximity.parseOptions({}), {})
const rerank = (text: string, passages: readonly Passage[]): Promise<readonly Passage[]> =>
  reranker.rerank({ text, language: 'en', terms: text.split(' ') }, passages, new AbortController().signal)

const padding =
  'and further words about quite other subjects of daily office work such as plants windows doors chairs lamps paper '
const better: readonly (readonly [why: string, question: string, better: Passage, worse: Passage])[] = [
  [
    'more of the words',
    'parental leave duration',
    passage('z.md', 'duration of parental leave'),
    passage('a.md', 'parental parental leave'),
  ],
  [
    'words close together',
    'laptop theft',
    passage('z.md', `report laptop theft ${padding}`),
    passage('a.md', `laptop ${padding} theft`),
  ],
  [
    'words in the order of the question',
    'expense report',
    passage('z.md', 'send the expense report today'),
    passage('a.md', 'report your expense today'),
  ],
  [
    'the heading names the subject',
    'sick leave',
    passage('z.md', 'tell your lead', { headingPath: ['Sick leave'] }),
    passage('a.md', 'tell your lead'),
  ],
  [
    'the title names the subject',
    'sick leave',
    passage('z.md', 'tell your lead', { title: 'Sick leave' }),
    passage('a.md', 'tell your lead'),
  ],
  ['ties by chunk id', 'nothing alike', passage('a.md', 'some text'), passage('z.md', 'some text')],
]
for (const [why, question, first, second] of better) {
  test(`comes first: ${why}`, async () => {
    for (const given of [
      [first, second],
      [second, first],
    ]) {
      assert.deepEqual(
        (await rerank(question, given)).map(({ path }) => path),
        [first.path, second.path],
      )
    }
  })
}

test('reranking adds nothing, loses nothing and does not depend on the order given', async () => {
  const words = fc.array(fc.constantFrom('leave', 'annual', 'travel', 'policy', 'days', 'other'), { maxLength: 12 })
  const passages = fc
    .array(fc.tuple(words, fc.double({ min: 0, max: 1, noNaN: true })), { maxLength: 8 })
    .map((rows) => rows.map(([text, score], i) => passage(`p${i}.md`, text.join(' '), { score })))
  await fc.assert(
    fc.asyncProperty(passages, words, async (given, question) => {
      const ranked = await rerank(question.join(' '), given)
      assert.deepEqual(ranked.map(({ chunk }) => chunk).toSorted(), given.map(({ chunk }) => chunk).toSorted())
      assert.deepEqual(await rerank(question.join(' '), given.toReversed()), ranked)
    }),
  )
})

const current = passage('leave.md', 'annual leave')
const superseded: readonly (readonly [
  what: string,
  question: string,
  passages: readonly Passage[],
  expected: readonly string[],
])[] = [
  ['status says so', 'leave', [passage('old.md', 'x', { metadata: { status: 'Superseded' } }), current], ['old.md']],
  [
    'superseded_by names another',
    'leave',
    [passage('old.md', 'x', { metadata: { superseded_by: 'leave.md' } }), current],
    ['old.md'],
  ],
  ['an empty superseded_by says nothing', 'leave', [passage('old.md', 'x', { metadata: { superseded_by: '' } })], []],
  ['another status', 'leave', [passage('old.md', 'x', { metadata: { status: 'draft' } })], []],
  [
    'an older year beside a newer',
    'leave',
    [passage('leave-2022.md', 'x'), passage('leave-2024.md', 'x'), passage('leave-2023.md', 'x')],
    ['leave-2022.md', 'leave-2023.md'],
  ],
  ['an older version beside a newer', 'leave', [passage('v2/leave.md', 'x'), passage('v10/leave.md', 'x')], ['v2/leave.md']],
  ['the only year there is', 'leave', [passage('leave-2022.md', 'x'), current], []],
  ['the year asked for', 'leave in 2022', [passage('leave-2022.md', 'x'), passage('leave-2024.md', 'x')], []],
  [
    'the year in metadata asked for',
    'leave in 2021',
    [passage('old.md', 'x', { metadata: { status: 'superseded', effective: '2021-05-01' } })],
    [],
  ],
  [
    'the same name in another source',
    'leave',
    [passage('leave-2022.md', 'x', { source: 'wiki' }), passage('leave-2024.md', 'x')],
    [],
  ],
  [
    'periods replace nothing',
    'minutes',
    [
      passage('minutes-2024-q1.md', 'x'),
      passage('minutes-2024-q2.md', 'x'),
      passage('board-2024-01-15.md', 'x'),
      passage('board-2024-02-15.md', 'x'),
    ],
    [],
  ],
]
for (const [what, question, passages, expected] of superseded) {
  test(`superseded: ${what}`, () => {
    const found = supersededDocuments(question, passages)
    assert.deepEqual(
      passages.filter(({ document }) => found.has(document)).map(({ path }) => path),
      expected,
    )
  })
}

test('a replaced document comes after the current one with a clear margin, however well it matches', async () => {
  const old = passage('leave-2022.md', 'annual leave annual leave days', { title: 'Annual leave' })
  const ranked = await rerank('annual leave', [old, passage('leave-2024.md', 'our annual leave', { score: 0.4 })])
  assert.deepEqual(
    ranked.map(({ path }) => path),
    ['leave-2024.md', 'leave-2022.md'],
  )
  assert.ok(ranked[1]!.score <= 0.5 * ranked[0]!.score)
})

test('the catalogue names each reranker by its id, and wrong options are refused', () => {
  assert.deepEqual([...createRerankers().keys()], ['proximity'])
  assert.throws(() => proximity.parseOptions({ coverage: -1, speed: 9 }), { code: 'CONFIG_INVALID' })
})
