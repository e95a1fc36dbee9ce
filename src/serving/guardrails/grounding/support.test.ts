import assert from 'node:assert/strict'
import test, { before } from 'node:test'
import fc from 'fast-check'
import type { Passage } from '../../../contracts/document.ts'
import { prepareAnalysis } from '../../../foundation/text/analysis.ts'
import { factAgrees, findFacts, parseNumber } from './facts.ts'
import { findSupport } from './support.ts'

before(() => prepareAnalysis(['en', 'de', 'es', 'fr', 'ja']))

function passageOf(text: string, language = 'en', more: Partial<Passage> = {}): Passage {
  return { title: '', headingPath: [], text, language, start: 0, end: text.length, ...more } as unknown as Passage
}

const rows: readonly [source: string, sentence: string, expected: 'quoted' | 'lexical' | undefined, language?: string][] = [
  ['Staff get 25 days of leave. Ask early.', 'Staff get 25 days of leave.', 'quoted'],
  ['Staff get\n25  days of\nleave.', 'Staff get 25 days of leave.', 'quoted'],
  ['Laptops\nPhones', '- Laptops.', 'quoted'],
  ['Staff get 25 days [3] of leave.', 'Staff get 25 days of leave.', 'quoted'],
  ['Contractors are not eligible for leave.', 'eligible for leave', undefined],
  ['Alcohol is not reimbursed.', 'Alcohol is reimbursed.', undefined],
  ['Alcohol is reimbursed.', 'Alcohol is not reimbursed.', undefined],
  ['Alcohol is not reimbursed. Food is reimbursed.', 'Food is not reimbursed.', undefined],
  ['Alcohol isn’t reimbursed.', 'Alcohol is not reimbursed.', 'lexical'],
  ['Staff receive 25 days of annual leave each year.', 'Each year the staff receives annual leave of 25 days.', 'lexical'],
  ['Staff receive 25 days of annual leave each year.', 'Staff receive 26 days of annual leave.', undefined],
  ['Staff receive 25 days of annual leave each year.', 'Staff receive 25 weeks of annual leave.', undefined],
  ['The limit is EUR 1,250.50 a night.', 'The limit a night is €1250.50.', 'lexical'],
  ['The limit is EUR 1,250 a night.', 'The limit a night is $1,250.', undefined],
  ['The trial lasts three months.', 'The trial lasts 3 months.', 'lexical'],
  ['The policy starts on 2026-03-14.', 'The policy starts on 14 March 2026.', 'lexical'],
  ['The policy starts on March 14, 2026.', 'The policy starts in 2026.', 'lexical'],
  ['The policy starts on 14.03.2026.', 'The policy starts on 15 March 2026.', undefined],
  ['The office opens at 14:30.', 'The office opens at 2:30 pm.', 'lexical'],
  ['Ask Maria Lopez in Finance.', 'Ask Mario Lopez in Finance.', undefined],
  ['Der Zuschuss beträgt 1.250 € im Jahr.', 'Im Jahr beträgt der Zuschuss 1250 Euro.', 'lexical', 'de'],
  ['Die Frist endet am 14. März 2026.', 'Am 14.03.2026 endet die Frist.', 'lexical', 'de'],
  ['Alkohol wird nicht erstattet.', 'Alkohol wird erstattet.', undefined, 'de'],
  ['El límite es de 1.250,50 euros.', 'El límite es 1250,50 €.', 'lexical', 'es'],
  ['有給休暇は20日です。', '有給休暇は20日です。', 'quoted', 'ja'],
  ['休日出勤は認められません。', '休日出勤は認められます。', undefined, 'ja'],
  ['Anything at all.', 'Yes.', undefined],
  ['Staff may work from home on Fridays.', 'On Fridays staff must work from home.', undefined],
  ['Staff must encrypt laptops.', 'Laptops staff may encrypt.', undefined],
  ['Staff must encrypt laptops.', 'Laptops staff shall encrypt.', 'lexical'],
  ['Invoices are paid after approval.', 'Invoices before approval are paid.', undefined],
  ['Invoices are paid in May 2026.', 'In May 2026 invoices are paid.', 'lexical'],
  ['Only managers approve travel.', 'Travel managers approve.', undefined],
  ['Managers approve travel.', 'Travel only managers approve.', undefined],
  ['Travel is paid if a manager approves.', 'Travel is paid a manager approves.', undefined],
  ['Not paid without receipt.', 'Not paid unless receipt.', undefined],
  ['Trips of more than 5 days need approval.', 'Approval need trips of less than 5 days.', undefined],
  ['Trips of no more than 5 days need approval.', 'Not approval need trips of more than 5 days.', undefined],
  ['Gäste dürfen das Labor nutzen.', 'Das Labor müssen Gäste nutzen.', undefined, 'de'],
  ['Reisen werden nur mit Beleg erstattet.', 'Reisen werden mit Beleg erstattet.', undefined, 'de'],
  ['El personal puede viajar en tren.', 'En tren el personal debe viajar.', undefined, 'es'],
  ['Los viajes se pagan solo con recibo.', 'Los viajes se pagan con recibo.', undefined, 'es'],
  ['Alcohol is never paid. Food is paid with receipt.', 'Alcohol never paid with receipt.', undefined],
  ['Travel is paid if approved by Finance.', 'Travel is paid', undefined],
  ['Staff receive 25 days of leave each year.', 'Staff receive 25 days', 'lexical'],
  ['Rules:\n1. Staff receive **25 days**.\n2. Ask early.', 'Staff receive 25 days.', 'quoted'],
]
for (const [source, sentence, expected, language] of rows)
  test(`${JSON.stringify(sentence)} from ${JSON.stringify(source)} is ${expected ?? 'not supported'} [D5]`, () => {
    const passage = passageOf(source, language)
    const found = findSupport(sentence, passage)
    assert.equal(found?.support, expected)
    if (found) assert.ok(found.span.start >= 0 && found.span.end <= source.length && found.span.end > found.span.start)
  })

