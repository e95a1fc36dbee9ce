/** Test collections and run files from disk, and the run over them: what is read, what is refused, what counts how much. */
import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import fc from 'fast-check'
import { isTouchstoneError, TouchstoneError } from '../../../foundation/errors/touchstone-error.ts'
import { compareRetrieval } from './compare-retrieval.ts'
import { evaluateRetrieval, type RankQuery } from './evaluate-retrieval.ts'
import { loadJudgedCollection, type JudgedCollection } from './judged-collection.ts'
import { readTrecRun, trecRunLines } from './trec-run.ts'

const root = mkdtempSync(join(tmpdir(), 'touchstone-collection-'))
after(() => rmSync(root, { recursive: true }))
let written = 0

interface Files {
  readonly corpus?: string
  readonly queries?: string
  readonly qrels?: string
}

const CORPUS = '{"_id":"a","title":"Leave","text":"25 days"}\n{"_id":"b","text":"Heron costs 4 million"}\n'
const QUERIES = '{"_id":"q1","text":"holiday"}\n{"_id":"q2","text":"heron"}\n'
const QRELS = 'query-id\tcorpus-id\tscore\nq1\ta\t1\nq2\tb\t2\n'

function writeCollection({ corpus = CORPUS, queries = QUERIES, qrels = QRELS }: Files): string {
  const folder = join(root, `collection-${written++}`)
  mkdirSync(folder)
  writeFileSync(join(folder, 'corpus.jsonl'), corpus)
  writeFileSync(join(folder, 'queries.jsonl'), queries)
  writeFileSync(join(folder, 'qrels.tsv'), qrels)
  return folder
}

test('a collection is read with its conversations, and with what queries were made from [E2]', async () => {
  const history = [
    { speaker: 'user', text: 'What do birds cost?' },
    { speaker: 'agent', text: 'Which?' },
  ]
  const queries = [
    JSON.stringify({ _id: 'q1', text: 'holiday', metadata: { linked_from: ['b'], title_overlap: 0.3 } }),
    JSON.stringify({ _id: 2, text: 'and Heron?', metadata: { history } }),
  ].join('\n')
  const collection = await loadJudgedCollection(writeCollection({ corpus: `\uFEFF${CORPUS}`, queries, qrels: 'q1\ta\t1\n2 b 2' }))
  assert.deepEqual(
    collection.documents.map(({ id, title }) => [id, title]),
    [
      ['a', 'Leave'],
      ['b', ''],
    ],
  )
  assert.deepEqual(
    collection.queries.map(({ id, linkedFrom, history: earlier }) => [id, linkedFrom, earlier]),
    [
      ['q1', ['b'], []],
      ['2', [], ['What do birds cost?']],
    ],
  )
  assert.equal(collection.queries[0]?.metadata['title_overlap'], 0.3)
  assert.deepEqual(collection.judgements.get('2'), new Map([['b', 2]]))
})

test("BEIR's own place of judgements, and TREC's four columns, are read too [E2]", async () => {
  const folder = writeCollection({})
  rmSync(join(folder, 'qrels.tsv'))
  mkdirSync(join(folder, 'qrels'))
  writeFileSync(join(folder, 'qrels', 'test.tsv'), 'q1 0 a 1\nq2 0 b -1\n')
  const { judgements } = await loadJudgedCollection(folder)
  assert.equal(judgements.get('q2')?.get('b'), -1)
})

test('the version of a corpus changes with any document, and with nothing else', async () => {
  const versionOf = async (files: Files): Promise<string> => (await loadJudgedCollection(writeCollection(files))).corpusVersion
  const version = await versionOf({})
  assert.equal(await versionOf({ qrels: 'q1\tb\t1\n', queries: '{"_id":"q1","text":"x"}' }), version)
  assert.notEqual(await versionOf({ corpus: CORPUS.replace('25', '26') }), version)
})

