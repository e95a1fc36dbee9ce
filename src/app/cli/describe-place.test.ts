/** Places in words, one of each kind. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { PlaceFields } from '../../contracts/place.ts'
import { describePlace } from './describe-place.ts'

const rows: readonly (readonly [PlaceFields, string])[] = [
  [{ page: 3 }, ', page 3'],
  [{ slide: 4 }, ', slide 4'],
  [{ sheet: 'Budget', cells: 'A2:F9' }, ', Budget!A2:F9'],
  [{}, ''],
]
for (const [place, expected] of rows)
  test(`${JSON.stringify(place)} reads "${expected}" [A2]`, () => assert.equal(describePlace(place), expected))
