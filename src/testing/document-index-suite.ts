/** What every document index must do, as tests. Knows the contract only; each engine's test file runs it. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import type { DocumentIndexEngine, IndexFilter, IndexShape, LexicalQuery } from '../contracts/document-index.ts'
import { document, ids, indexRecord, inScopes, scope, search, WEIGHTS, type WithIndex } from './document-index-records.ts'
import { SUITE_DIMENSIONS, vectorTests } from './document-index-vector-suite.ts'
import { lifeTests, writeTests } from './document-index-write-suite.ts'

export interface OpenedEngine {
  readonly engine: DocumentIndexEngine
  /** Ends the engine and removes what it stored. */
  dispose(): Promise<void>
}

export interface SuiteOptions {
  /** Whether the engine holds vectors: then it is tested with them too. */
  readonly vectors?: boolean
}

/** Runs every clause of the DocumentIndex contract against an engine; each test opens its own. */
export function documentIndexSuite(name: string, openEngine: () => Promise<OpenedEngine>, options: SuiteOptions = {}): void {
  const openWith =
    (shape?: IndexShape): WithIndex =>
    async (run) => {
      const { engine, dispose } = await openEngine()
      const index = await engine.open('main', 'definition-1', shape)
      try {
        await run(index, engine)
      } finally {
        await index.close()
        await dispose()
      }
    }
  const withIndex = openWith()
  describe(`${name}: search`, () => searchTests(withIndex))
  describe(`${name}: filter`, () => filterTests(withIndex))
  describe(`${name}: writes`, () => writeTests(withIndex))
  describe(`${name}: snapshots and handles`, () => lifeTests(withIndex))
  if (options.vectors === true)
    describe(`${name}: vectors`, () => vectorTests(openWith({ vectors: { dimensions: SUITE_DIMENSIONS } })))
}

