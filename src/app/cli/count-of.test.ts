/** One of a thing, and any other number of it. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { countOf } from './count-of.ts'

test('only one is singular [I5]', () => {
  assert.deepEqual(
    [0, 1, 2, 21].map((count) => countOf(count, 'chunk')),
    ['0 chunks', '1 chunk', '2 chunks', '21 chunks'],
  )
})
