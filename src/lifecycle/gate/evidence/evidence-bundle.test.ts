/** Evidence: made again byte for byte, every change found, and nothing that a system said can be more than text. */
import assert from 'node:assert/strict'
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import fc from 'fast-check'
import type { RecordedRun, RunRecord } from '../../../contracts/recorded-run.ts'
import { isTouchstoneError } from '../../../foundation/errors/touchstone-error.ts'
import { defaultPolicy, parseGatePolicy } from '../gate-policy.ts'
import { makeEvidence, verifyBundle, writeBundle, type GateInputs } from './evidence-bundle.ts'
import { parseRecordedRun, writeRecordedRun } from './recorded-run-file.ts'

const HOSTILE =
  '</pre><script>alert(1)</script> ![x](http://evil.example/a.png) | @team #1 `code` <!-- ]]> \u0000\u001B[2J\uD800 ::error::x'

function runOf(name: string, wrongEvery: number, output = 'fine'): RecordedRun {
  const records = Array.from({ length: 120 }, (_, number): RunRecord => ({
    case: `case-${number}`,
    repeat: 0,
    outcome: 'scored',
    scores: { correct: number % wrongEvery === 0 ? 0 : 1, leaked: 0 },
    slice: { language: number % 3 === 0 ? 'de' : 'en' },
    output,
  }))
  return { format: 'touchstone/1', run: name, target: `feature:${name}`, meanings: { leaked: { better: 'lower', mustNever: true } }, planned: 120, records, unsupported: [] } // prettier-ignore
}

const inputs = (candidate: RecordedRun, policy = defaultPolicy): GateInputs => ({
  baseline: runOf('old', 10),
  candidate,
  policy,
  today: '2026-11-23',
})
const recorded = { recordedAt: '2026-11-23T10:00:00.000Z', version: '1.2.3' }

function folderOf(context: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'touchstone-evidence-'))
  context.after(() => rmSync(folder, { recursive: true }))
  return folder
}

test('a bundle is whole, verifies offline, and comes out the same but for the time [E5]', async (t) => {
  const folder = folderOf(t)
  const [first, second] = [join(folder, 'first'), join(folder, 'second')]
  const bundle = await writeBundle(first, inputs(runOf('new', 4)), recorded)
  assert.equal(
    await writeBundle(second, inputs(runOf('new', 4)), { ...recorded, recordedAt: '2027-01-01T00:00:00.000Z' }),
    bundle,
  )
  for (const name of ['report.json', 'report.md', 'report.html', 'junit.xml', 'annotations.txt', 'candidate.jsonl'])
    assert.equal(readFileSync(join(first, name), 'utf8'), readFileSync(join(second, name), 'utf8'))
  const check = await verifyBundle(first)
  assert.deepEqual([check.problems, check.bundle, check.report.verdict], [[], bundle, 'block'])
  await assert.rejects(writeBundle(first, inputs(runOf('new', 4)), recorded), (error) =>
    isTouchstoneError(error, 'BUNDLE_EXISTS'),
  )
  assert.deepEqual((await verifyBundle(first)).problems, [])
})

test('whatever is changed in a bundle is found [E5]', async (t) => {
  const folder = folderOf(t)
  const changes: readonly (readonly [name: string, change: (path: string) => void, problem: RegExp])[] = [
    ['report.json', (path) => appendFileSync(path, ' '), /report\.json was changed/],
    ['report.md', (path) => rmSync(path), /report\.md is missing/],
    ['note.txt', (path) => writeFileSync(path, 'x'), /note\.txt is not part/],
    ['candidate.jsonl', (path) => writeFileSync(path, readFileSync(path, 'utf8').replace('"correct":0', '"correct":1')), /candidate\.jsonl was changed/], // prettier-ignore
    ['bundle.json', (path) => writeFileSync(path, readFileSync(path, 'utf8').replace('"today": "2026', '"today": "2025')), /the hash of the bundle/], // prettier-ignore
  ]
  for (const [number, [name, change, problem]] of changes.entries()) {
    const bundle = join(folder, String(number))
    await writeBundle(bundle, inputs(runOf('new', 4)), recorded)
    change(join(bundle, name))
    assert.match((await verifyBundle(bundle)).problems.join('; '), problem)
  }
  const forged = join(folder, 'forged')
  const policy = parseGatePolicy('{ metrics: { correct: { margin: 0.5 } } }', 'gate.yaml')
  const honest = makeEvidence(inputs(runOf('new', 4))).files
  await writeBundle(forged, inputs(runOf('new', 4), policy), recorded)
  // Someone who also corrects the hashes still cannot make another verdict out of these runs.
  assert.notEqual(readFileSync(join(forged, 'report.json'), 'utf8'), honest.get('report.json'))
  await assert.rejects(verifyBundle(folder), (error) => isTouchstoneError(error, 'BUNDLE_INVALID'))
})

