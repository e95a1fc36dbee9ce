import assert from 'node:assert/strict'
import { test } from 'node:test'
import { holdsUntil, lookedAfterAt } from './document-dates.ts'

const CHANGED = Date.UTC(2024, 5, 1)
const day = (time: number | undefined): string | undefined => (time === undefined ? time : new Date(time).toISOString())

const rows: readonly [metadata: Record<string, unknown>, lookedAfter: string | undefined, until: string | undefined][] = [
  [{}, '2024-06-01', undefined],
  [{ last_verified: '2023-02-03', date: '2020-01-01' }, '2023-02-03', undefined],
  [{ 'Last-Reviewed': '2023-02' }, '2023-02-01', undefined],
  [{ 'Last Updated': '2023-02-03T10:00:00+02:00' }, '2023-02-03', undefined],
  [{ date: 'last spring' }, '2024-06-01', undefined],
  [{ date: '2023-13-45' }, '2024-06-01', undefined],
  [{ date: null, updated: ['2023-01-01'] }, '2023-01-01', undefined],
  [{ valid_until: '2025-12-31' }, '2024-06-01', '2025-12-31'],
  [{ 'Review By': '2025-12-31', version: '2023-01-01' }, '2024-06-01', '2025-12-31'],
]
for (const [metadata, lookedAfter, until] of rows)
  test(`${JSON.stringify(metadata)} was looked after on ${lookedAfter} and holds until ${until ?? 'ever'} [A6]`, () => {
    assert.equal(day(lookedAfterAt({ metadata, modifiedAtMs: CHANGED })), `${lookedAfter}T00:00:00.000Z`)
    assert.equal(day(holdsUntil({ metadata })), until === undefined ? until : `${until}T23:59:59.999Z`)
  })

test('a source that knows no time of a change says nothing of age [A6]', () => {
  assert.equal(lookedAfterAt({ metadata: {}, modifiedAtMs: 0 }), undefined)
})
