/** A set whose version outlives its cases: locked, edited, erased, verified. */
import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import fc from 'fast-check'
import { evaluationCase } from '../../../testing/scorer-parts.ts'
import { caseHash, commitCase } from './case-hash.ts'
import { eraseFromLock, lockCases, verifyLock, writeLock } from './dataset-lock.ts'
import { eraseCases } from './erase-cases.ts'
import { loadDataset, type Dataset } from './load-dataset.ts'

const erased = { at: '2026-11-23T10:00:00.000Z', by: 'maria', why: 'a person asked' }
let drawn = 0
const bytes = (count: number): Uint8Array => new Uint8Array(count).fill(++drawn % 256)

const yaml = `# Kept comment.
- id: leave
  as: maria
  question: How many days?
  expect: { facts: [25 days] }

# Belongs to pay.
- id: pay
  as: jan
  question: |
    How much does
    Ada Lovelace earn?
  expect:
    abstain: true
- id: talk
  as: jan
  turns:
    - { question: When?, expect: { facts: [May] } }
    - { question: Where?, expect: { facts: [Valencia] } }
`
const files: Readonly<Record<string, string>> = {
  'a.yaml': yaml,
  'b.jsonl': `{"id":"leave","as":"maria","question":"How many days?","expect":{"facts":["25 days"]}}
{"id":"pay","as":"jan","question":"How much does\\nAda Lovelace earn?\\n","expect":{"abstain":true}}
{"id":"talk","as":"jan","turns":[{"question":"When?","expect":{"facts":["May"]}},{"question":"Where?","expect":{"facts":["Valencia"]}}]}
`,
  'c.csv': `id,as,question,facts,abstain,turns
leave,maria,How many days?,25 days,,
pay,jan,"How much does
Ada Lovelace earn?",,true,
talk,jan,,,,"[{""question"":""When?"",""expect"":{""facts"":[""May""]}},{""question"":""Where?"",""expect"":{""facts"":[""Valencia""]}}]"
`,
}

async function lockedSet(context: TestContext, name: string): Promise<Dataset & { readonly path: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'touchstone-lock-'))
  context.after(() => rmSync(folder, { recursive: true }))
  const path = join(folder, name)
  writeFileSync(path, files[name] ?? '')
  const open = await loadDataset(path)
  await writeLock(open.files.lock, lockCases(open.cases, undefined, bytes))
  return { ...(await loadDataset(path)), path }
}

for (const name of Object.keys(files)) {
  test(`a case is erased from ${name}: its text and salt are gone, the set's version stays and verifies [E1]`, async (context) => {
    const before = await lockedSet(context, name)
    assert.deepEqual(before.lockProblems, [])
    assert.equal(before.version, before.lock?.set)
    assert.deepEqual(await eraseCases(before.path, ['pay'], erased), ['pay'])
    const after = await loadDataset(before.path)
    assert.equal(after.version, before.version)
    assert.deepEqual(after.lockProblems, [])
    assert.deepEqual(
      after.cases,
      before.cases.filter(({ id }) => id !== 'pay'),
    )
    assert.deepEqual(after.lock?.cases['pay'], { commitment: before.lock?.cases['pay']?.commitment, erased })
    assert.doesNotMatch(readFileSync(before.path, 'utf8') + readFileSync(before.files.lock, 'utf8'), /Lovelace/)
    assert.equal(after.caseHashes.get('leave'), before.caseHashes.get('leave'))
    assert.deepEqual(await eraseCases(before.path, ['talk'], erased), ['talk/turn-1', 'talk/turn-2'])
    assert.equal((await loadDataset(before.path)).version, before.version)
  })
}

test('comments of cases that stay are kept [E1]', async (context) => {
  const { path } = await lockedSet(context, 'a.yaml')
  await eraseCases(path, ['leave'], erased)
  assert.match(readFileSync(path, 'utf8'), /^# Kept comment\.\n\n# Belongs to pay\.\n- id: pay\n/)
})

test('erasing refuses what it cannot do, and changes nothing then [E1]', async (context) => {
  const { path, files: own } = await lockedSet(context, 'a.yaml')
  const before = readFileSync(path, 'utf8') + readFileSync(own.lock, 'utf8')
  await assert.rejects(eraseCases(path, ['nobody'], erased), {
    code: 'DATASET_INVALID',
    message: /case nobody: is not in the lock/,
  })
  await assert.rejects(eraseCases(path, ['leave', 'pay', 'talk'], erased), { code: 'DATASET_INVALID', message: /by hand/ })
  assert.equal(readFileSync(path, 'utf8') + readFileSync(own.lock, 'utf8'), before)
  rmSync(own.lock)
  await assert.rejects(eraseCases(path, ['pay'], erased), { code: 'DATASET_INVALID', message: /it has no lock/ })
})

test('an erasure that was interrupted is finished when it is done again [E1]', async (context) => {
  const before = await lockedSet(context, 'a.yaml')
  assert(before.lock)
  await writeLock(before.files.lock, eraseFromLock(before.lock, ['pay'], erased))
  assert.deepEqual((await loadDataset(before.path)).lockProblems, ['case pay: was erased, and stands there again'])
  await eraseCases(before.path, ['pay'], { ...erased, why: 'again' })
  const after = await loadDataset(before.path)
  assert.deepEqual([after.lockProblems, after.version], [[], before.version])
})

test('what differs from the lock is named, and the version is another one [E1]', async (context) => {
  const before = await lockedSet(context, 'a.yaml')
  writeFileSync(before.path, yaml.replace('25 days', '26 days').replace('- id: pay', '- id: wage'))
  const after = await loadDataset(before.path)
  assert.deepEqual(after.lockProblems, [
    'case leave: was changed since it was locked',
    'case pay: stands in the lock and not in the set',
    'case wage: is not in the lock yet',
  ])
  assert.notEqual(after.version, before.version)
  assert(before.lock)
  const forged = {
    ...before.lock,
    cases: { ...before.lock.cases, leave: { salt: '00'.repeat(16), commitment: '00'.repeat(16) } },
  }
  assert.match(verifyLock(forged, before.cases).join('\n'), /the lock was edited/)
  writeFileSync(before.files.lock, '{"format": 2}')
  await assert.rejects(loadDataset(before.path), { code: 'DATASET_INVALID', message: /the lock is damaged/ })
})

test('for any texts: equal cases commit equally under a salt, and to nothing that a guess without the salt could find [E1]', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (question, other) => {
      const [one, two] = [evaluationCase({ question }), evaluationCase({ question: other })]
      const [salt, another] = ['ab'.repeat(16), 'cd'.repeat(16)]
      assert.equal(commitCase(one, salt) === commitCase(two, salt), question === other)
      assert.notEqual(commitCase(one, salt), commitCase(one, another))
      assert.notEqual(caseHash(one, salt), caseHash(one))
      assert.notEqual(caseHash(one, salt), commitCase(one, salt))
    }),
  )
})

test('a case keeps its salt when the lock is renewed, so that an edit undone has the same hash [E1]', () => {
  const one = evaluationCase()
  const first = lockCases([one], undefined, bytes)
  const edited = lockCases([{ ...one, question: 'Else?' }], first, bytes)
  assert.notEqual(edited.set, first.set)
  assert.deepEqual(lockCases([one], edited, bytes), first)
  const gone = eraseFromLock(first, [one.id], erased)
  assert.equal(gone.set, first.set)
  assert.deepEqual(lockCases([], gone, bytes), gone)
})
