import assert from 'node:assert/strict'
import { test } from 'node:test'
import { recogniseConstraints } from './metadata-constraints.ts'

const readable = { sources: ['handbook', 'hr-wiki', 'c++ guide'], languages: ['de', 'en', 'ja'] }

const table: readonly (readonly [question: string, language: string, found: Partial<Record<string, readonly string[]>>])[] = [
  ['What does the travel policy say in the HR wiki?', 'en', { sources: ['hr-wiki'] }],
  ['leave days from hr_wiki', 'en', { sources: ['hr-wiki'] }],
  ['according to our handbook, who pays?', 'en', { sources: ['handbook'] }],
  ['loops in the C++ guide', 'en', { sources: ['c++ guide'] }],
  ['Is there a handbook for visitors?', 'en', {}],
  ['in the handbooks', 'en', {}],
  ['dinner limit in the 2024 travel policy', 'en', { years: ['2024'] }],
  ['part 120245 of 2024', 'en', { years: ['2024'] }],
  ['the leave rules in German', 'en', { languages: ['de'] }],
  ['the leave rules in German, please', 'en', { languages: ['de'] }],
  ['rules in German offices', 'en', {}],
  ['the manual in German text', 'en', { languages: ['de'] }],
  ['the rules in French', 'en', {}],
  ['Was steht dazu im HR-Wiki?', 'de', { sources: ['hr-wiki'] }],
  ['Gibt es das auf Japanisch?', 'de', { languages: ['ja'] }],
  ['las normas en alemán', 'es', { languages: ['de'] }],
  ['les règles dans le handbook', 'fr', { sources: ['handbook'] }],
  ['休暇規程 2024', 'ja', { years: ['2024'] }],
]
for (const [text, language, found] of table)
  test(`"${text}" means ${JSON.stringify(found)} [A5]`, () => {
    const expected = { sources: [], languages: [], years: [], ...found }
    assert.deepEqual(recogniseConstraints({ text, language }, readable), expected)
  })

test('what cannot be read is no constraint, and what everything satisfies is none either [A4, A5]', () => {
  const asked = { text: 'leave from the hr wiki in German', language: 'en' }
  const none = { sources: [], languages: [], years: [] }
  assert.deepEqual(recogniseConstraints(asked, { sources: ['handbook'], languages: ['en'] }), none)
  assert.deepEqual(recogniseConstraints(asked, { sources: ['hr-wiki'], languages: ['de'] }), none)
})
