/** `eval retrieval` as scripts use it, on a collection with everything that collections in the wild have. */
import assert from 'node:assert/strict'
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { after, test } from 'node:test'
import type { RetrievalEvaluation } from '../../src/lifecycle/evaluation/retrieval/evaluate-retrieval.ts'
import type { RetrievalComparison } from '../../src/lifecycle/evaluation/retrieval/compare-retrieval.ts'
import { retrievalVariants } from '../../src/app/retrieval-evaluation/retrieval-variants.data.ts'
import { type Outcome, parsed, PROJECT_ROOT, touchstone } from '../fixtures/command-line.ts'
import { temporaryFolder, writeFiles } from '../fixtures/temp-folder.ts'

const lines = (records: readonly unknown[]): string => records.map((record) => `${JSON.stringify(record)}\n`).join('')

const documents = [
  // Ids that look like years and numbers must neither be found by nor count as editions of each other.
  { _id: '1999', title: 'Annual leave', text: 'Employees get 25 days of annual leave.' },
  { _id: '2024', title: 'Parking', text: 'Parking costs 7 euros a day.' },
  { _id: 'people/expenses.md', title: 'Expenses', text: '# Expenses\n\nDinner in Lisbon is paid up to 40 euros.' },
  { _id: 'empty', title: '', text: '' },
  { _id: 'title only', title: 'Sabbatical', text: '' },
  { _id: 'giant', title: 'Archive', text: 'An old minute of a meeting about nothing. '.repeat(5_000) },
  { _id: 'twin', title: 'Heron', text: 'Heron is the name of the new release.' },
  { _id: 'twin', title: 'Heron', text: 'Heron is the name of the new release.' },
  { _id: 'link', title: 'Start here', text: 'What is Heron? What is Heron? Read on.' },
]
const history = [
  { speaker: 'user', text: 'What is paid for dinner in Lisbon?' },
  { speaker: 'agent', text: 'Up to 40 euros.' },
]
const queries = [
  { _id: 'leave', text: 'How many days of annual leave do I get?' },
  { _id: 'number', text: '1999' },
  { _id: 'sabbatical', text: 'sabbatical' },
  { _id: 'heron', text: 'What is Heron?', metadata: { linked_from: ['link'] } },
  { _id: 'follow-up', text: 'And how much is it?', metadata: { history } },
  { _id: 'unjudged', text: 'anything' },
  { _id: 'one character', text: 'x' },
  { _id: 'stop words', text: 'what is the of and' },
  { _id: 'emoji', text: '🎉🎉' },
  { _id: 'mixed', text: 'Parking парковка 駐車場 موقف' },
  { _id: 'controls', text: '\u0000\u0007parking\u202E' },
  { _id: 'nothing', text: ' ... ' },
  { _id: 'ten thousand words', text: 'leave '.repeat(10_000) },
]
const judged: readonly (readonly [string, string, number])[] = [
  ['leave', '1999', 2],
  ['number', '2024', 1],
  ['sabbatical', 'title only', 1],
  ['heron', 'twin', 1],
  ['follow-up', 'people/expenses.md', 1],
  ['emoji', 'absent', 1],
  ...['one character', 'stop words', 'mixed', 'controls', 'nothing', 'ten thousand words'].map((id) => [id, '2024', 1] as const),
]
const qrels = `query-id\tcorpus-id\tscore\n${judged.map((line) => `${line.join('\t')}\n`).join('')}`

const cwd = await temporaryFolder({ after }, { 'touchstone.config.ts': 'export default {}\n' })
await writeFiles(cwd, { 'set/corpus.jsonl': lines(documents), 'set/queries.jsonl': lines(queries), 'set/qrels.tsv': qrels })
const run = (...args: readonly string[]): Promise<Outcome> =>
  touchstone(['eval', 'retrieval', ...args], { cwd, timeoutMs: 90_000 })
const first = await run('set', '--json', '--per-query', 'queries.out', '--runs', 'runs')

type Printed = RetrievalEvaluation & { readonly collection: { readonly documents: Readonly<Record<string, number>> } }

test('eval retrieval prints the document of the stable surface and loses no query [E2, I1]', () => {
  assert.equal(first.code, 0, first.stderr)
  assert.equal(first.stderr, '')
  const { run: id, variant, cases, metrics, queries: asked, qrels: given, collection } = parsed<Printed>(first)
  assert.match(id, /^[0-9a-z]{26}$/)
  assert.equal(variant, 'shipped')
  assert.deepEqual(cases, { planned: 12, scored: 10, failed: 2, errored: 0, unscored: 0, skipped: 0 })
  assert.deepEqual(asked, { total: 13, unjudged: 1, withoutRelevant: 0 })
  assert.deepEqual(given, { judgements: 12, absentDocuments: 1, absentQueries: 0 })
  assert.deepEqual(collection.documents, { total: 8, empty: 1, failed: 0 })
  assert.deepEqual(Object.keys(metrics), ['ndcg@10', 'recall@10', 'recall@100', 'mrr@10', 'map'])
  for (const { value, lower, upper, n } of Object.values(metrics)) {
    assert.equal(n, 12)
    assert.ok(0 <= lower && lower <= value && value <= upper && upper <= 1)
  }
})

