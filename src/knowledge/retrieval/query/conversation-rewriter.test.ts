import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import { prepareAnalysis } from '../../../foundation/text/analysis.ts'
import { createQueryRewriters } from './catalog.ts'
import { conversation } from './conversation-rewriter.ts'

before(() => prepareAnalysis(['en', 'de', 'es', 'ja']))

const rewriter = conversation.create(conversation.parseOptions({}), {})
const rewrite = (question: string, ...history: string[]): Promise<readonly string[]> =>
  rewriter.rewrite(question, history, new AbortController().signal)

describe('a follow-up gets what it leans on', () => {
  const vacation = 'How many vacation days do employees get in Spain?'
  const table: readonly (readonly [
    previous: string,
    question: string,
    mustName: readonly string[],
    mustNotName?: readonly string[],
  ])[] = [
    [vacation, 'And in Germany?', ['vacation', 'days', 'Germany'], ['Spain']],
    [vacation, 'what about interns?', ['vacation', 'days', 'interns']],
    [vacation, 'How about Germany?', ['vacation', 'Germany'], ['Spain']],
    ['What is the parental leave policy?', 'How long does it last?', ['parental', 'leave', 'last']],
    ['What is the parental leave policy?', 'Who approves it?', ['parental', 'leave', 'approves']],
    ['How do I claim travel expenses?', 'How long do they take to be paid?', ['travel', 'expenses', 'paid']],
    ['How do I claim travel expenses?', 'Until when?', ['travel', 'expenses', 'claim']],
    ['How do I claim travel expenses?', 'What does this include?', ['travel', 'expenses', 'include']],
    ['Can I work from abroad?', 'for how many days?', ['work', 'abroad', 'days']],
    [
      'Wie viele Urlaubstage bekommen Angestellte in Spanien?',
      'Und in Deutschland?',
      ['Urlaubstage', 'Deutschland'],
      ['Spanien'],
    ],
    ['Wie viele Urlaubstage bekommen Angestellte?', 'Was ist mit Praktikanten?', ['Urlaubstage', 'Praktikanten']],
    ['Wie beantrage ich Elternzeit?', 'Wie lange dauert das?', ['Elternzeit', 'dauert']],
    ['¿Cuántos días de vacaciones hay en España?', '¿Y en Alemania?', ['vacaciones', 'Alemania'], ['España']],
    ['¿Cómo solicito el permiso de maternidad?', '¿Quién lo aprueba? ¿Y eso cuánto dura?', ['permiso', 'maternidad']],
    ['¿Cuál es la política de viajes?', '¿qué pasa con los becarios?', ['política', 'viajes', 'becarios']],
    ['有給休暇は何日ですか？', 'インターンは？', ['有給', '休暇', 'インターン']],
    ['育児休暇の規定は何ですか？', 'それはいつまで取れますか？', ['育児', '休暇', 'それは']],
  ]
  for (const [previous, question, mustName, mustNotName = []] of table) {
    test(`${previous} → ${question}`, async () => {
      const [standalone = '', ...more] = await rewrite(question, 'An older question about badges?', previous)
      assert.equal(more.length, 0)
      for (const word of mustName) assert.ok(standalone.includes(word), `"${standalone}" names ${word}`)
      for (const word of mustNotName) assert.ok(!standalone.includes(word), `"${standalone}" does not name ${word}`)
      assert.ok(!standalone.includes('badges'))
    })
  }
})

describe('a question that stands by itself stays as it is', () => {
  const previous = 'How many vacation days do employees get in Spain?'
  const questions = [
    'How do I reset my password?',
    'If I lose my laptop, what do I do with it?',
    'Is it possible to work from abroad?',
    'Who approves expenses that exceed 500 euros?',
    'vacation days',
    'How does this company handle overtime?',
    'And how do I claim travel expenses for a conference?',
    'In which cases is overtime paid to part-time employees?',
    'Where is the Berlin office?',
    'Who is the head of security?',
    'Wie beantrage ich Elternzeit?',
    'Gibt es einen Zuschuss für das Fitnessstudio?',
    '¿Cuál es la política de viajes de la empresa?',
    '経費の精算方法を教えてください',
    '',
  ]
  for (const question of questions) {
    test(question || '(empty)', async () => assert.deepEqual(await rewrite(question, previous), []))
  }
  test('without earlier questions nothing is rewritten', async () => {
    assert.deepEqual(await rewrite('How long does it last?'), [])
    assert.deepEqual(await rewrite('And in Germany?', ''), [])
  })
})

test('the catalogue names each rewriter by its id, and unknown options are refused', () => {
  assert.deepEqual([...createQueryRewriters().keys()], ['conversation', 'multi-part'])
  assert.throws(() => conversation.parseOptions({ depth: 3 }), { code: 'CONFIG_INVALID' })
})
