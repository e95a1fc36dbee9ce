/** The retrieval bench on a collection small enough to know the figures. */
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { measureSet } from '../../bench/retrieval/measure-set.ts'
import { lanceDbFullText, miniSearch } from '../../bench/retrieval/peers.ts'
import { pipelineSystem } from '../../bench/retrieval/pipeline-system.ts'
import { measureRow, reportRetrieval } from '../../bench/retrieval/retrieval-report.ts'
import { temporaryFolder } from '../fixtures/temp-folder.ts'

const lines = (records: readonly unknown[]): string => records.map((record) => `${JSON.stringify(record)}\n`).join('')
const documents = [
  { _id: 'd1', title: 'Parking', text: 'Parking costs 7 euros a day.' },
  { _id: 'd2', title: 'Leave', text: 'Employees get 25 days of leave.' },
]
const queries = [
  { _id: 'q1', text: 'what does parking cost', metadata: { answerable: true } },
  { _id: 'q2', text: 'employee leaves', metadata: { answerable: true } },
  { _id: 'q3', text: 'quarterly revenue', metadata: { answerable: false } },
]
const qrels = 'q1\td1\t1\nq2\td2\t1\nq3\td2\t0\n'

test('every system ranks the set; parts are averaged by query; rows show intervals, the lead and the target', async () => {
  const collections = await temporaryFolder(
    { after },
    {
      'one/corpus.jsonl': lines(documents),
      'one/queries.jsonl': lines(queries),
      'one/qrels.tsv': qrels,
      // The same questions, answered by the other document.
      'two/corpus.jsonl': lines(documents),
      'two/queries.jsonl': lines(queries),
      'two/qrels.tsv': 'q1\td2\t1\nq2\td2\t1\nq3\td1\t0\n',
    },
  )
  const scratch = await temporaryFolder({ after })
  const systems = [pipelineSystem('shipped'), lanceDbFullText, miniSearch]
  const rows = [
    { name: 'answered', measure: 'mrr@10', keep: ({ id }: { id: string }) => id !== 'q3', targets: { shipped: 0.75 } },
    { name: 'answerable', measure: 'roc', targets: {} },
  ] as const
  const parts = ['one', 'two'].map((queriesOf) => ({ corpus: 'one', queries: queriesOf }))
  const measured = await measureSet({ parts, rows }, systems, { collections, scratch, note: () => {} })
  const [answered, answerable] = rows.map((row) => measureRow(row, measured, systems))
  for (const { name } of systems) {
    // q1 is answered in the first part only, q2 in both.
    assert.equal(answered?.systems[name]?.value, 0.75, name)
    assert.equal(answerable?.systems[name]?.value, 1, name)
  }
  assert.equal(answered?.n, 2)
  assert.deepEqual([answered?.leads['shipped']?.value, answered?.leads['shipped']?.p], [0, 1])
  const { columns, rows: printed } = reportRetrieval(answered === undefined ? [] : [answered], systems)
  assert.deepEqual(columns, ['set', 'measure', 'n', 'shipped', 'LanceDB FTS', 'MiniSearch', 'lead over the best peer', 'target'])
  assert.deepEqual(printed[0]?.slice(0, 4), ['answered', 'mrr@10', '2', '.750 [.500, 1.000]'])
  assert.equal(printed[0]?.at(-1), 'shipped ≥ .750: met')
})
