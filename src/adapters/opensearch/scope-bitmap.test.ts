import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { encodeScopes } from './scope-bitmap.ts'

/** Reads the portable Roaring format without runs, as its specification says. */
function decode(text: string): number[] {
  const bytes = Buffer.from(text, 'base64')
  assert.equal(bytes.readUInt32LE(0), 12_346)
  const containers = bytes.readUInt32LE(4)
  return Array.from({ length: containers }, (_, place) => {
    const high = bytes.readUInt16LE(8 + place * 4) * 65_536
    const count = bytes.readUInt16LE(10 + place * 4) + 1
    const offset = bytes.readUInt32LE(8 + containers * 4 + place * 4)
    if (count <= 4_096) return Array.from({ length: count }, (_value, at) => high + bytes.readUInt16LE(offset + at * 2))
    const bits = Array.from({ length: 65_536 }, (_value, low) => low)
    const set = bits.filter((low) => (bytes.readUInt8(offset + (low >> 3)) >> (low & 7)) & 1)
    assert.equal(set.length, count)
    return set.map((low) => high + low)
  }).flat()
}

test('a bitmap holds exactly the scopes that were put in [A1]', () => {
  const scopes = fc.oneof(
    fc.array(fc.integer({ min: 0, max: 2 ** 31 - 1 })),
    // Dense enough for containers that are bitmaps, across their border.
    fc.tuple(fc.integer({ min: 0, max: 70_000 }), fc.integer({ min: 1, max: 9_000 })).map(([from, count]) => Array.from({ length: count }, (_, i) => from + i)), // prettier-ignore
  )
  fc.assert(
    fc.property(scopes, (chosen) => {
      assert.deepEqual(
        decode(encodeScopes(chosen)),
        [...new Set(chosen)].sort((left, right) => left - right),
      )
    }),
    { numRuns: 60 },
  )
})

test('the example of the format: three values in two containers', () => {
  const expected = ['3a300000', '02000000', '00000100', '01000000', '18000000', '1c000000', '01000300', '0100']
  assert.equal(Buffer.from(encodeScopes([65_537, 1, 3]), 'base64').toString('hex'), expected.join(''))
})
