import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { parseSynonyms, ruleTerms } from './synonym-rules.ts'

const rules = parseSynonyms([
  'PTO, paid time off, annual leave  # two ways',
  '',
  'kb => knowledge base, wiki',
  'Brightwater Academy => training',
]).rules

const gained: readonly (readonly [question: string, language: string, terms: readonly string[]])[] = [
  ['How many PTO days?', 'en', ['paid', 'time', 'annual', 'leav']],
  ['annual leave', 'en', ['pto', 'paid', 'time']],
  ['Annual leaves and the kb', 'en', ['pto', 'paid', 'time', 'knowledg', 'base', 'wiki']],
  ['knowledge base', 'en', []],
  ['annual report, leave', 'en', []],
  ['Was kostet die Brightwater Academy?', 'de', ['training']],
  ['kb knowledge', 'en', ['base', 'wiki']],
  ['', 'en', []],
]
for (const [question, language, terms] of gained)
  test(`synonyms of "${question}" are ${terms.join(' ') || 'none'} [A5]`, () =>
    assert.deepEqual(new Set(ruleTerms(question, language, rules)), new Set(terms)))

const wrong: readonly (readonly [line: string, message: RegExp])[] = [
  ['PTO', /"PTO" stands alone/],
  ['a => b => c', /one =>/],
  ['a,, b', /missing between commas/],
  ['=> b', /missing/],
  ['a =>', /missing/],
  ['??, question', /"\?\?" has no letter/],
  ['one two three four five six seven, seven', /more than 6 words/],
]
for (const [line, message] of wrong)
  test(`"${line}" is refused by its line [A5]`, () => {
    const { problems } = parseSynonyms(['a, b', line])
    assert.deepEqual([problems.length, problems[0]?.line], [1, 2])
    assert.match(problems[0]?.message ?? '', message)
  })

test('any text is parsed or refused, and never gives a question its own terms [A5]', () => {
  fc.assert(
    fc.property(fc.array(fc.string()), fc.string(), (lines, question) => {
      const parsed = parseSynonyms(lines)
      const own = new Set(ruleTerms(question, 'en', [{ from: [question], to: [question] }]))
      assert.equal(own.size, 0)
      assert(parsed.rules.every(({ from, to }) => from.length > 0 && to.length > 0))
    }),
  )
})
