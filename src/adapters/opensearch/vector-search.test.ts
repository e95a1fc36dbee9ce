import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { splitQuery } from './vector-search.ts'

const value = fc.float({ min: -1, max: 1, noNaN: true })

test('a question in whole numbers up to 127 points where the question points, to 0.00002 of its length', () => {
  const query = fc
    .array(value, { minLength: 1, maxLength: 40 })
    .filter((values) => values.some((entry) => Math.abs(entry) > 1e-30))
  fc.assert(
    fc.property(query, (values) => {
      const parts = splitQuery(Float32Array.from(values))
      for (const part of parts) {
        assert(part.values.every((entry) => Number.isInteger(entry) && Math.abs(entry) <= 127))
        assert(part.values.some((entry) => entry !== 0))
      }
      const largest = Math.max(...values.map(Math.abs))
      const length = Math.hypot(...values.map((entry) => entry / largest))
      for (const [at, entry] of values.entries()) {
        const said = parts.reduce((sum, part) => sum + (part.weight * (part.values[at] ?? 0)) / Math.hypot(...part.values), 0)
        assert(Math.abs(said - entry / largest / length) <= 2e-5, `${at}: ${said}`)
      }
    }),
  )
})

test('a question of whole numbers needs no second part', () => {
  assert.deepEqual(splitQuery(Float32Array.of(127, 0, -3)), [{ values: [127, 0, -3], weight: 1 }])
})