test('a quote points at exactly the words, whatever white space they are written with', () => {
  const source = 'Before.  Staff get\n25 days\tof leave.  After.'
  const found = findSupport('Staff get 25 days of leave.', passageOf(source))
  assert.equal(source.slice(found?.span.start, found?.span.end), 'Staff get\n25 days\tof leave.')
})

test('a heading may name the subject, but never brings the fact', () => {
  const passage = passageOf('Staff receive 25 days a year.', 'en', { headingPath: ['Annual leave'], title: 'Rules for 2026' })
  assert.equal(findSupport('Staff receive 25 days leave a year.', passage)?.support, 'lexical')
  assert.equal(findSupport('Staff receive 2026 days a year.', passage), undefined)
})

test('whatever stands in a passage as a sentence is quoted, with exact offsets [D5]', () => {
  const word = fc.constantFrom('leave', 'days', '25', 'office', 'not', 'Maria', 'never', 'EUR', 'paid')
  const sentence = fc.array(word, { minLength: 2, maxLength: 6 }).map((words) => `The ${words.join(' ')}.`)
  fc.assert(
    fc.property(fc.array(sentence, { minLength: 1, maxLength: 5 }), fc.nat(), (sentences, pick) => {
      const wanted = sentences[pick % sentences.length] ?? ''
      const source = sentences.join('\n')
      const found = findSupport(wanted, passageOf(source))
      assert.equal(found?.support, 'quoted')
      assert.equal(source.slice(found?.span.start, found?.span.end), wanted)
    }),
  )
})

const numbers: readonly [written: string, language: string, value: number][] = [
  ['1,500', 'en', 1500],
  ['1.500', 'en', 1.5],
  ['1.500', 'de', 1500],
  ['1,5', 'de', 1.5],
  ['1.234.567,89', 'en', 1234567.89],
  ['1,234,567', 'de', 1234567],
  ["1'500", 'de', 1500],
  ['0.500', 'de', 0.5],
  ['25', 'ja', 25],
]
for (const [written, language, value] of numbers)
  test(`${written} in ${language} is ${value}`, () => assert.equal(parseNumber(written, language), value))

test('dates of every spelling agree, and a partial date with the whole', () => {
  const spellings = [
    ['14 March 2026', 'en'],
    ['March 14th, 2026', 'en'],
    ['2026-03-14', 'en'],
    ['14.03.2026', 'de'],
    ['14. März 2026', 'de'],
    ['14 de marzo de 2026', 'es'],
    ['14 mars 2026', 'fr'],
    ['2026年3月14日', 'ja'],
    ['14/03/2026', 'en'],
  ] as const
  for (const [left, leftLanguage] of spellings)
    for (const [right, rightLanguage] of spellings) {
      const [claim] = findFacts(left, leftLanguage)
      const [found] = findFacts(right, rightLanguage)
      assert.ok(claim && found && factAgrees(claim, found), `${left} = ${right}`)
    }
  const [month] = findFacts('in March 2026', 'en')
  const [day] = findFacts('on 14 March 2026', 'en')
  assert.ok(month && day && factAgrees(month, day) && !factAgrees(day, month))
})
