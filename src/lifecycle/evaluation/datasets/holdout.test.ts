/** The sealed part of a set: nobody sees it without writing down why. */
import assert from 'node:assert/strict'
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { readLooks, selectSplit } from './holdout.ts'
import { loadDataset, type Dataset } from './load-dataset.ts'

async function splitSet(context: TestContext, splits = '{ dev: [a], holdout: [talk, c] }'): Promise<Dataset> {
  const folder = mkdtempSync(join(tmpdir(), 'touchstone-holdout-'))
  context.after(() => rmSync(folder, { recursive: true }))
  writeFileSync(join(folder, 'dataset.yaml'), `description: x\nsplits: ${splits}\n`)
  const cases = ['a', 'b', 'c'].map((id) => `- { id: ${id}, as: m, question: Why?, expect: { abstain: true } }`)
  cases.push(
    '- { id: talk, as: m, turns: [{ question: Why?, expect: { abstain: true } }, { question: So?, expect: { abstain: true } }] }',
  )
  writeFileSync(join(folder, 'cases.yaml'), cases.join('\n'))
  return loadDataset(folder)
}

const look = { at: '2026-11-23T10:00:00.000Z', by: 'maria', why: 'release 3' }

test('ordinary runs leave the sealed part out; a part is asked for by its name [E1]', async (context) => {
  const set = await splitSet(context)
  const idsOf = async (split?: string) => (await selectSplit(set, split)).map(({ id }) => id)
  assert.deepEqual(await idsOf(), ['a', 'b'])
  assert.deepEqual(await idsOf('dev'), ['a'])
  await assert.rejects(idsOf('test'), { code: 'ARGUMENT_INVALID', message: /no split "test"; it has dev, holdout/ })
  await assert.rejects(idsOf('constructor'), { code: 'ARGUMENT_INVALID' })
})

test('every look at the sealed part is counted, with who, when and why, and refused without a reason [E1]', async (context) => {
  const set = await splitSet(context)
  await assert.rejects(selectSplit(set, 'holdout'), { code: 'ARGUMENT_INVALID' })
  await assert.rejects(selectSplit(set, 'holdout', { ...look, why: ' ' }), { code: 'ARGUMENT_INVALID' })
  assert.deepEqual(await readLooks(set), [])
  for (let seen = 1; seen <= 2; seen++) {
    const cases = await selectSplit(set, 'holdout', look)
    assert.deepEqual(
      cases.map(({ id }) => id),
      ['c', 'talk/turn-1', 'talk/turn-2'],
    )
    assert.deepEqual(
      await readLooks(set),
      Array.from({ length: seen }, () => ({ ...look, version: set.version })),
    )
  }
  appendFileSync(set.files.looks, 'scribble\n')
  await assert.rejects(readLooks(set), { code: 'DATASET_INVALID', message: /line 3 is no look/ })
})

test('a part that names an unknown case, or one of another part, is refused [E1]', async (context) => {
  await assert.rejects(splitSet(context, '{ dev: [nobody] }'), {
    code: 'DATASET_INVALID',
    message: /splits\.dev: there is no case nobody/,
  })
  await assert.rejects(splitSet(context, '{ dev: [a], holdout: [a] }'), {
    message: /splits\.holdout: the case a is in dev already/,
  })
})