/** What is wrong, and what the error must say. */
const refused: readonly (readonly [string, Files, RegExp])[] = [
  ['no JSON', { corpus: `${CORPUS}{"_id":` }, /corpus\.jsonl:3: .*JSON/],
  ['no id', { corpus: '\n{"text":"x"}' }, /corpus\.jsonl:2: _id: /],
  ['a list', { queries: '[]' }, /queries\.jsonl:1: /],
  ['an id with other content', { corpus: `${CORPUS}{"_id":"a","text":"26 days"}` }, /corpus\.jsonl:3: the id a stands at line 1/],
  ['no documents', { corpus: '\n\n' }, /corpus\.jsonl: it has no documents/],
  ['no queries', { queries: '' }, /queries\.jsonl: it has no queries/],
  ['a gain that is no number', { qrels: `${QRELS}q2\ta\tmuch\n` }, /qrels\.tsv:4: expected a query id/],
  ['a judgement without document', { qrels: 'q1\t\t1\n' }, /qrels\.tsv:1: expected a query id/],
  ['two gains for a document', { qrels: `${QRELS}q1\ta\t2\n` }, /qrels\.tsv:4: a has another gain/],
  [
    'a history of numbers',
    { queries: '{"_id":"q","text":"x","metadata":{"history":[1]}}' },
    /queries\.jsonl:1: metadata\.history/,
  ],
  [
    'many bad lines: the first twenty are listed, all are counted',
    { corpus: 'x\n'.repeat(30) },
    /31 problem\(s\)[\s\S]*corpus\.jsonl:20[\s\S]*and 11 more/,
  ],
]
for (const [title, files, message] of refused)
  test(`a collection is refused for ${title} [E2]`, async () => {
    await assert.rejects(loadJudgedCollection(writeCollection(files)), (error) => {
      assert.ok(isTouchstoneError(error, 'DATASET_INVALID'))
      assert.match(error.message, message)
      return true
    })
  })

test('a folder that is not there, or has no judgements, is named', async () => {
  await assert.rejects(loadJudgedCollection(join(root, 'nowhere')), /corpus\.jsonl.*[\s\S]*cannot be read/)
  const folder = writeCollection({})
  rmSync(join(folder, 'qrels.tsv'))
  await assert.rejects(loadJudgedCollection(folder), /qrels\.tsv/)
})

const parts = { clock: { elapsed: () => 0 }, newRunId: () => 'run', signal: new AbortController().signal, variant: 'v' }

function collectionOf(files: Files = {}): Promise<JudgedCollection> {
  return loadJudgedCollection(writeCollection(files))
}

function rankAs(rankings: Readonly<Record<string, readonly string[]>>): RankQuery {
  return async ({ id }) => (rankings[id] ?? []).map((document, place) => ({ document, score: 10 - place }))
}

test('queries without a judged document are left out; absent documents count as not found; each is reported [E2]', async () => {
  const collection = await collectionOf({
    queries: `${QUERIES}{"_id":"q3","text":"unjudged"}\n{"_id":"q4","text":"nothing relevant"}\n`,
    qrels: `${QRELS}q1\tmissing\t1\nq4\ta\t0\nq9\ta\t1\n`,
  })
  const run = await evaluateRetrieval(collection, rankAs({ q1: ['a', 'b'], q2: ['a', 'b'], q4: ['a'] }), parts)
  assert.deepEqual(run.cases, { planned: 3, scored: 3, failed: 0, errored: 0, unscored: 0, skipped: 0 })
  assert.deepEqual(run.queries, { total: 4, unjudged: 1, withoutRelevant: 1 })
  assert.deepEqual(run.qrels, { judgements: 5, absentDocuments: 1, absentQueries: 1 })
  assert.deepEqual(Object.keys(run.metrics), ['ndcg@10', 'recall@10', 'recall@100', 'mrr@10', 'map'])
  assert.equal(run.metrics['recall@10']?.value, (0.5 + 1 + 0) / 3)
  assert.equal(run.metrics['mrr@10']?.value, (1 + 0.5 + 0) / 3)
})

test('documents that a query was made from are dropped before anything is counted [E2]', async () => {
  const queries = '{"_id":"q2","text":"heron","metadata":{"linked_from":["a"]}}'
  const run = await evaluateRetrieval(await collectionOf({ queries }), rankAs({ q2: ['a', 'b'] }), parts)
  assert.equal(run.metrics['mrr@10']?.value, 1)
  assert.deepEqual(run.results[0]?.ranking, [{ document: 'b', score: 9 }])
})

