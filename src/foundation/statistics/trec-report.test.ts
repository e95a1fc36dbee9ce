/** The whole output of trec_eval on its edge cases: ties, unjudged, negative, nothing relevant, queries that only one side has. */
import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { test } from 'node:test'
import { isTouchstoneError } from '../errors/touchstone-error.ts'
import { formatTrecRow, trecMeasures, trecReport } from './index.ts'

/** The edge cases: query, documents with their judgements, documents with their scores. */
const qrels = new Map([
  [
    'q1',
    new Map([
      ['d1', 3],
      ['d2', 2],
      ['d3', 0],
      ['d4', 1],
    ]),
  ],
  [
    'q2',
    new Map([
      ['d1', 1],
      ['d2', -1],
    ]),
  ],
  [
    'q3',
    new Map([
      ['d1', 0],
      ['d2', 0],
    ]),
  ],
  ['q4', new Map([['d1', 1]])],
])
const scores: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  q1: { d3: 0.9, d1: 0.5, d2: 0.5, d9: 0.5, d4: 0.1 },
  q2: { d2: 3, d1: 2 },
  q3: { d1: 1 },
  q5: { d1: 1 },
}
const run = new Map(
  Object.entries(scores).map(([query, documents]) => [
    query,
    Object.entries(documents).map(([document, score]) => ({ document, score })),
  ]),
)

const outputs = [
  ['expected.v10.c.txt', {}],
  ['expected.v9.c.txt', { version: 9 }],
  ['expected.v9.txt', { version: 9, missingQueries: 'ignore' }],
] as const
for (const [file, options] of outputs)
  test(`${file}: every line, in its order [E2]`, (context) => {
    const path = resolve(import.meta.dirname, '../../../../shared/data/statistics/trec-edge', file)
    if (!existsSync(path)) return context.skip('there is no ../shared/data/statistics beside the project')
    const lines = trecReport(qrels, run, { runId: 'r', ...options }).map(formatTrecRow)
    assert.deepEqual(lines, readFileSync(path, 'utf8').trimEnd().split('\n'))
  })

test('a judged query that the run lacks counts 0, unless it is told not to [E2]', () => {
  const valueOf = (measure: string, missingQueries?: 'ignore'): number | string | undefined =>
    trecReport(qrels, run, { runId: 'r', ...(missingQueries && { missingQueries }) }).find(
      (row) => row.query === 'all' && row.measure === measure,
    )?.value
  assert.equal(Number(valueOf('map')).toFixed(4), '0.2444')
  assert.equal(Number(valueOf('map', 'ignore')).toFixed(4), '0.3259')
  assert.equal(Number(valueOf('ndcg')).toFixed(4), '0.2984')
  assert.equal(Number(valueOf('gm_map')).toFixed(4), '0.0022')
  assert.equal(valueOf('num_q'), 4)
  assert.throws(
    () => trecReport(new Map(), run, { runId: 'r' }),
    (error) => isTouchstoneError(error, 'STATISTIC_UNDEFINED'),
  )
})

test('recall points: version 10 rounds half up, version 9 up from a tenth [E2]', () => {
  const judged = new Map(Array.from({ length: 12 }, (_, place) => [`d${place}`, 1] as const))
  const ranking = [
    { document: 'd0', score: 2 },
    ...Array.from({ length: 9 }, (_, place) => ({ document: `x${place}`, score: 1 })),
  ]
  const found = [...ranking, { document: 'd1', score: 0 }]
  // One tenth of twelve is 1.2: one document for version 10, two for version 9.
  assert.equal(trecMeasures(found, judged, 10).get('iprec_at_recall_0.10'), 1)
  assert.equal(trecMeasures(found, judged, 9).get('iprec_at_recall_0.10'), 2 / 11)
})
