import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { editDistance, slipsOf } from './edit-distance.ts'

const rows: readonly [left: string, right: string, distance: number][] = [
  ['', '', 0],
  ['', 'ab', 2],
  ['leave', 'leave', 0],
  ['leave', 'leav', 1],
  ['leave', 'leavve', 1],
  ['leave', 'leace', 1],
  ['leave', 'laeve', 1],
  ['vacation', 'vacatoin', 1],
  ['accommodation', 'acomodation', 2],
  ['kitten', 'sitting', 3],
  ['ca', 'abc', 3],
  ['отпуск', 'отпсук', 1],
  ['𝒳y', 'y𝒳', 1],
]
for (const [left, right, distance] of rows)
  test(`${left || 'nothing'} to ${right || 'nothing'}: ${distance} [A5]`, () => {
    assert.equal(editDistance(left, right, 9), distance)
    assert.equal(editDistance(right, left, 9), distance)
    for (let most = 0; most < 3; most++) assert.equal(editDistance(left, right, most), Math.min(distance, most + 1))
  })

const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c', 'z'), minLength: 1, maxLength: 7 })

test('slips are exactly the words one edit away [A5]', () => {
  fc.assert(
    fc.property(word, word, (left, right) => {
      const slips = slipsOf(left, 'Latn')
      assert.equal(slips.includes(right), editDistance(left, right, 2) === 1)
      assert.equal(new Set(slips).size, slips.length)
      for (const slip of slips) assert.equal(editDistance(left, slip, 2), 1, slip)
    }),
  )
})

test('likelier slips come first, and a script without an alphabet has none [A5]', () => {
  const slips = slipsOf('leav', 'Latn')
  const order = ['leva', 'leavv', 'lea', 'leave', 'gleav', 'heav'].map((slip) => slips.indexOf(slip))
  assert.deepEqual(
    order,
    order.toSorted((left, right) => left - right),
  )
  assert(!order.includes(-1))
  assert.deepEqual(slipsOf('休暇', 'Jpan'), [])
})
