import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import fc from 'fast-check'
import type { IndexFilter, IndexHit, LexicalQuery } from '../../contracts/document-index.ts'
import { systemClock } from '../../foundation/concurrency/clock.ts'
import { indexRecord, scope } from '../../testing/document-index-records.ts'
import { seededRandom } from '../../testing/seeded-random.ts'
import { IndexTable } from './index-table.ts'
import { searchLexical, type SearchPlan } from './lexical-search.ts'
import { loadLanceDb } from './native.ts'

const ROWS = 900
const SCOPES = 40
const ALL_SCOPES = Array.from({ length: SCOPES }, (_, id) => id)
const COMMON_WORDS = 25

const EVERY_MATCH: SearchPlan = { fewScopes: 0, smallTable: Infinity, firstDepth: 1, lastDepth: 0, mostCandidates: 0 }
const PUSHED_DOWN: SearchPlan = { ...EVERY_MATCH, fewScopes: SCOPES, firstDepth: 0 }
/** As short lists as can be, so that they must grow and every bound is used. */
const BOUNDED: SearchPlan = { fewScopes: 0, smallTable: 0, firstDepth: 4, lastDepth: 1_000_000, mostCandidates: 1_000_000 }
const GIVING_UP: SearchPlan = { ...BOUNDED, lastDepth: 20, mostCandidates: 15 }

let [directory, table] = ['', undefined as IndexTable | undefined]

before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'touchstone-lexical-'))
  const { module, newSession } = await loadLanceDb()
  const connect = () => module.connect(directory, { readConsistencyInterval: 0 }, newSession())
  const setting = { module, connection: await connect(), connect, path: directory, clock: systemClock }
  table = await IndexTable.open(setting, 'chunks', { dimensions: undefined })
  const random = seededRandom(3)
  // Words as unequal as in texts, and texts so short that many rows score the same.
  const words = (count: number): string =>
    Array.from({ length: count }, () => `w${Math.floor(COMMON_WORDS * random() ** 2)}`).join(' ')
  const records = Array.from({ length: ROWS }, (_, i) =>
    indexRecord(`d${(i * 7_919) % ROWS}`, 0, words(1 + Math.floor(random() * 6)), {
      title: words(Math.floor(random() * 3)),
      // Readable rows lie unevenly: some scopes hold many, and long texts gather in a few.
      scope: scope(Math.floor(SCOPES * random() ** 2)),
      source: i % 3 === 0 ? 'wiki' : 'handbook',
    }),
  )
  for (let start = 0; start < ROWS; start += 300) await table.upsert(records.slice(start, start + 300))
  await table.optimise()
})

after(async () => {
  table?.close()
  await rm(directory, { recursive: true, force: true })
})

const terms = fc.uniqueArray(
  fc.nat(COMMON_WORDS).map((word) => `w${word}`),
  { minLength: 1, maxLength: 5 },
)
const weight = fc.constantFrom(0, 0.5, 1, 3)
const query: fc.Arbitrary<LexicalQuery> = fc.record({
  terms,
  further: fc.array(fc.record({ terms, weight: fc.constantFrom(0.5, 1) }), { maxLength: 2 }),
  fieldWeights: fc.record({ title: weight, path: fc.constant(0), headings: fc.constant(1), body: weight }),
})
const filter = fc.record({
  scopes: fc.uniqueArray(fc.nat(SCOPES - 1), { minLength: 1, maxLength: SCOPES }),
  source: fc.constantFrom(undefined, 'wiki'),
})

test('every plan gives the readable rows of the whole ranking, with the same scores, ties by id [A1]', async () => {
  const reader = await table?.read()
  assert.ok(reader?.folded)
  await fc.assert(
    fc.asyncProperty(query, filter, fc.integer({ min: 1, max: 60 }), async (asked, { scopes, source }, limit) => {
      const over = (ids: Iterable<number>): IndexFilter => ({
        scopes: Int32Array.from(ids),
        scopesTotal: SCOPES,
        ...(source === undefined ? {} : { sources: [source] }),
      })
      const whole = await searchLexical(reader, asked, over(ALL_SCOPES), ROWS, undefined, EVERY_MATCH)
      const expected = toPairs(whole.filter((hit) => scopes.includes(hit.scope)).slice(0, limit))
      const own = over(scopes)
      for (const plan of [EVERY_MATCH, PUSHED_DOWN, BOUNDED, GIVING_UP])
        assert.deepEqual(toPairs(await searchLexical(reader, asked, own, limit, undefined, plan)), expected)
    }),
    { numRuns: 60 },
  )
})

function toPairs(hits: readonly IndexHit[]): readonly (readonly [string, number])[] {
  return hits.map(({ id, score }) => [id, score])
}
