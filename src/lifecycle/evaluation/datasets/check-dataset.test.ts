/** What a check finds: questions asked twice, questions that a system has seen, what nobody vouches for. */
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import type { EvaluationCase } from '../../../contracts/evaluation.ts'
import { evaluationCase } from '../../../testing/scorer-parts.ts'
import { checkDataset } from './check-dataset.ts'
import { loadDataset } from './load-dataset.ts'
import { findContamination, findSimilarCases } from './similar-cases.ts'

const asking = (id: string, question: string, more: Partial<EvaluationCase> = {}): EvaluationCase =>
  evaluationCase({ id, question, ...more })

const pairs: readonly (readonly [left: string, right: string, more: Partial<EvaluationCase>, similar: boolean])[] = [
  ['How many days of annual leave do I have?', 'how many days of annual leave do I have', {}, true],
  ['How many days of annual leave do I have?', 'How many days of annual leave do we have?', {}, true],
  ['How many days of annual leave do I have?', 'Who pays for my train ticket to Valencia?', {}, false],
  ['How many days of leave?', 'How much does a day of leave cost?', {}, false],
  ['How many days of annual leave do I have?', 'How many days of annual leave do I have?', { as: 'jan' }, false],
  ['And in Valencia?', 'And in Valencia?', { history: ['Who sits on the works council of the company?'] }, false],
  ['年次有給休暇は何日ありますか', '年次有給休暇は何日ありますか？', {}, true],
]
for (const [left, right, more, similar] of pairs) {
  test(`"${left}" and "${right}" ${JSON.stringify(more)} are ${similar ? '' : 'not '}nearly the same [E1]`, () => {
    const found = findSimilarCases([asking('a', left), asking('b', right, more)])
    assert.deepEqual(found, similar ? [{ cases: ['a', 'b'], expectSame: true }] : [])
  })
}

test('cases that ask the same and expect otherwise are told apart from plain repetitions [E1]', () => {
  const question = 'How many days of annual leave do I have?'
  const expect = { facts: [['25 days']], not: [], abstain: false }
  const found = findSimilarCases([asking('a', question), asking('b', question, { expect }), asking('c', 'Who is the CTO?')])
  assert.deepEqual(found, [{ cases: ['a', 'b'], expectSame: false }])
})

const prompt = 'You answer staff. Example: Q: how many DAYS of annual leave do I have, please? A: 25 days.'
const contaminated: readonly (readonly [question: string, share: number | undefined])[] = [
  ['How many days of annual leave do I have?', 1],
  ['So how many days of annual leave do I have?', 7 / 8],
  ['How many hours of annual leave do you have?', undefined],
  ['You answer staff.', undefined],
]
for (const [question, share] of contaminated) {
  test(`"${question}" ${share === undefined ? 'does not stand' : 'stands'} in the prompt [E1]`, async () => {
    const found = await findContamination([asking('a', question)], [{ name: 'prompt.txt', text: prompt }])
    assert.deepEqual(found, share === undefined ? [] : [{ case: 'a', text: 'prompt.txt', share }])
  })
}

test('variables are looked for, too [E1]', async () => {
  const testCase = asking('a', '', { vars: { text: 'My screen went black this morning' } })
  const texts = [{ name: 'shots', text: 'Ticket: my screen went black this morning. Label: hardware' }]
  assert.equal((await findContamination([testCase], texts)).length, 1)
})

test('a check gives problems, slices and a datasheet [E1]', async (context) => {
  const folder = mkdtempSync(join(tmpdir(), 'touchstone-check-'))
  context.after(() => rmSync(folder, { recursive: true }))
  writeFileSync(
    join(folder, 'dataset.yaml'),
    'description: About leave.\npurpose: release\nprovenance: { source: tickets }\nsplits: { holdout: [b] }\n',
  )
  writeFileSync(
    join(folder, 'cases.yaml'),
    `- { id: a, as: m, question: How many days?, expect: { facts: [25] }, slice: { language: en } }
- { id: b, as: j, question: Who?, expect: { abstain: true }, slice: { language: de } }
- { id: c, as: j, turns: [{ question: When?, expect: { facts: [May] } }, { question: Why?, assert: [{ type: leak }] }], slice: { language: en } }`.replace(
      '[25]',
      '["25"]',
    ),
  )
  const check = await checkDataset(await loadDataset(folder))
  assert.deepEqual(check.problems, ['approved_by: is missing'])
  assert.deepEqual(check.slices, { language: { en: 3, de: 1 } })
  assert.deepEqual(check.datasheet, {
    description: 'About leave.',
    purpose: 'release',
    provenance: { source: 'tickets' },
    cases: 4,
    clusters: 3,
    expecting: { facts: 2, abstention: 1, checks: 1 },
    askers: 2,
    splits: { holdout: 1 },
    looks: 0,
    locked: false,
    erased: 0,
  })
})
