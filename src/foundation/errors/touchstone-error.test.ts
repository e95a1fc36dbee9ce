/** How a catalogue entry becomes a sentence. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { TouchstoneError } from './touchstone-error.ts'

const reasons: readonly (readonly [string, RegExp])[] = [
  ['cut off', /damaged: cut off\. Restore/],
  ['The file is cut off.', /damaged: The file is cut off\. Restore/],
]

for (const [reason, expected] of reasons)
  test(`a message has one full stop after "${reason}" [D1]`, () => {
    assert.match(new TouchstoneError('STATE_CORRUPT', { details: { path: 'state.sqlite', reason } }).message, expected)
  })

test('after a list of problems the cure begins its line [D1]', () => {
  const details = { path: 'a.ts', count: 1, problems: '  - server: is missing' }
  assert.match(new TouchstoneError('CONFIG_INVALID', { details }).message, /is missing\nCorrect/)
})