function searchTests(withIndex: WithIndex): void {
  test('an empty index, an empty query and a query of unknown terms find nothing', () =>
    withIndex(async (index) => {
      assert.deepEqual(await search(index, 'leave'), [])
      await index.optimise()
      await index.upsert('chunks', [indexRecord('d', 0, 'annual leave')])
      assert.deepEqual(await search(index, ''), [])
      assert.deepEqual(await search(index, 'unheard'), [])
      assert.deepEqual(await search(index, 'leave', inScopes([1]), 10, 'documents'), [])
    }))

  test('a hit carries its record, and any one of the terms is enough', () =>
    withIndex(async (index) => {
      const record = indexRecord('handbook:leave.md', 7, 'annual leave', {
        place: '{"page":3}',
        headingPath: 'Time off\u001fAnnual',
      })
      await index.upsert('chunks', [record, indexRecord('e', 0, 'travel')])
      const [hit, ...others] = await search(index, 'leave unheard')
      assert.equal(others.length, 0)
      const { terms, source, language, ...carried } = record
      assert.ok(hit && terms && source && language && hit.score > 0)
      assert.deepEqual({ ...hit, score: 0 }, { ...carried, score: 0 })
    }))

  test('further terms are looked for in the body with their own weight, and add to what else is found', () =>
    withIndex(async (index) => {
      const filler = Array.from({ length: 20 }, (_, i) => indexRecord(`f${i}`, 0, `filler${i} words`))
      const titled = indexRecord('titled', 0, 'other', { title: 'holiday' })
      await index.upsert('chunks', [...filler, titled, indexRecord('leave', 0, 'leave'), indexRecord('holiday', 0, 'holiday')])
      const score = async (...further: NonNullable<LexicalQuery['further']>): Promise<ReadonlyMap<string, number>> => {
        const query = { terms: ['leave'], further, fieldWeights: WEIGHTS }
        const hits = await index.searchLexical('chunks', query, inScopes([1]), 10)
        return new Map(hits.map((hit) => [hit.document, hit.score]))
      }
      const [plain, half] = [await score(), await score({ terms: ['holiday'], weight: 0.5 })]
      assert.deepEqual([...half.keys()].sort(), ['holiday', 'leave'])
      assert.equal(half.get('leave'), plain.get('leave'))
      const said = await score({ terms: ['leave'], weight: WEIGHTS.body })
      const expected = 2 * (plain.get('leave') ?? 0)
      assert.ok(Math.abs((said.get('leave') ?? 0) - expected) <= 1e-5 * expected)
    }))

  test('the score is the weighted sum over fields, whether rows are folded in or not', () =>
    withIndex(async (index) => {
      const filler = Array.from({ length: 20 }, (_, i) => indexRecord(`f${i}`, 0, `filler${i} words`, { title: `title${i}` }))
      const both = indexRecord('both', 0, 'leave days', { title: 'leave policy' })
      await index.upsert('chunks', [...filler, indexRecord('title', 0, 'other days', { title: 'leave policy' }), both])
      await index.upsert('chunks', [indexRecord('body', 0, 'leave days', { title: 'other policy' })])
      const score = async (weights: typeof WEIGHTS): Promise<ReadonlyMap<string, number>> => {
        const hits = await index.searchLexical('chunks', { terms: ['leave'], fieldWeights: weights }, inScopes([1]), 10)
        return new Map(hits.map((hit) => [hit.document, hit.score]))
      }
      for (const step of ['as written', 'folded']) {
        if (step === 'folded') await index.optimise()
        const [title, body] = [
          await score({ title: 1, path: 0, headings: 0, body: 0 }),
          await score({ title: 0, path: 0, headings: 0, body: 1 }),
        ]
        const mixed = await score({ title: 4, path: 2, headings: 2, body: 1 })
        assert.deepEqual([...title.keys()].sort(), ['both', 'title'], step)
        for (const id of ['both', 'title', 'body']) {
          const expected = 4 * (title.get(id) ?? 0) + (body.get(id) ?? 0)
          assert.ok(Math.abs((mixed.get(id) ?? 0) - expected) <= 1e-5 * expected, `${step}: ${id}`)
        }
      }
    }))

  test('ties come by ascending id, also at the cut, and twenty runs agree', () =>
    withIndex(async (index) => {
      const same = Array.from({ length: 40 }, (_, i) =>
        indexRecord(`d${String(i).padStart(2, '0')}`, 0, 'leave', { title: 'leave' }),
      )
      await index.upsert('chunks', same.toReversed())
      await index.upsert('chunks', [indexRecord('z', 0, 'leave leave', { title: 'leave' })])
      await index.optimise()
      const expected = ['z#0', ...same.slice(0, 9).map(({ id }) => id)]
      for (let run = 0; run < 20; run++) assert.deepEqual(ids(await search(index, 'leave', inScopes([1]), 10)), expected)
    }))

  const awkward = [
    '"quoted"',
    "o'neil",
    'c++',
    'a:b',
    '+must',
    '-not',
    'AND',
    'OR',
    'NOT',
    'wild*',
    'fuzzy~2',
    'x^4',
    '(',
    ')',
    '\\',
    '%',
    '_',
  ]
  const scripts = ['Straße', 'STRASSE', 'İstanbul', 'ΣΊΣΥΦΟΣ', '休暇', 'हिन्दी', 'e\u0301', '👩‍👩‍👧', 'ﷺ', 'x'.repeat(300)]
  test('terms are matched as they are: no query syntax, no folding of case or accents', () =>
    withIndex(async (index) => {
      const terms = [...awkward, ...scripts]
      await index.upsert(
        'chunks',
        terms.map((term, i) => indexRecord(`d${i}`, 0, `${term} tail`)),
      )
      for (const step of ['as written', 'folded']) {
        if (step === 'folded') await index.optimise()
        for (const [i, term] of terms.entries()) assert.deepEqual(ids(await search(index, term)), [`d${i}#0`], `${step}: ${term}`)
        for (const term of ['straße', 'and', 'quoted', 'é', 'wild', 'stra'])
          assert.deepEqual(ids(await search(index, term)), [], term)
      }
    }))

  test('a question as long as a report finds what its rare words say', () =>
    withIndex(async (index) => {
      await index.upsert('chunks', [indexRecord('a', 0, 'word2500 word7'), indexRecord('b', 0, 'word7 else')])
      const report = Array.from({ length: 3_000 }, (_, i) => `word${i}`).join(' ')
      assert.deepEqual(ids(await search(index, report)), ['a#0', 'b#0'])
      assert.deepEqual(ids(await search(index, report.replaceAll('word', 'other'))), [])
    }))

  test('an aborted signal ends the search', () =>
    withIndex(async (index) => {
      await index.upsert('chunks', [indexRecord('d', 0, 'leave')])
      const query = { terms: ['leave'], fieldWeights: WEIGHTS }
      await assert.rejects(index.searchLexical('chunks', query, inScopes([1]), 10, AbortSignal.abort()), { name: 'AbortError' })
    }))
}

