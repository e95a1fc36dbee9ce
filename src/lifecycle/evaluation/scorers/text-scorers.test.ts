/** Scorers that compare one answer with one reference: texts, numbers, JSON, labels. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { EvaluationCase, ScorerExtension, Scores, SystemOutput } from '../../../contracts/evaluation.ts'
import { isTouchstoneError } from '../../../foundation/errors/touchstone-error.ts'
import { evaluationCase, plainScorerParts, systemOutput } from '../../../testing/scorer-parts.ts'
import { scorerSuite } from '../../../testing/scorer-suite.ts'
import { abstentionScorer } from './abstention-scorer.ts'
import { classificationScorer } from './classification-scorer.ts'
import { containsScorer } from './contains-scorer.ts'
import { exactScorer } from './exact-scorer.ts'
import { factsScorer } from './facts-scorer.ts'
import { fieldF1Scorer } from './field-f1-scorer.ts'
import { jsonSchemaScorer } from './json-schema-scorer.ts'
import { leakScorer } from './leak-scorer.ts'
import { numericScorer } from './numeric-scorer.ts'
import { regexScorer } from './regex-scorer.ts'

const personSchema = { type: 'object', required: ['name'], properties: { name: { type: 'string' }, age: { type: 'integer' } } }

scorerSuite(factsScorer, { testCase: { expect: { facts: [['25 days']], not: [], abstain: false } } })
scorerSuite(leakScorer, { testCase: { never: ['25 days'] } })
scorerSuite(abstentionScorer)
scorerSuite(exactScorer, { options: { fold: true }, testCase: { expected: 'yes' } })
scorerSuite(containsScorer, { options: { any: ['25', 'yes'], not: ['no'] } })
scorerSuite(regexScorer, { options: { pattern: String.raw`\d+` } })
scorerSuite(numericScorer, { options: { value: 25, unit: 'days' } })
scorerSuite(jsonSchemaScorer, { options: { schema: personSchema } })
scorerSuite(fieldF1Scorer, { testCase: { expected: { a: 1 } } })
scorerSuite(classificationScorer, { options: { labels: ['yes', 'no'] }, testCase: { expected: 'yes' } })

function table<Options>(
  extension: ScorerExtension<Options>,
  rows: readonly (readonly [options: object, expected: unknown, answer: string | Partial<SystemOutput>, scores: Scores])[],
): void {
  for (const [options, expected, answer, scores] of rows) {
    const name = `${extension.id} ${JSON.stringify(options)} of ${JSON.stringify(answer)} against ${JSON.stringify(expected)}`
    test(`${name} [E2]`, async () => {
      const scorer = extension.create(extension.parseOptions(options), plainScorerParts)
      const testCase: EvaluationCase = evaluationCase(expected === undefined ? {} : { expected })
      const output = typeof answer === 'string' ? systemOutput(answer) : systemOutput('', answer)
      assert.deepEqual(await scorer.score(testCase, output), scores)
    })
  }
}

table(exactScorer, [
  [{}, 'Paris', ' Paris\n', { exact: 1 }],
  [{}, 'Paris', 'paris', { exact: 0 }],
  [{ fold: true }, 'Paris', 'PARIS', { exact: 1 }],
  [{ fold: true }, '1,250', '1250', { exact: 1 }],
  [{}, ['Paris', 'Lutetia'], 'Lutetia', { exact: 1 }],
  [{ value: 'Rome' }, 'Paris', 'Rome', { exact: 1 }],
  [{}, 5, '5', { exact: 1 }],
  [{}, { b: 2, a: [1] }, '```json\n{"a":[1],"b":2}\n```', { exact: 1 }],
  [{}, { a: 1 }, 'It is {"a":1}', { exact: 0 }],
  [{}, 'Paris', { text: 'Paris', abstained: true }, { exact: 0 }],
  [{}, undefined, 'Paris', {}],
])
table(containsScorer, [
  [{}, '25 days', 'You get 25 days.', { contains: 1 }],
  [{ all: ['25', 'leave'] }, undefined, 'Leave is 25 days', { contains: 1 }],
  [{ all: ['25', 'leave'] }, undefined, '25 days', { contains: 0 }],
  [{ any: ['23', '25'] }, undefined, '25 days', { contains: 1 }],
  [{ any: '5' }, undefined, '25 days', { contains: 0 }],
  [{ any: '5', match: 'text' }, undefined, '25 days', { contains: 1 }],
  [{ all: 'Days', match: 'text' }, undefined, '25 days', { contains: 0 }],
  [{ all: 'Days', match: 'folded-text' }, undefined, '25 days', { contains: 1 }],
  [{ not: 'sorry' }, undefined, 'Sorry, no.', { contains: 0 }],
  [{ any: ['25'], not: ['sorry'] }, undefined, '25 days', { contains: 1 }],
  [{}, undefined, 'anything', {}],
])
table(regexScorer, [
  [{ pattern: '^\\d{4}$' }, undefined, '2026', { regex: 1 }],
  [{ pattern: '^\\d{4}$' }, undefined, 'in 2026', { regex: 0 }],
  [{ pattern: 'SORRY', flags: 'i', not: true }, undefined, 'sorry', { regex: 0 }],
  [{ pattern: 'SORRY', not: true }, undefined, 'sorry', { regex: 1 }],
  [{ pattern: '\\p{Script=Han}' }, undefined, '東京', { regex: 1 }],
])
table(numericScorer, [
  [{ value: 25 }, undefined, 'It is 25.', { numeric: 1 }],
  [{}, 25, 'It is 25 days', { numeric: 1 }],
  [{}, '25 days', 'It is 600 hours', { numeric: 1 }],
  [{ value: 2, unit: 'h' }, undefined, 'In 2026 it takes 120 minutes for 3 people', { numeric: 1 }],
  [{ value: 2, unit: 'h' }, undefined, 'It takes 2', { numeric: 1 }],
  [{ value: 2, unit: 'h' }, undefined, 'It takes 2 km', { numeric: 0 }],
  [{ value: 2, unit: 'h' }, undefined, 'It takes 2 of 3', { numeric: 0 }],
  [{ value: 1250 }, undefined, '1.250', { numeric: 1 }],
  [{ value: 1.25 }, undefined, '1.250', { numeric: 1 }],
  [{ value: 1250.5 }, undefined, '€ 1.250,50', { numeric: 1 }],
  [{ value: 1250.5 }, undefined, '1 250.50 EUR', { numeric: 1 }],
  [{ value: 1250.5, unit: '€' }, undefined, '1 250.50 USD', { numeric: 0 }],
  [{ value: 1250.5, unit: 'EUR' }, undefined, '€1,250.50', { numeric: 1 }],
  [{ value: 3_000_000, unit: '$' }, undefined, '$3m', { numeric: 1 }],
  [{ value: 3, unit: 'm' }, undefined, 'It is 3 m long', { numeric: 1 }],
  [{ value: 1.2e9 }, undefined, '1.2 billion', { numeric: 1 }],
  [{ value: -4 }, undefined, 'minus −4', { numeric: 1 }],
  [{ value: 1e-7 }, undefined, '1e-7', { numeric: 1 }],
  [{ value: 1e-7 }, undefined, '0', { numeric: 0 }],
  [{ value: 100, tolerance: { relative: 0.05 } }, undefined, '105', { numeric: 1 }],
  [{ value: 100, tolerance: { relative: 0.05 } }, undefined, '105.1', { numeric: 0 }],
  [{ value: 100, tolerance: { absolute: 6, relative: 0.05 } }, undefined, '106', { numeric: 1 }],
  [{ value: 24, unit: '%' }, undefined, '24 percent', { numeric: 1 }],
  [{ value: 25, pick: 'any' }, undefined, '25 of 26', { numeric: 1 }],
  [{ value: 25 }, undefined, '25 of 26', { numeric: 0 }],
  [{ value: 25, pick: 'first' }, undefined, '25 of 26', { numeric: 1 }],
  [{ value: 25, pick: 'only' }, undefined, '25 of 26', { numeric: 0 }],
  [{ value: 25 }, undefined, 'B25 and v2.25', { numeric: 0 }],
  [{ value: 25 }, undefined, '', { numeric: 0 }],
  [{}, 'no number', '25', {}],
])
table(jsonSchemaScorer, [
  [{ schema: personSchema }, undefined, '{"name": "Ada", "age": 36}', { json_schema: 1 }],
  [{ schema: personSchema }, undefined, '```json\n{"name": "Ada"}\n```', { json_schema: 1 }],
  [{ schema: personSchema }, undefined, '{"name": "Ada", "age": 36.5}', { json_schema: 0 }],
  [{ schema: personSchema }, undefined, 'Here it is: {"name": "Ada"}', { json_schema: 0 }],
  [
    {
      schema: {
        $schema: 'http://json-schema.org/draft-07/schema#',
        type: 'array',
        items: [{ type: 'integer' }],
        additionalItems: false,
      },
    },
    undefined,
    '[1, 2]',
    { json_schema: 0 },
  ],
  [{ schema: { prefixItems: [{ type: 'integer' }], items: false } }, undefined, '[1]', { json_schema: 1 }],
])
const order = {
  customer: 'Ada',
  items: [
    { name: 'pen', price: 2 },
    { name: 'ink', price: 5 },
  ],
}
table(fieldF1Scorer, [
  [
    {},
    order,
    JSON.stringify({ items: [...order.items].reverse(), customer: 'ADA' }),
    { field_precision: 1, field_recall: 1, field_f1: 1 },
  ],
  [
    {},
    order,
    JSON.stringify({ customer: 'Ada', items: [order.items[0]] }),
    { field_precision: 1, field_recall: 3 / 5, field_f1: 6 / 8 },
  ],
  [{ fold: false }, { a: 'x' }, '{"a": "X"}', { field_precision: 0, field_recall: 0, field_f1: 0 }],
  [
    { fields: ['items[].price'] },
    order,
    '{"items": [{"price": 2}, {"price": 2}]}',
    { field_precision: 0.5, field_recall: 0.5, field_f1: 0.5 },
  ],
  [{}, order, 'no JSON', { field_precision: 0, field_recall: 0, field_f1: 0 }],
  [{}, { a: null }, '{}', { field_precision: 1, field_recall: 1, field_f1: 1 }],
  [{}, { a: 1 }, '{"a": "1"}', { field_precision: 0, field_recall: 0, field_f1: 0 }],
  [{}, 'no object', '{}', {}],
])
table(classificationScorer, [
  [{}, 'Hardware', 'hardware.', { accuracy: 1 }],
  [{}, 'Hardware', 'software', { accuracy: 0 }],
  [{ labels: ['hardware', 'software'] }, 'hardware', 'This is about hardware, I think.', { accuracy: 1 }],
  [{ labels: ['hardware', 'software'] }, 'hardware', 'hardware or software', { accuracy: 0 }],
  [{ labels: ['angry', 'very angry'] }, 'very angry', 'They are very angry', { accuracy: 1 }],
  [{}, ['a', 'b'], 'B', { accuracy: 1 }],
  [{ perLabel: true }, 'a', 'B', { accuracy: 0, 'recall.a': 0, 'precision.b': 0 }],
  [{ perLabel: true }, ['a', 'b'], 'B', { accuracy: 1, 'recall.b': 1, 'precision.b': 1 }],
  [{ perLabel: true, labels: ['a', 'b'] }, 'a', 'neither', { accuracy: 0, 'recall.a': 0 }],
  [{}, undefined, 'B', {}],
])
table(abstentionScorer, [
  [{}, undefined, { abstained: true }, { abstention: 0 }],
  [{}, undefined, 'answer', { abstention: 1 }],
])

const refused: readonly (readonly [extension: ScorerExtension, options: object, problem: RegExp])[] = [
  [regexScorer, { pattern: '(' }, /pattern: .*Invalid regular expression/],
  [regexScorer, { pattern: 'a', flags: 'g' }, /flags: takes some of/],
  [jsonSchemaScorer, { schema: { type: 'nonsense' } }, /schema: /],
  [numericScorer, { value: 1, unit: 'parsec' }, /unit: is no unit of the table/],
  [numericScorer, { tolerance: { relative: 2 } }, /tolerance\.relative: /],
  [containsScorer, { all: [] }, /all: /],
]
for (const [extension, options, problem] of refused) {
  test(`${extension.id} refuses ${JSON.stringify(options)} [E2]`, () => {
    assert.throws(
      () => extension.parseOptions(options),
      (error) => isTouchstoneError(error, 'CONFIG_INVALID') && problem.test(error.message),
    )
  })
}

test('a pattern that backtracks without end is stopped, and the case is unscored [E2]', async () => {
  const scorer = regexScorer.create(regexScorer.parseOptions({ pattern: '^(a+)+$' }), plainScorerParts)
  await assert.rejects(scorer.score(evaluationCase(), systemOutput(`${'a'.repeat(60)}b`)), { code: 'SCORE_UNAVAILABLE' })
  assert.deepEqual(await scorer.score(evaluationCase(), systemOutput('aaa')), { regex: 1 })
})
