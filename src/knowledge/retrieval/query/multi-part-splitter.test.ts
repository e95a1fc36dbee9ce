import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { splitQuestion } from './multi-part-splitter.ts'

const split: readonly (readonly [question: string, parts: readonly string[]])[] = [
  [
    'How many days of leave do I get and who approves them?',
    ['How many days of leave do I get', 'who approves them: days leave?'],
  ],
  ['When is the office open, and where do I park?', ['When is the office open', 'where do I park: office open?']],
  ['What is the dental plan? Who pays for glasses?', ['What is the dental plan?', 'Who pays for glasses?']],
  ['I moved house. Who must know?', []],
  ['How many quotes, and who signs?', ['How many quotes', 'who signs: quotes?']],
  [
    'Wie viele Urlaubstage habe ich und wer genehmigt Dienstreisen nach Japan?',
    ['Wie viele Urlaubstage habe ich', 'wer genehmigt Dienstreisen nach Japan?'],
  ],
  ['¿Cuántos días tengo y quién aprueba los viajes?', ['¿Cuántos días tengo', 'quién aprueba los viajes?']],
  [
    'Combien de jours de congé avons-nous et qui approuve les voyages ?',
    ['Combien de jours de congé avons-nous', 'qui approuve les voyages ?'],
  ],
  ['休暇は何日ですか？誰が承認しますか？', ['休暇は何日ですか？', '誰が承認しますか？']],
  // One question, whatever it joins.
  ['What is the rule for black and white printing?', []],
  ['terms and conditions', []],
  ['Research and development: who leads it?', []],
  ['annual leave', []],
  ['', []],
  ['and who?', []],
  [`${'Who and what and how and when '.repeat(40)}?`, []],
  ['Who is it? What is it? Where is it? When is it? Why is it?', []],
]
for (const [question, parts] of split)
  test(`"${question.slice(0, 60)}" has ${parts.length || 'no'} parts [A5]`, () =>
    assert.deepEqual(splitQuestion(question), parts))

test('any text gives no part, or at most four with something to search for [A5]', () => {
  const words = fc.array(fc.constantFrom('and', 'who', 'what', 'is', 'leave', '?', '. ', ', ', 'und', 'wer'), { maxLength: 30 })
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        words.map((some) => some.join(' ')),
      ),
      (question) => {
        const parts = splitQuestion(question)
        assert(parts.length <= 4 && parts.every((part) => /[\p{L}\p{N}]/u.test(part)))
      },
    ),
  )
})
