import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { IndexHit } from '../../../contracts/document-index.ts'
import { indexRecord } from '../../../testing/document-index-records.ts'
import { toShares } from './dense-chunks.ts'

function hits(cosines: readonly number[]): readonly IndexHit[] {
  return cosines.map((score, at) => {
    const { terms: _terms, source: _source, language: _language, ...place } = indexRecord(`d${at}`, 0, 'x')
    return { ...place, score }
  })
}

const rows: readonly (readonly [what: string, cosines: readonly number[], shares: readonly number[]])[] = [
  ['the best is 1, half way to the mean is .5', [0.6, 0.35], [1, 0.5]],
  ['from half a deviation on down they fade out', [0.6, 0.125, 0.1, 0.075], [1, 0.05, 0.05 / Math.E, 0.05 / Math.E ** 2]],
  ['where the best lies at the mean nothing stands out', [0.1, 0.05], []],
  ['a best that stands one deviation above chance counts a third', [0.15, 0.125], [1 / 3, 1 / 6]],
  ['nothing found', [], []],
]
for (const [what, cosines, shares] of rows) {
  test(`shares: ${what}`, () => {
    const found = toShares(hits(cosines), { mean: 0.1, deviation: 0.05 }).map(({ score }) => score)
    assert.equal(found.length, shares.length)
    for (const [at, share] of shares.entries()) assert.ok(Math.abs((found[at] ?? 0) - share) < 1e-9, `${found[at]} for ${share}`)
  })
}

test('an encoder whose cosines are spread otherwise gives the same shares: one weight carries from encoder to encoder', () => {
  const standing = fc.double({ min: -2, max: 9, noNaN: true })
  const background = fc.record({
    mean: fc.double({ min: 0, max: 0.8, noNaN: true }),
    deviation: fc.double({ min: 0.01, max: 0.2, noNaN: true }),
  })
  fc.assert(
    fc.property(fc.array(standing, { maxLength: 20 }), background, background, (standings, one, other) => {
      const sorted = standings.toSorted((left, right) => right - left).filter((value) => Math.abs(value) > 1e-6)
      const shares = ({ mean, deviation }: typeof one): readonly number[] =>
        toShares(hits(sorted.map((value) => mean + value * deviation)), { mean, deviation }).map(({ score }) => score)
      const [left, right] = [shares(one), shares(other)]
      assert.equal(left.length, right.length)
      for (const [at, share] of left.entries())
        assert.ok(Math.abs(share - (right[at] ?? 0)) < 1e-6 && share > 0 && share <= 1 + 1e-9 && share <= (left[at - 1] ?? 1))
    }),
  )
})