test('each query is written with its scores: what was found, what was refused [E2]', () => {
  const written = readFileSync(join(cwd, 'queries.out'), 'utf8').trim().split('\n')
  const byQuery = new Map(
    written.map((line) => {
      const found = JSON.parse(line) as { query: string; outcome: string; 'mrr@10': number; error?: { code: string } }
      return [found.query, found] as const
    }),
  )
  const expected: readonly (readonly [query: string, outcome: string, reciprocalRank: number, code?: string])[] = [
    ['leave', 'scored', 1],
    ['number', 'scored', 0],
    ['sabbatical', 'scored', 1],
    // The page that links to it in the same words is dropped.
    ['heron', 'scored', 1],
    // Only with the conversation before it.
    ['follow-up', 'scored', 1],
    ['one character', 'scored', 0],
    ['stop words', 'scored', 0],
    ['emoji', 'scored', 0],
    ['mixed', 'scored', 1],
    ['controls', 'scored', 1],
    ['nothing', 'failed', 0, 'QUESTION_EMPTY'],
    ['ten thousand words', 'failed', 0, 'QUESTION_TOO_LONG'],
  ]
  for (const [query, outcome, rank, code] of expected) {
    const found = byQuery.get(query)
    assert.deepEqual([found?.outcome, found?.['mrr@10'], found?.error?.code], [outcome, rank, code], query)
  }
  assert.equal(byQuery.size, expected.length)
})

test('a written run file gives the same figures when it is scored; variants and runs are compared with the first [E2, I1]', async () => {
  assert.deepEqual(readdirSync(join(cwd, 'runs')), ['shipped.run'])
  const scored = await run('set', '--variant', 'shipped', 'no-rewriter', '--run', 'runs/shipped.run', '--json')
  const { items, comparisons } = parsed<{ items: RetrievalEvaluation[]; comparisons: RetrievalComparison[] }>(scored)
  assert.deepEqual(
    items.map(({ variant }) => variant),
    ['shipped', 'no-rewriter', 'shipped'],
  )
  const { metrics } = parsed<RetrievalEvaluation>(first)
  // The index of the first run is used again, and a ranking is the same in every run.
  assert.deepEqual(items[0]?.metrics, metrics)
  assert.deepEqual(items[2]?.metrics, metrics)
  assert.ok((items[1]?.metrics['mrr@10']?.value ?? 1) < (metrics['mrr@10']?.value ?? 0))
  assert.equal(comparisons.length, 10)
  const lost = comparisons.find(({ variant, metric }) => variant === 'no-rewriter' && metric === 'mrr@10')
  assert.ok(lost !== undefined && lost.difference < 0 && lost.p > 0 && lost.p <= 1)
})

test('for people: a table with intervals, and what was left out [E2]', async () => {
  const { stdout, code } = await run('set', '--run', 'runs/shipped.run')
  assert.equal(code, 0)
  for (const expected of [/shipped on set · 12 judged queries/, /1 without a judged document left out/, /ndcg@10 +0\.\d{4} +\[/])
    assert.match(stdout, expected)
  assert.match(stdout, /1 of 12 judgements name documents that the corpus does not have/)
})

test('the guide does what it says [I5]', async () => {
  const guide = readFileSync(join(PROJECT_ROOT, 'docs/guides/evaluate-retrieval.md'), 'utf8')
  const files = guide.matchAll(/^`(leave\/[\w.]+)`[^\n]*\n(?:[^\n`]+\n)*\n```\w+\n(.*?)^```/gms)
  const written = Object.fromEntries(Array.from(files, ([, path = '', content = '']) => [path, content]))
  assert.deepEqual(Object.keys(written), ['leave/corpus.jsonl', 'leave/queries.jsonl', 'leave/qrels.tsv'])
  await writeFiles(cwd, written)
  assert.match(guide, /^npx touchstone eval retrieval leave$/m)
  const { stdout, code, stderr } = await run('leave')
  assert.equal(code, 0, stderr)
  const promised = /^```\n(shipped on leave.*?)^```/ms.exec(guide)?.[1] ?? ''
  assert.equal(stdout.replace(/^run \w+: /, '').trimEnd(), promised.trimEnd())
  for (const variant of Object.keys(retrievalVariants)) assert.ok(guide.includes(`\`${variant}\``), variant)
})

const refused: readonly (readonly [string, readonly string[], string, RegExp])[] = [
  ['a variant that does not exist', ['set', '--variant', 'best'], 'ARGUMENT_INVALID', /known: shipped, /],
  ['a folder that is no collection', ['.'], 'DATASET_INVALID', /corpus\.jsonl/],
  ['a bad line', ['bad'], 'DATASET_INVALID', /queries\.jsonl:2: /],
  ['a run file that is none', ['set', '--run', 'set/qrels.tsv'], 'DATASET_INVALID', /qrels\.tsv:1: expected/],
  ['a feature that does not exist', ['set', '--feature', 'none'], 'FEATURE_UNKNOWN', /none/],
]
await writeFiles(cwd, {
  'bad/corpus.jsonl': lines(documents),
  'bad/queries.jsonl': '{"_id":"q","text":"x"}\nnot json\n',
  'bad/qrels.tsv': qrels,
})
for (const [title, args, code, message] of refused)
  test(`${title} is bad input: exit code 2, and the error says what is wrong [E2, I1]`, async () => {
    const outcome = await run(...args, '--json')
    assert.equal(outcome.code, 2)
    const { error } = parsed<{ error: { code: string; message: string } }>(outcome)
    assert.equal(error.code, code)
    assert.match(error.message, message)
  })
