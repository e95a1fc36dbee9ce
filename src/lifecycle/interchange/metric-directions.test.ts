/** Which way a metric of another tool is better: a gate that has it the wrong way round passes what got worse. */
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { readRecordedRun } from './read-recorded-run.ts'

const folder = mkdtempSync(join(tmpdir(), 'touchstone-directions-'))
after(() => rmSync(folder, { recursive: true }))

for (const [format, file, text, lower] of [
  [
    'ragas',
    'scores.csv',
    'user_input,response,noise_sensitivity(mode=relevant),faithfulness\nq,a,0.1,1\n',
    ['noise_sensitivity(mode=relevant)'],
  ],
  ['ragas', 'critique.csv', 'question,contexts,maliciousness,answer_relevancy\nq,c,0,1\n', ['maliciousness']],
  [
    'lm-eval',
    'samples_x.jsonl',
    `${JSON.stringify({ doc_id: 0, doc: {}, target: 'a', arguments: {}, resps: [['a']], filtered_resps: ['a'], filter: 'none', metrics: ['acc', 'brier_score'], doc_hash: 'd', acc: 1, brier_score: 0.2 })}\n`,
    ['brier_score,none'],
  ],
] as const)
  test(`${format}: metrics that are better when lower are known as such (${lower.join()}) [E5]`, async () => {
    writeFileSync(join(folder, file), text)
    const { meanings, records } = await readRecordedRun(join(folder, file))
    assert.deepEqual(Object.keys(records[0]?.scores ?? {}).length, 2)
    assert.deepEqual(meanings, Object.fromEntries(lower.map((name) => [name, { better: 'lower' }])))
  })

test('a metric is kept whatever it is called [E5]', async () => {
  const path = join(folder, 'proto.json')
  const metricsData = ['__proto__', 'constructor'].map((name) => ({ name, score: 0, success: false }))
  writeFileSync(path, JSON.stringify({ testCases: [{ name: 'a', input: 'q', actualOutput: 'x', success: false, metricsData }] }))
  const { records } = await readRecordedRun(path)
  assert.deepEqual(Object.keys(records[0]?.scores ?? {}).toSorted(), ['__proto__', 'constructor', 'pass'])
})
