import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Passage } from '../../../contracts/document.ts'
import type { AnalysedQuery } from '../../../contracts/retrieval.ts'
import type { ChunkId, DocumentId, DocumentVersion } from '../../../contracts/identity.ts'
import { analyseText } from '../../../foundation/text/analysis.ts'
import { createPassageFeatures } from './passage-features.ts'
import { rankingFeatures } from './ranking-features.ts'

function passage(path: string, text: string, rest: Partial<Passage> = {}): Passage {
  const document = `handbook:${path}` as DocumentId
  const place = { chunk: `${document}#0` as ChunkId, document, version: 'v' as DocumentVersion, start: 0, end: text.length }
  const names = { title: 'Handbook', path, source: 'handbook', language: 'en', headingPath: [] }
  return { ...place, ...names, text, metadata: {}, modifiedAtMs: 0, score: 1, ...rest }
}

const asked = (text: string, rest: Partial<AnalysedQuery> = {}): AnalysedQuery => ({
  text,
  language: 'en',
  terms: analyseText(text, 'en'),
  ...rest,
})
const padding = 'and further subjects of daily office work such as plants windows doors chairs lamps paper pencils cups '

/** The value of a feature for the first of the passages. */
function valueOf(name: string, query: AnalysedQuery, passages: readonly Passage[]): number {
  const feature = rankingFeatures.find((each) => each.name === name)
  assert.ok(feature, name)
  return createPassageFeatures([feature])(query, passages)[0] ?? Number.NaN
}

const leave = asked('parental leave')
const other = passage('other.md', 'quite another subject')
const values: readonly (readonly [feature: string, query: AnalysedQuery, passages: readonly Passage[], expected: number])[] = [
  ['chunk-score', leave, [passage('a.md', 'x', { firstStage: { chunk: 0.7, document: 0.2 } })], 0.7],
  ['document-score', leave, [passage('a.md', 'x', { firstStage: { chunk: 0.7, document: 0.2 } })], 0.2],
  ['document-score', leave, [passage('a.md', 'x')], 0],
  ['first-stage', leave, [passage('a.md', 'x', { score: 0.2 }), passage('b.md', 'x', { score: 0.8 })], 0.25],
  ['proximity', leave, [passage('a.md', 'parental leave'), other], 1],
  ['coverage', leave, [passage('a.md', 'parental leave'), other], 1],
  ['coverage', leave, [other, passage('a.md', 'parental leave')], 0],
  ['nearness', leave, [passage('a.md', 'leave for parental reasons'), other], 1],
  ['phrases', leave, [passage('a.md', 'parental leave'), other], 1],
  ['phrases', leave, [passage('a.md', 'leave, parental'), other], 0],
  ['naming', leave, [passage('a.md', 'x', { headingPath: ['Parental leave'] }), other], 1],
  ['title-coverage', leave, [passage('a.md', 'x', { title: 'Parental leave' }), other], 1],
  ['title-coverage', leave, [passage('a.md', 'parental leave', { headingPath: ['Parental leave'] }), other], 0],
  ['headings-coverage', leave, [passage('a.md', 'parental', { headingPath: ['People', 'Parental leave'] }), other], 1],
  ['path-coverage', leave, [passage('people/parental-leave.md', 'parental leave'), other], 1],
  ['body-coverage', leave, [passage('a.md', 'parental leave'), other], 1],
  ['title-precision', leave, [passage('a.md', 'leave', { title: 'Leave sabbatical' }), other], 0.5],
  ['headings-precision', leave, [passage('a.md', 'leave', { headingPath: ['Leave', 'Sabbatical'] }), other], 0.5],
  ['title-match', leave, [passage('a.md', 'x', { title: 'Leave, parental' }), other], 1],
  ['title-match', leave, [passage('a.md', 'x', { title: 'Parental leave sabbatical' }), other], 0],
  ['body-bm25-relative', leave, [passage('a.md', 'parental leave'), other], 1],
  ['body-bm25', leave, [other, passage('a.md', 'parental leave')], 0],
  ['span', leave, [passage('a.md', `parental ${padding} leave parental leave`), other], 1],
  ['span', leave, [passage('a.md', 'parental short leave'), other], 2 / 3],
  ['density', leave, [passage('a.md', 'parental desk leave desk'), other], 0.5],
  ['related', asked('laptop', { related: ['notebook', 'comput'] }), [passage('a.md', 'laptop notebook'), other], 0],
  ['numbers', asked('error E-4711 in parseConfig'), [passage('a.md', 'PARSECONFIG gives another error'), other], 0.5],
  ['numbers', leave, [passage('a.md', 'x')], 0],
  ['language-match', leave, [passage('a.md', 'x')], 1],
  ['language-match', leave, [passage('a.md', 'x', { language: 'de' })], 0],
  ['length', leave, [passage('a.md', 'parental leave')], Math.log(3)],
  ['opening', leave, [passage('a.md', 'x', { start: 1_000 })], 0.5],
  ['best-of-document', leave, [passage('a.md', 'x', { score: 0.5 }), passage('a.md', 'y', { chunk: 'a#1' as ChunkId })], 0],
  ['siblings', leave, [passage('a.md', 'x'), passage('a.md', 'y')], Math.log(2)],
  ['superseded', leave, [passage('leave-2022.md', 'x'), passage('leave-2024.md', 'x')], 1],
  ['recency', leave, [passage('a.md', 'x'), passage('b.md', 'x', { modifiedAtMs: 365.25 * 24 * 3_600_000 })], 0.5],
  ['question-length', leave, [passage('a.md', 'x')], Math.log(3)],
  ['question-idf', leave, [other], 0],
]
for (const [feature, query, passages, expected] of values) {
  test(`${feature} of "${passages[0]?.title}: ${passages[0]?.text.slice(0, 40)}" for "${query.text}" is ${expected.toFixed(3)} [A5]`, () => {
    assert.ok(Math.abs(valueOf(feature, query, passages) - expected) < 1e-9, String(valueOf(feature, query, passages)))
  })
}

test('every feature has a case above, a name of its own and a meaning', () => {
  const named = rankingFeatures.map(({ name }) => name)
  assert.equal(new Set(named).size, named.length)
  assert.deepEqual(
    named.filter((name) => !values.some(([feature]) => feature === name)),
    [],
  )
  assert.ok(rankingFeatures.every(({ meaning }) => meaning.length > 10))
})

test('features are finite and follow the passage, not the order of passages', () => {
  const words = fc.array(fc.constantFrom('leave', 'annual', 'travel', '2024', 'E-12', 'snake_case', 'the', '😀'), {
    maxLength: 10,
  })
  const passages = fc
    .array(fc.tuple(words, words, fc.double({ min: 0, max: 1, noNaN: true })), { maxLength: 6 })
    .map((rows) => rows.map(([text, title, score], i) => passage(`p${i}.md`, text.join(' '), { score, title: title.join(' ') })))
  const measure = createPassageFeatures(rankingFeatures)
  const width = rankingFeatures.length
  fc.assert(
    fc.property(passages, words, (given, question) => {
      const query = asked(question.join(' '))
      const rows = measure(query, given)
      assert.equal(rows.length, given.length * width)
      assert.ok(rows.every(Number.isFinite))
      const turned = measure(query, given.toReversed())
      for (const row of given.keys())
        for (let column = 0; column < width; column++)
          assert.ok(Math.abs(rows[row * width + column]! - turned[(given.length - 1 - row) * width + column]!) < 1e-12)
    }),
  )
})
