import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import fc from 'fast-check'
import { analyseQuery, analyseText, contentWords, prepareAnalysis } from './analysis.ts'

const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 80 }),
  fc.string({
    unit: fc.constantFrom(
      'get',
      'User',
      'ID',
      '1',
      '.',
      ',',
      "'",
      '_',
      '-',
      ' ',
      '年',
      'カ',
      'ไท',
      'हि',
      '\u0301',
      'ﷺ',
      '½',
      '２',
    ),
  }),
)
const anyLanguage = fc.constantFrom('en', 'de', 'fr', 'ja', 'hi', 'ru', 'xx')

before(() => prepareAnalysis(['en', 'de', 'es', 'ja']))

test('index terms [A8]', () => {
  for (const [language, text, terms] of [
    ['en', 'The policies of the company', 'polici compani'],
    ['en', 'Do not share passwords, no exceptions', 'not share password no except'],
    ['en', "users' data, user's data, don't", 'user data user data dont'],
    ['en', 'IT support, not it', 'it support not'],
    ['en', 'camelCaseName', 'camelcasenam camel case name'],
    ['en', 'snake_case', 'snakecas snake case'],
    ['en', 'kebab-case', 'kebabcas kebab case'],
    ['en', 'HTTPServer2', 'httpserver2 http server 2'],
    ['en', 'foo.bar()', 'foobar foo bar'],
    ['en', 'APIs Q3 B2B GPT-4 v1.2.3', 'api q3 b2b gpt4 gpt 4 v1.2.3 v1 2.3'],
    ['en', '1,250 1250 38€ 1,250.50 3.5 10-20', '1250 1250 38 1250.50 3.5 10 20'],
    ['en', '2026-03-01 01.03.2026 14:30 FY 2025/26', '2026-03-01 2026 2026-03-01 2026 14:30 fy 2025/26 2025'],
    ['de', '1.250,50 € und 1.250', '1250.50 1250'],
    ['de', 'Häuser größe Straßen', 'haus gross strass'],
    ['fr', "l'indemnité d’affaires", 'indemn affair'],
    ['es', 'política politica', 'polit polit'],
    ['hi', 'कर्मचारियों की किताबें', 'कर्मचार किताब'],
    ['hi', '२०२६ policies', '2026 polici'],
    ['ja', '休暇の申請は1,250円', '休暇 申請 1250 円'],
    ['en', 'ｆｕｌｌ－ｗｉｄｔｈ １２５０', 'full width 1250'],
    ['en', '', ''],
  ] as const)
    assert.equal(analyseText(text, language).join(' '), terms, text)
})

test('terms have no white space, are bounded, and do not depend on encoding or on what was analysed before', () => {
  fc.assert(
    fc.property(anyText, anyLanguage, (text, language) => {
      const terms = analyseText(text, language)
      for (const term of terms) assert.ok(term !== '' && term.length <= 100 && !/\s/u.test(term) && term.isWellFormed(), term)
      analyseText('getUserID user-id 1.250', language)
      assert.deepEqual(analyseText(text, language), terms)
    }),
    { numRuns: 1000 },
  )
  assert.deepEqual(analyseText('Größe café'.normalize('NFD'), 'de'), analyseText('Größe café', 'de'))
})

test('a question finds what the text of its own language holds [A8]', () => {
  const languages = ['en', 'de', 'es', 'ja']
  for (const [question, language, terms] of [
    ['How much can I spend on hotels?', 'en', ['spend', 'hotel']],
    ['Wie viele Urlaubstage habe ich?', 'de', ['urlaubstag']],
    ['¿Quién aprueba los gastos de viaje?', 'es', ['aprueb', 'gast', 'viaj']],
    ['休暇の申請', 'ja', ['休暇', '申請']],
    ['what is it', 'en', ['what', 'is', 'it']],
    ['', 'en', []],
  ] as const) {
    const analysed = analyseQuery(question, { languages })
    assert.equal(analysed.language, language, question)
    assert.deepEqual(analysed.terms.slice(0, terms.length), terms, question)
  }
})

test('a word that a question says again counts again, up to four times [A8]', () => {
  const { terms, repeated } = analyseQuery('Indexing of books: which indexes index a book, and who indexed and indexes?', {
    languages: ['en'],
  })
  assert.deepEqual(terms, ['index', 'book'])
  assert.deepEqual(repeated, ['index', 'index', 'book', 'index'])
})

test('a word is also searched as the other languages of the index would have stemmed it, within bounds [A8]', () => {
  assert.deepEqual(analyseQuery('Genehmigungen', { language: 'de', languages: ['en', 'de', 'ja'] }).terms, [
    'genehm',
    'genehmigungen',
  ])
  assert.deepEqual(analyseQuery('申請 documents', { language: 'ja', languages: ['ja', 'en'] }).terms, ['申請', 'document'])
  assert.deepEqual(analyseQuery('1.250', { language: 'en', languages: ['en', 'de'] }).terms, ['1.250', '1250'])
  assert.deepEqual(analyseQuery('documents', { language: 'en', languages: ['en', 'ru', 'ja'] }).terms, ['document'])
  const long = Array.from({ length: 500 }, (_, index) => `nationalisation${index}x`).join(' ')
  assert.equal(analyseQuery(long, { languages: ['en', 'de', 'es', 'fr', 'it'] }).terms.length, 64)
})

test('every term of a text is found by asking for its words', () => {
  fc.assert(
    fc.property(anyText, anyLanguage, (text, language) => {
      const indexed = new Set(analyseText(text, language))
      if (indexed.size === 0 || indexed.size > 64) return
      const asked = new Set(analyseQuery(text, { language, languages: [language] }).terms)
      assert.deepEqual(asked, indexed)
    }),
  )
})

test('content words lie exactly where they say', () => {
  assert.deepEqual(contentWords('The Policies cost 1,250€', 'en'), [
    { word: 'The', stem: 'the', start: 0, end: 3, stop: true },
    { word: 'Policies', stem: 'polici', start: 4, end: 12, stop: false },
    { word: 'cost', stem: 'cost', start: 13, end: 17, stop: false },
    { word: '1,250', stem: '1250', start: 18, end: 23, stop: false },
  ])
  fc.assert(
    fc.property(anyText, anyLanguage, (text, language) => {
      for (const { word, start, end } of contentWords(text, language)) assert.equal(text.slice(start, end), word)
    }),
  )
})

test('a megabyte of anything is analysed in linear time', () => {
  for (const unit of ['a', '1,', 'a-', 'aB', "a'", 'a_b ', 'année ', '年假政策'])
    analyseText(unit.repeat(Math.ceil(1_000_000 / unit.length)), 'en')
})
