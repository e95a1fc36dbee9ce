/** Scorers of what an answer stands on: documents read, sentences cited, points made. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { CitedSentence, ScorerExtension, Scores, SystemOutput } from '../../../contracts/evaluation.ts'
import { evaluationCase, plainScorerParts, systemOutput } from '../../../testing/scorer-parts.ts'
import { scorerSuite } from '../../../testing/scorer-suite.ts'
import { citationsScorer } from './citations-scorer.ts'
import { groundednessScorer } from './groundedness-scorer.ts'
import { nuggetsScorer } from './nuggets-scorer.ts'
import { retrievalScorer } from './retrieval-scorer.ts'

scorerSuite(retrievalScorer, { testCase: { expected: { documents: { 'a.md': 2, 'b.md': 1 } } } })
scorerSuite(citationsScorer)
scorerSuite(groundednessScorer)
scorerSuite(nuggetsScorer, { testCase: { expected: { nuggets: [{ facts: ['25 days', 'yes'] }] } } })

async function scoresOf(
  extension: ScorerExtension,
  options: unknown,
  expected: unknown,
  output: Partial<SystemOutput>,
): Promise<Scores> {
  const scorer = extension.create(extension.parseOptions(options), {
    ...plainScorerParts,
    // Every word of the claim stands in the texts, in any of them.
    supports: async (claim, texts) => claim.split(' ').every((word) => texts.join(' ').split(' ').includes(word)),
  })
  return scorer.score(evaluationCase({ expected }), systemOutput('', output))
}

const read = (...documents: readonly string[]): Partial<SystemOutput> => ({
  retrieved: documents.map((document) => ({ document })),
})
const graded = { documents: { 'a.md': 3, 'b.md': 2, 'c.md': 3, 'e.md': 1, 'f.md': 2, 'g.md': 3, 'h.md': 2 } }
const retrievalRows: readonly (readonly [name: string, expected: unknown, output: Partial<SystemOutput>, scores: Scores])[] = [
  ['all found, best first', { documents: ['a.md'] }, read('a.md'), { 'recall@10': 1, 'ndcg@10': 1, mrr: 1 }],
  ['found second', { documents: ['a.md'] }, read('b.md', 'a.md'), { 'recall@10': 1, 'ndcg@10': 1 / Math.log2(3), mrr: 0.5 }],
  [
    'passages of one document count once',
    { documents: ['a.md'] },
    read('b.md', 'b.md', 'a.md'),
    { 'recall@10': 1, 'ndcg@10': 1 / Math.log2(3), mrr: 0.5 },
  ],
  ['named by its path', { documents: ['a.md'] }, read('handbook:a.md'), { 'recall@10': 1, 'ndcg@10': 1, mrr: 1 }],
  ['nothing read', { documents: ['a.md'] }, read(), { 'recall@10': 0, 'ndcg@10': 0, mrr: 0 }],
  [
    'nothing relevant, as trec_eval counts it',
    { documents: { 'a.md': 0 } },
    read('a.md'),
    { 'recall@10': 0, 'ndcg@10': 0, mrr: 0 },
  ],
  [
    'negative gains are not relevant',
    { documents: { 'a.md': -1, 'b.md': 1 } },
    read('a.md'),
    { 'recall@10': 0, 'ndcg@10': 0, mrr: 0 },
  ],
  ['no judgements', 'a text', read('a.md'), {}],
]
for (const [name, expected, output, scores] of retrievalRows) {
  test(`retrieval: ${name} [E2, A6]`, async () => assert.deepEqual(await scoresOf(retrievalScorer, {}, expected, output), scores))
}

test('retrieval: gains 3 2 3 0 1 2 where 3 and 2 were not read give nDCG .7850 [E2]', async () => {
  const output = read('a.md', 'b.md', 'c.md', 'd.md', 'e.md', 'f.md')
  const scores = await scoresOf(retrievalScorer, { k: 6 }, graded, output)
  assert.equal(scores['ndcg@6']?.toFixed(4), '0.7850')
  assert.equal(scores['recall@6'], 5 / 7)
})

test('what a system does not tell is unscored, never 0 [E2]', async () => {
  await assert.rejects(scoresOf(retrievalScorer, {}, graded, {}), { code: 'SCORE_UNAVAILABLE' })
  await assert.rejects(scoresOf(citationsScorer, {}, undefined, {}), { code: 'SCORE_UNAVAILABLE' })
  await assert.rejects(scoresOf(groundednessScorer, {}, undefined, {}), { code: 'SCORE_UNAVAILABLE' })
  await assert.rejects(scoresOf(groundednessScorer, { against: 'retrieved' }, undefined, read('a.md')), {
    code: 'SCORE_UNAVAILABLE',
  })
})

/** `a b [a, b c]`: a sentence and its quotes, each of a document named by its first letter. */
function cited(written: string): CitedSentence {
  const [, text = '', quotes = ''] = /^([^[]*?) ?\[(.*)\]$/.exec(written) ?? []
  const list = quotes === '' ? [] : quotes.split(', ')
  return { text, citations: list.map((quote) => ({ document: `${quote.charAt(0)}.md`, quote })) }
}
const passages = ['a', 'b', 'c', 'a b', 'x'].map((text) => ({ document: `${text.charAt(0)}.md`, text }))
const citationRows: readonly (readonly [
  name: string,
  sentences: readonly string[],
  ours: readonly [recall: number, precision: number],
  alce: readonly [recall: number, precision: number] | undefined,
])[] = [
  ['one that supports', ['a [a]'], [1, 1], [1, 1]],
  ['one that does not', ['a [b]'], [0, 0], [0, 0]],
  ['two that support together', ['a b [a, b]'], [1, 1], [1, 1]],
  ['one of three is not needed', ['a b [a, b, c]'], [1, 2 / 3], [1, 2 / 3]],
  ['two that support alone', ['a [a, a b]'], [1, 1], [1, 1]],
  ['no citation', ['a []', 'b [b]'], [1 / 2, 1], [1 / 2, 1]],
  ['no citation anywhere', ['a []'], [0, 0], [0, 0]],
  ['an invented one beside a good one', ['a [a, nowhere]'], [1, 1 / 2], [0, 0]],
  ['an invented one hides from ALCE', ['a [nowhere]', 'b [b]'], [1 / 2, 1 / 2], [1 / 2, 1]],
  ['a quote that its document does not hold', ['a q [a q]'], [0, 0], [0, 0]],
  ['the same twice, unsupported', ['a [b, b]', 'a [a]'], [1 / 2, 1 / 2], [1 / 2, 1 / 3]],
  ['nothing but marks', ['* [a]'], [0, 0], undefined],
]
for (const [name, sentences, ours, alce] of citationRows) {
  test(`citations: ${name} [E2, B4]`, async () => {
    const scores = await scoresOf(citationsScorer, {}, undefined, { sentences: sentences.map(cited), retrieved: passages })
    assert.deepEqual([scores['citation_recall'], scores['citation_precision']], ours)
    if (alce === undefined) assert.equal('alce_citation_recall' in scores, false)
    else assert.deepEqual([scores['alce_citation_recall'], scores['alce_citation_precision']], alce)
  })
}

test('citations and groundedness: a withheld answer has neither [E2]', async () => {
  for (const extension of [citationsScorer, groundednessScorer])
    assert.deepEqual(await scoresOf(extension, {}, undefined, { abstained: true, sentences: [] }), {})
})

const groundedRows: readonly (readonly [options: object, output: Partial<SystemOutput>, value: number])[] = [
  [{}, { sentences: ['a [a]', 'b [a]'].map(cited) }, 1 / 2],
  [{}, { sentences: ['a []'].map(cited) }, 0],
  [{ against: 'retrieved' }, { sentences: ['a []', 'b [c]'].map(cited), retrieved: passages }, 1],
  [{ against: 'retrieved' }, { text: 'a\nq', retrieved: passages }, 1 / 2],
  [{ against: 'retrieved' }, { text: '', retrieved: passages }, 0],
]
for (const [options, output, value] of groundedRows) {
  test(`groundedness ${JSON.stringify(options)} of ${JSON.stringify(output.sentences ?? output.text)} is ${value} [E2]`, async () =>
    assert.deepEqual(await scoresOf(groundednessScorer, options, undefined, output), { groundedness: value }))
}

const nuggets = [{ facts: ['25 days', ['May', 'Mai']] }, { facts: ['Valencia'] }, { facts: ['manager'], importance: 'okay' }]
const nuggetRows: readonly (readonly [text: string, strictVital: number, strictAll: number, vital: number, all: number])[] = [
  ['25 days from May; in Valencia; ask your manager', 1, 1, 1, 1],
  ['25 days', 0, 0, 0.25, 1 / 6],
  ['Valencia, manager', 0.5, 2 / 3, 0.5, 2 / 3],
  ['', 0, 0, 0, 0],
]
for (const [text, strictVital, strictAll, vital, all] of nuggetRows) {
  test(`nuggets of "${text}" [E2]`, async () => {
    assert.deepEqual(await scoresOf(nuggetsScorer, {}, { nuggets }, { text }), {
      nuggets_strict_vital: strictVital,
      nuggets_strict_all: strictAll,
      nuggets_vital: vital,
      nuggets_all: all,
    })
  })
}

test('nuggets: without vital ones the vital score is 0, as in nuggetizer [E2]', async () => {
  const scores = await scoresOf(nuggetsScorer, { nuggets: nuggets.slice(2) }, undefined, { text: 'manager' })
  assert.deepEqual([scores['nuggets_vital'], scores['nuggets_all']], [0, 1])
})
