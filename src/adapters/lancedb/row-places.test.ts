import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { RowPlaces } from './row-places.ts'

/** Row ids of few fragments, with gaps where rows were deleted, in any order. */
const rowId = fc.tuple(fc.nat(3), fc.nat(200)).map(([fragment, offset]) => fragment * 2 ** 32 + offset)

test('every row stands where the list has it, and no other row stands anywhere', () => {
  fc.assert(
    fc.property(fc.uniqueArray(rowId, { maxLength: 200 }), fc.array(rowId), (rows, others) => {
      const places = new RowPlaces(Float64Array.from(rows))
      for (const row of [...rows, ...others]) assert.equal(places.placeOf(row), rows.indexOf(row))
    }),
  )
})