test('what the ranker refuses counts 0; what the surroundings did counts nothing; a cancelled run says what it skipped [E2]', async () => {
  const collection = await collectionOf()
  const controller = new AbortController()
  const failing = (error: unknown): RankQuery => {
    return async (query, signal) => {
      if (query.id === 'q1') throw error
      return rankAs({ q2: ['b'] })(query, signal)
    }
  }
  const refusal = new TouchstoneError('QUESTION_EMPTY')
  const failed = await evaluateRetrieval(collection, failing(refusal), parts)
  assert.equal(failed.cases.failed, 1)
  assert.equal(failed.metrics['ndcg@10']?.value, 0.5)
  const outage = new TouchstoneError('INDEX_UNAVAILABLE', { details: { reason: 'gone' } })
  const errored = await evaluateRetrieval(collection, failing(outage), parts)
  assert.equal(errored.cases.errored, 1)
  assert.deepEqual([errored.metrics['ndcg@10']?.value, errored.metrics['ndcg@10']?.n], [1, 1])
  const cancelling: RankQuery = async () => {
    controller.abort()
    throw refusal
  }
  const cancelled = await evaluateRetrieval(collection, cancelling, { ...parts, signal: controller.signal })
  assert.equal(cancelled.cases.skipped, 2)
  assert.deepEqual(cancelled.metrics, {})
})

test('a collection whose judgements fit no query cannot be measured', async () => {
  const collection = await collectionOf({ qrels: 'q9\ta\t1\n' })
  await assert.rejects(evaluateRetrieval(collection, rankAs({}), parts), /no query has a judged document/)
})

test('variants are compared on the queries that both ranked [E2]', async () => {
  const collection = await collectionOf()
  const good = await evaluateRetrieval(collection, rankAs({ q1: ['a'], q2: ['b'] }), { ...parts, variant: 'good' })
  const bad = await evaluateRetrieval(collection, rankAs({ q1: ['b'], q2: ['b'] }), { ...parts, variant: 'bad' })
  const [first, ...rest] = compareRetrieval(good, bad)
  assert.equal(rest.length, 4)
  assert.deepEqual(first, {
    baseline: 'good',
    variant: 'bad',
    metric: 'ndcg@10',
    difference: -0.5,
    lower: -1,
    upper: 0,
    p: 1,
    n: 2,
  })
  assert.ok(compareRetrieval(good, good).every(({ difference, p }) => difference === 0 && p === 1))
})

const refusedRuns: readonly (readonly [string, string, RegExp])[] = [
  ['too few columns', 'q1 Q0 a 1 0.5 r\nq1 Q0\n', /:2: expected `query Q0 document rank score tag`/],
  ['a score that is no number', 'q1 Q0 a 1 high r\n', /:1: expected/],
  ['a document twice', 'q1 Q0 a 1 2 r\nq1 Q0 a 2 1 r\n', /:2: a stands twice/],
  ['nothing', '\n', /it ranks nothing/],
]
for (const [title, text, message] of refusedRuns)
  test(`a run file is refused for ${title} [E2]`, async () => {
    const path = join(root, `refused-${written++}.run`)
    writeFileSync(path, text)
    await assert.rejects(readTrecRun(path), message)
  })

const id = fc.stringMatching(/^[\p{L}\p{N}#:<>/._-]{1,12}$/u)
const ranking = fc.uniqueArray(fc.record({ document: id, score: fc.double({ noNaN: true, noDefaultInfinity: true }) }), {
  selector: ({ document }) => document,
  minLength: 1,
  maxLength: 8,
})

test('any rankings come back from a run file as they went [E2]', async () => {
  const path = join(root, 'round-trip.run')
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(fc.tuple(id, ranking), { selector: ([query]) => query, minLength: 1, maxLength: 4 }),
      async (rankings) => {
        writeFileSync(path, [...trecRunLines(rankings, 'my run')].join(''))
        const run = await readTrecRun(path)
        assert.equal(run.tag, 'my-run')
        // A file has no negative zero.
        const plain = rankings.map(([query, list]) => [
          query,
          list.map(({ document, score }) => ({ document, score: score + 0 })),
        ])
        assert.deepEqual([...run.rankings], plain)
      },
    ),
    { numRuns: 50 },
  )
})