test('what a system said is text in every form [E5, D7]', () => {
  const { files } = makeEvidence(inputs(runOf('new', 3, HOSTILE)))
  const [markdown, html, junit] = ['report.md', 'report.html', 'junit.xml'].map((name) => files.get(name) ?? '')
  assert.doesNotMatch(markdown ?? '', /<script|!\[|@team/)
  assert.match(markdown ?? '', /evil/)
  assert.doesNotMatch(html ?? '', /<script|<img|src=|<\/pre><s/)
  // eslint-disable-next-line no-control-regex
  assert.doesNotMatch(junit ?? '', /[\u0000\u001B]/)
  for (const line of (files.get('annotations.txt') ?? '').trim().split('\n')) assert.match(line, /^::(error|warning|notice) /)
})

test('ids of any length leave a report that fits into a comment, and what must never happen is an annotation [E5]', () => {
  const long = (run: RecordedRun): RecordedRun => ({ ...run, records: run.records.map((each) => ({ ...each, case: each.case + 'x'.repeat(50_000) })) }) // prettier-ignore
  const leaking = runOf('new', 3, 'said')
  const records = leaking.records.map((each) => ({ ...each, scores: { ...each.scores, leaked: 1 } }))
  const { files } = makeEvidence({ ...inputs(long({ ...leaking, records })), baseline: long(runOf('old', 10)) })
  assert.ok((files.get('report.md') ?? '').length < 65_536)
  assert.match(files.get('annotations.txt') ?? '', /^::error title=leaked::happened 120 times/m)
})

test('every verdict has its form in CI [E5]', () => {
  const verdicts = { pass: runOf('new', 10), block: runOf('new', 4), inconclusive: runOf('new', 9), unmeasurable: { ...runOf('new', 10), records: [] } } // prettier-ignore
  const tags = { pass: /<system-out>/, block: /<failure/, inconclusive: /<skipped/, unmeasurable: /<error/ }
  for (const [verdict, candidate] of Object.entries(verdicts) as [keyof typeof verdicts, RecordedRun][]) {
    const { report, files } = makeEvidence(inputs(candidate))
    assert.equal(report.verdict, verdict)
    assert.match((files.get('junit.xml') ?? '').split('\n')[3] ?? '', tags[verdict])
    assert.match(files.get('report.md') ?? '', new RegExp(`Gate: ${verdict}`))
  }
})

test('a metric that would vanish on reading is refused [E5]', () => {
  const text = writeRecordedRun(runOf('new', 3)).replace('"leaked":0', '"__proto__":0')
  assert.throws(() => parseRecordedRun(text, 'run.jsonl'), /line 2.*__proto__/s)
  const named = writeRecordedRun(runOf('new', 3)).replace('"case":"case-0"', '"case":"__proto__"')
  assert.equal(parseRecordedRun(named, 'run.jsonl').records[0]?.case, '__proto__')
})

test('a run is written and read without loss, numbers that are none included [E5]', () => {
  // No metric is called so: JavaScript keeps the name for itself.
  const text = fc.string({ unit: 'grapheme' }).filter((name) => name !== '__proto__')
  const record = fc.record(
    {
      case: text,
      repeat: fc.nat(),
      caseHash: text,
      outcome: fc.constantFrom('scored', 'failed', 'errored', 'unscored', 'skipped'),
      scores: fc.dictionary(text, fc.double()),
      slice: fc.dictionary(text, text),
      cluster: text,
      durationMs: fc.double({ noNaN: true, noDefaultInfinity: true }),
      output: text,
      error: fc.record({ code: text, message: text }),
    },
    { requiredKeys: ['case', 'repeat', 'outcome', 'scores', 'slice'] },
  ) as fc.Arbitrary<RunRecord>
  fc.assert(
    fc.property(fc.array(record, { maxLength: 5 }), (records) => {
      const run = { ...runOf('any', 2), records }
      const written = writeRecordedRun(run)
      assert.equal(writeRecordedRun(parseRecordedRun(written, 'x')), written)
    }),
  )
  const whole = writeRecordedRun(runOf('any', 2))
  for (const [damaged, line] of [
    [whole.slice(0, -5), 121],
    [whole.replace('"case":"case-1"', '"case":1'), 3],
    ['', 1],
  ] as const) {
    assert.throws(() => parseRecordedRun(damaged, 'run.jsonl'), (error: unknown) => isTouchstoneError(error, 'RUN_FILE_INVALID') && error.details['line'] === line) // prettier-ignore
  }
})
