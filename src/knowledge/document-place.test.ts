/** Places: cells counted in letters, ranges that span, and the way into the index and back. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Place } from '../contracts/place.ts'
import { cellRange, decodePlace, encodePlace, isSeparatePart, readCell, spanPlaces } from './document-place.ts'

test('cells are named as spreadsheets name them', () => {
  const names = [[1, 1, 'A1'], [9, 26, 'Z9'], [1, 27, 'AA1'], [2, 702, 'ZZ2'], [3, 703, 'AAA3'], [1_048_576, 16_384, 'XFD1048576']] as const // prettier-ignore
  for (const [row, column, name] of names) {
    assert.equal(cellRange(row, column, row, column), name)
    assert.deepEqual(readCell(name), { row, column })
  }
  for (const name of ['', 'A', '7', 'A0', 'A1.5', '$A$1', 'A1:B2']) assert.deepEqual(readCell(name), { row: 0, column: 0 })
})

const spans: readonly (readonly [Place | undefined, Place | undefined, Place | undefined])[] = [
  [{ page: 2 }, { page: 3 }, { page: 2 }],
  [{ slide: 2 }, { slide: 2 }, { slide: 2 }],
  [undefined, { page: 3 }, undefined],
  [
    { sheet: 'S', cells: 'B2:D2' },
    { sheet: 'S', cells: 'A9:C9' },
    { sheet: 'S', cells: 'A2:D9' },
  ],
  [
    { sheet: 'S', cells: 'B2' },
    { sheet: 'S', cells: 'B2' },
    { sheet: 'S', cells: 'B2' },
  ],
  [
    { sheet: 'S', cells: 'B2' },
    { sheet: 'T', cells: 'C3' },
    { sheet: 'S', cells: 'B2' },
  ],
  [
    { part: '2', attachment: 'a.csv', sheet: 'S', cells: 'A1' },
    { part: '2', attachment: 'a.csv', sheet: 'S', cells: 'B2' },
    { part: '2', attachment: 'a.csv', sheet: 'S', cells: 'A1:B2' },
  ],
]
for (const [first, last, expected] of spans)
  test(`from ${encodePlace(first)} to ${encodePlace(last)} [A2]`, () => assert.deepEqual(spanPlaces(first, last), expected))

test('sheets, slides and attachments are parts, pages are not', () => {
  assert(isSeparatePart(undefined, { part: '2', attachment: 'a.txt' }))
  assert(isSeparatePart({ part: '2', attachment: 'a.txt' }, { part: '3', attachment: 'a.txt' }))
  assert(!isSeparatePart({ part: '2', attachment: 'a.pdf', page: 1 }, { part: '2', attachment: 'a.pdf', page: 2 }))
  assert(isSeparatePart({ slide: 1 }, { slide: 2 }))
  assert(isSeparatePart({ sheet: 'A', cells: 'A1' }, { sheet: 'B', cells: 'A1' }))
  assert(!isSeparatePart({ sheet: 'A', cells: 'A1' }, { sheet: 'A', cells: 'A2' }))
  assert(!isSeparatePart({ page: 1 }, { page: 2 }))
})

test('any place survives the index', () => {
  const plain = { noNullPrototype: true } as const
  const anyPlace = fc.oneof(
    fc.record({ page: fc.nat() }, plain),
    fc.record({ slide: fc.nat() }, plain),
    fc.record({ sheet: fc.string(), cells: fc.string() }, plain),
    fc.constant(undefined),
  )
  fc.assert(fc.property(anyPlace, (place) => assert.deepEqual(decodePlace(encodePlace(place)), place)))
})