function filterTests(withIndex: WithIndex): void {
  test('no readable scopes, no hits; and a scope that the filter does not name is never shown [A1]', () =>
    withIndex(async (index) => {
      await index.upsert(
        'chunks',
        [1, 2, 3].map((id) => indexRecord(`d${id}`, 0, 'leave', { scope: scope(id) })),
      )
      assert.deepEqual(await search(index, 'leave', inScopes([])), [])
      assert.deepEqual(await search(index, 'leave', { scopes: new Int32Array(0), scopesTotal: 3 }), [])
      assert.deepEqual(await index.chunksOf([document('d1')], inScopes([])), [])
      assert.deepEqual(ids(await search(index, 'leave', { scopes: new Int32Array([1, 3]), scopesTotal: 2 })), ['d1#0', 'd3#0'])
      assert.deepEqual(ids(await index.chunksOf([document('d1'), document('d2')], inScopes([2]))), ['d2#0'])
    }))

  const narrowing: readonly (readonly [string, Partial<IndexFilter>, readonly string[]])[] = [
    ['sources', { sources: ['wiki'] }, ['c#0']],
    ['several sources', { sources: ['wiki', 'handbook'] }, ['a#0', 'b#0', 'c#0']],
    ['no source', { sources: [] }, []],
    ['languages', { languages: ['de'] }, ['b#0']],
    ['documents', { documents: [document('a'), document('unknown')] }, ['a#0']],
    ['no documents', { documents: [] }, []],
    ['every part must hold', { sources: ['wiki'], documents: [document('a')] }, []],
    ['a quote is no way out', { sources: ["x') OR ('1'='1"] }, []],
  ]
  for (const [what, part, expected] of narrowing) {
    test(`narrowing by ${what}`, () =>
      withIndex(async (index) => {
        await index.upsert('chunks', [
          indexRecord('a', 0, 'leave'),
          indexRecord('b', 0, 'leave', { language: 'de' }),
          indexRecord('c', 0, 'leave', { source: 'wiki' }),
          indexRecord('hidden', 0, 'leave', { scope: scope(9), source: 'wiki', language: 'de' }),
        ])
        assert.deepEqual(ids(await search(index, 'leave', inScopes([1], part))).toSorted(), expected)
        const all = ['a', 'b', 'c', 'hidden'].map(document)
        assert.deepEqual(ids(await index.chunksOf(all, inScopes([1], part))), expected)
      }))
  }

  test('any subset of scopes gives the unfiltered ranking without the rest: no plan changes the order or widens it [A1]', () =>
    withIndex(async (index) => {
      const scopes = 500
      const word = (i: number): string => ['leave', 'travel', 'salary', 'remote', 'laptop'][i % 5] ?? ''
      const records = Array.from({ length: 950 }, (_, i) =>
        indexRecord(`d${i}`, 0, Array.from({ length: 1 + (i % 7) }, (_word, j) => word(i * 3 + j * (i % 4))).join(' '), {
          title: word(i % 11),
          scope: scope(1 + ((i * 7) % scopes)),
        }),
      )
      await index.upsert('chunks', records)
      await index.optimise()
      const every = Array.from({ length: scopes }, (_, i) => i + 1)
      const readableOf = (chosen: Iterable<number>): IndexFilter => ({ scopes: new Set(chosen), scopesTotal: scopes })
      const ranking = await search(index, 'leave salary', readableOf(every), 1000)
      assert.ok(ranking.length > 300)
      const subset = fc.oneof(
        fc.subarray(every, { maxLength: 30 }),
        fc.subarray(every, { minLength: 400 }),
        fc.integer({ min: 1, max: scopes }).map((size) => every.slice(0, size)),
      )
      await fc.assert(
        fc.asyncProperty(subset, fc.integer({ min: 1, max: 60 }), async (chosen, limit) => {
          const hits = await search(index, 'leave salary', readableOf(chosen), limit)
          const may = new Set<number>(chosen)
          assert.deepEqual(ids(hits), ids(ranking.filter((hit) => may.has(hit.scope)).slice(0, limit)))
        }),
        { numRuns: 60 },
      )
    }))

  test('a hundred thousand readable scopes, and scopes far apart [A1]', () =>
    withIndex(async (index) => {
      const scopes = [1, 65_535, 65_536, 99_999, 100_001, 2_147_483_647]
      await index.upsert(
        'chunks',
        scopes.map((id) => indexRecord(`d${id}`, 0, 'leave', { scope: scope(id) })),
      )
      const most = { scopes: Int32Array.from({ length: 100_000 }, (_, i) => i + 1), scopesTotal: 100_002 }
      assert.deepEqual(ids(await search(index, 'leave', most)).toSorted(), ['d1#0', 'd65535#0', 'd65536#0', 'd99999#0'])
      const few = { scopes: new Set([65_536, 2_147_483_647]), scopesTotal: 100_002 }
      assert.deepEqual(ids(await search(index, 'leave', few)).toSorted(), ['d2147483647#0', 'd65536#0'])
    }))

  test('the readable few are found behind many better hits that may not be read', () =>
    withIndex(async (index) => {
      const hidden = Array.from({ length: 900 }, (_, i) =>
        indexRecord(`h${i}`, 0, 'salary', { title: 'salary', scope: scope(1000) }),
      )
      const open = Array.from({ length: 5 }, (_, i) =>
        indexRecord(`o${i}`, 0, 'our salary bands and other long text', { scope: scope(i + 1) }),
      )
      await index.upsert('chunks', [...hidden, ...open])
      const readable = { scopes: new Set(Array.from({ length: 990 }, (_, i) => i + 1)), scopesTotal: 1000 }
      assert.deepEqual(ids(await search(index, 'salary', readable, 3)), ['o0#0', 'o1#0', 'o2#0'])
    }))
}
