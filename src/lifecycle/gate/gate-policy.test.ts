/** What gate.yaml may say, and what is said of one that is wrong. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isTouchstoneError } from '../../foundation/errors/touchstone-error.ts'
import { defaultPolicy, parseGatePolicy } from './gate-policy.ts'

test('an empty policy is the default one [E5]', () => {
  assert.deepEqual(parseGatePolicy('', 'gate.yaml'), defaultPolicy)
  assert.deepEqual(
    [defaultPolicy.alpha, defaultPolicy.power, defaultPolicy.maxUnpaired, defaultPolicy.onInconclusive, defaultPolicy.metrics],
    [0.05, 0.8, 0.02, 'canary', undefined],
  )
})

test('every problem is named at once with its path [E5]', () => {
  const text = `
alpha: 2
metrics:
  correct: { margin: -1, beter: higher }
  leaked: { margin: 0.1 }
mustNever: { other: { maxRate: 3 } }
slices: { gating: [german] }
onInconclusive: shrug
waivers: [{ metric: correct, reason: "", expires: tomorrow }]
maxUnpared: 0.1
`
  assert.throws(
    () => parseGatePolicy(text, 'gate.yaml'),
    (error: unknown) => {
      assert.ok(isTouchstoneError(error, 'GATE_POLICY_INVALID'))
      const places = ['alpha', 'metrics.correct.margin', 'beter', 'mustNever.other.maxRate', 'slices.gating[0]', 'onInconclusive']
      for (const place of [...places, 'waivers[0].name', 'waivers[0].reason', 'waivers[0].expires', 'maxUnpared'])
        assert.ok(error.message.includes(place), `${place} in ${error.message}`)
      return true
    },
  )
})

const wrong: readonly (readonly [string, RegExp])[] = [
  ['metrics: { a: { margin: 0.1 } }\nmustNever: { a: {} }', /mustNever.a: stands under metrics, too/],
  ['alpha: 0.2\npower: 0.1', /power: must be above alpha/],
  ['metrics: [', /problem/],
  ['- a', /expected object/],
  ['alpha: 0.05\nalpha: 0.1', /unique/],
]
for (const [text, message] of wrong)
  test(`refused: ${JSON.stringify(text)} [E5]`, () => {
    assert.throws(() => parseGatePolicy(text, 'gate.yaml'), message)
  })
