import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { cosine } from '../../testing/document-index-vector-suite.ts'
import { DirectionMatrix } from './direction-matrix.ts'

function cosines(matrix: DirectionMatrix, query: Float32Array, slots: Int32Array): Float32Array {
  const found = new Float32Array(slots.length)
  matrix.compare(query, slots, () => true, (place, value) => void (found[place] = value)) // prettier-ignore
  return found
}

const values = (dimensions: number) => fc.int8Array({ minLength: dimensions, maxLength: dimensions, min: -127, max: 127 })

test('a cosine is that of plain arithmetic, at every number of dimensions and in whatever order rows came', () => {
  const matrix = fc
    .integer({ min: 1, max: 70 })
    .chain((dimensions) => fc.tuple(fc.constant(dimensions), fc.array(values(dimensions), { minLength: 1, maxLength: 20 })))
  const queries = fc.array(fc.float({ min: -1, max: 1, noNaN: true }), { minLength: 70, maxLength: 70 })
  fc.assert(
    fc.property(matrix, queries, ([dimensions, rows], numbers) => {
      const filled = new DirectionMatrix(dimensions)
      const slots = rows.map((row) => filled.append(row)).filter((slot) => filled.hasDirection(slot))
      const query = Float32Array.from(numbers.slice(0, dimensions))
      const found = cosines(filled, query, Int32Array.from(slots.toReversed()))
      for (const [at, slot] of slots.toReversed().entries()) {
        const expected = cosine(query, rows[slot] ?? [])
        assert.ok(Math.abs((found[at] ?? 0) - expected) < 2e-4, `${found[at]} for ${expected}`)
      }
    }),
  )
})

for (const dimensions of [384, 1_536, 4_096]) {
  test(`the largest values of ${dimensions} dimensions do not overflow, over more rows than fit into one page`, () => {
    const matrix = new DirectionMatrix(dimensions)
    const count = 400
    matrix.append(new Int8Array(dimensions * count).fill(127))
    matrix.append(new Int8Array(dimensions).fill(-127))
    const found = cosines(
      matrix,
      new Float32Array(dimensions).fill(1),
      Int32Array.from({ length: count + 1 }, (_, slot) => slot),
    )
    assert.ok(found.subarray(0, count).every((value) => Math.abs(value - 1) < 1e-4))
    assert.ok(Math.abs((found[count] ?? 0) + 1) < 1e-4)
  })
}

test('only what is kept is compared, over more than one block', () => {
  const matrix = new DirectionMatrix(1)
  const slots = Int32Array.from({ length: 10_000 }, () => matrix.append(Int8Array.of(1)))
  const visited: number[] = []
  matrix.compare(Float32Array.of(1), slots, (place) => place % 3 === 1, (place) => void visited.push(place)) // prettier-ignore
  assert.deepEqual(visited, [...slots.keys()].filter((place) => place % 3 === 1)) // prettier-ignore
  matrix.compare(Float32Array.of(1), slots, () => false, () => assert.fail('none is kept')) // prettier-ignore
})
