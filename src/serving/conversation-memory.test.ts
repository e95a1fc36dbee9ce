import assert from 'node:assert/strict'
import test, { before } from 'node:test'
import type { Answer } from '../contracts/answer.ts'
import type { ConversationId } from '../contracts/identity.ts'
import { prepareAnalysis } from '../foundation/text/analysis.ts'
import { house, maria, passageOf, salary, writer } from './answer-house.test.ts'
import type { AnswerParts } from './answer-parts.ts'
import { answerQuestion } from './answer-question.ts'
import { foldAnswer } from './fold-answer.ts'

before(() => prepareAnalysis(['en']))

/** The same question again, in the same conversation. */
function ask(parts: AnswerParts): Promise<Answer> {
  const signal = new AbortController().signal
  const conversation = 'c1' as ConversationId
  return foldAnswer(answerQuestion({ caller: maria, feature: 'answers', question: 'Pay?', conversation, signal }, parts))
}

test('an answer that repeats an earlier one without support is not used, nor shown, once what that told of is lost [A4]', async () => {
  const pay = passageOf('hr:bonus.md', 'The bonus is 4,000 EUR.', 0)
  const found = [[salary], [pay], [pay]]
  const model = writer('The director gets ninety thousand a year.')
  const home = house({ model, passages: [salary, pay], policy: { unsupported: 'mark' } })
  const parts = {
    ...home.parts,
    passages: { find: async () => ({ passages: found.shift() ?? [], searched: { documents: 2, sources: ['hr'] }, withheld: 0 }) },
  }
  await ask(parts)
  await ask(parts)
  home.readable.delete(salary.document)
  await ask(parts)
  assert.ok(!JSON.stringify(model.prompts[2]).includes('ninety thousand'))
})

test('what an earlier answer told of may be lost while the next one is written: it is not repeated [A4]', async () => {
  const pay = passageOf('hr:bonus.md', 'The bonus is 4,000 EUR.', 0)
  const found = [[salary], [pay]]
  const home = house({
    model: writer('The director gets ninety thousand a year.'),
    passages: [salary, pay],
    policy: { unsupported: 'mark' },
  })
  const find = async () => {
    const passages = found.shift() ?? []
    if (passages.includes(pay)) home.readable.delete(salary.document)
    return { passages, searched: { documents: 2, sources: ['hr'] }, withheld: 0 }
  }
  const parts = { ...home.parts, passages: { find } }
  assert.match((await ask(parts)).text, /ninety thousand/)
  assert.doesNotMatch((await ask(parts)).text, /ninety thousand/)
})
