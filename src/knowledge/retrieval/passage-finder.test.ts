import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, beforeEach, describe, test } from 'node:test'
import fc from 'fast-check'
import { createLanceDbEngine } from '../../adapters/lancedb/lancedb-index.ts'
import type { AccessControl, Asker } from '../../contracts/asker.ts'
import type { Passage } from '../../contracts/document.ts'
import type { DocumentIndex, IndexRecord } from '../../contracts/document-index.ts'
import type { DocumentReader, DocumentWithText } from '../../contracts/document-store.ts'
import type { ChunkId, DocumentId, DocumentVersion, ScopeId, TenantId } from '../../contracts/identity.ts'
import type { RetrievalSettings } from '../../contracts/release.ts'
import type { MetadataFilter, PassageFinder, Reranker, RetrievalQuestion } from '../../contracts/retrieval.ts'
import { analyseQuery, analyseText, prepareAnalysis } from '../../foundation/text/analysis.ts'
import { createPassageFinder } from './passage-finder.ts'
import { byScoreThenChunk } from './passage-selection.ts'
import { createRerankers } from './rerankers/catalog.ts'
import { createFirstStage } from './retrievers/catalog.ts'

/** State as plain maps: what is stored and who may read it, changed by tests without telling the index. */
class State {
  readonly stored = new Map<DocumentId, DocumentWithText>()
  readonly unreadable = new Set<DocumentId>()
  loads = 0

  readonly documents: DocumentReader = {
    load: async (_tenant, ids) => {
      this.loads++
      return new Map(ids.flatMap((id) => (this.stored.has(id) ? [[id, this.stored.get(id)!] as const] : [])))
    },
    versionText: async (_tenant, id) => this.stored.get(id)?.text,
    matching: async (_tenant, filter) => [...this.stored].filter(([, found]) => satisfies(found, filter)).map(([id]) => id),
    languages: async () => ['en', 'de'],
    readableValues: async () => ({ sources: ['handbook'], languages: ['de', 'en'] }),
    countReadable: async (_tenant, scopes) => ({
      documents: [...this.stored.values()].filter(({ document }) => scopes.includes(document.scope)).length,
      sources: ['handbook'],
    }),
  }

  readonly access: AccessControl = {
    authorise: async () => asker([1]),
    readableNow: async (_asker, ids) => new Set(ids.filter((id) => !this.unreadable.has(id))),
  }
}

function satisfies({ document }: DocumentWithText, filter: MetadataFilter): boolean {
  return Object.entries(filter).every(
    ([key, value]) => String(document[key as keyof typeof document] ?? document.metadata[key]) === value,
  )
}

function asker(scopes: readonly number[], total = 10): Asker {
  const readable = { ids: Int32Array.from(scopes), total, generation: 1 }
  return { tenant: 'main' as TenantId, user: 'maria', principals: new Set(), principalsHash: 'h', readable }
}

const SETTINGS: RetrievalSettings = {
  passages: 8,
  candidates: 50,
  documentWeight: 0.3,
  denseWeight: 0.5,
  rerankers: ['proximity'],
  queryRewriters: [],
}

interface Draft {
  readonly path: string
  readonly title?: string
  readonly paragraphs: readonly string[]
  readonly scope?: number
  readonly language?: string
  readonly metadata?: Record<string, unknown>
}

describe('passage finder', () => {
  let directory = ''
  let index: DocumentIndex
  let state: State
  let finder: PassageFinder
  let made = 0
  let given: readonly Passage[] = []
  const keepers = [0, 16, 90].map((pool): Reranker => ({
    id: `keep-${pool}`,
    ...(pool === 0 ? {} : { pool }),
    rerank: async (_query, passages) => (given = passages),
  }))

  before(async () => {
    await prepareAnalysis(['en', 'de'])
    directory = await mkdtemp(join(tmpdir(), 'touchstone-finder-'))
  })
  after(async () => rm(directory, { recursive: true, force: true }))
  beforeEach(async () => {
    state = new State()
    index = await createLanceDbEngine({ directory }).open('main', `definition-${made++}`)
    finder = createPassageFinder({
      retrievers: createFirstStage({ index }),
      externals: new Map(),
      log: () => {},
      externalDocuments: { remember: () => {} },
      chunker: { chunk: () => [] },
      chunksOf: (documents, filter) => index.chunksOf(documents, filter),
      rerankers: new Map([...createRerankers(), ...keepers.map((keeper) => [keeper.id, keeper] as const)]),
      documents: state.documents,
      access: state.access,
      analyse: (text, languages) => ({ text, ...analyseQuery(text, { languages }) }),
    })
  })

  async function store(...drafts: readonly Draft[]): Promise<void> {
    const records = drafts.map((draft) => toRecords(draft, state))
    await index.upsert(
      'chunks',
      records.flatMap(({ chunks }) => chunks),
    )
    await index.upsert(
      'documents',
      records.map(({ document }) => document),
    )
  }
  const find = (question: string | RetrievalQuestion, who = asker([1]), settings: Partial<RetrievalSettings> = {}) =>
    finder.find(
      typeof question === 'string' ? { text: question, variants: [] } : question,
      who,
      { ...SETTINGS, ...settings },
      new AbortController().signal,
    )
  const paths = async (...args: Parameters<typeof find>): Promise<readonly string[]> =>
    (await find(...args)).passages.map(({ path }) => path)

  const leave: Draft = {
    path: 'leave.md',
    title: 'Annual leave',
    paragraphs: ['Employees get 25 days of annual leave.', 'Carry over ends in March.'],
  }
  const travel: Draft = {
    path: 'travel.md',
    title: 'Travel expenses',
    paragraphs: ['Book trains in second class.', 'Claim expenses within 30 days.'],
  }

  test('the passage that answers comes first, with its place in the stored text and a relative score', async () => {
    await store(leave, travel)
    const { passages, searched, withheld } = await find('How many days of annual leave do I get?')
    const [best] = passages
    assert.equal(best?.chunk, 'handbook:leave.md#0')
    assert.equal(best.score, 1)
    const stored = state.stored.get(best.document)
    assert.equal(best.text, stored?.text.slice(best.start, best.end))
    assert.equal(best.version, stored?.document.version)
    assert.deepEqual(best.headingPath, ['Section'])
    assert.ok(passages.every(({ score }) => score >= 0 && score <= 1))
    assert.deepEqual(searched, { documents: 2, sources: ['handbook'] })
    assert.equal(withheld, 0)
    assert.equal(state.loads, 1)
  })

  test('nothing is found for stop words in an empty index, for no readable scope, for a question of nothing', async () => {
    assert.deepEqual((await find('annual leave')).passages, [])
    await store(leave)
    assert.deepEqual((await find('annual leave', asker([]))).passages, [])
    assert.deepEqual((await find('?!')).passages, [])
  })

  const distrusted: readonly (readonly [what: string, change: () => void])[] = [
    [
      'its permission was taken away in the state, not in the index',
      () => state.unreadable.add('handbook:leave.md' as DocumentId),
    ],
    ['it was deleted in the state, not in the index', () => state.stored.delete('handbook:leave.md' as DocumentId)],
    ['the state has another version', () => replaceStored(state, 'handbook:leave.md', { version: 'v2' })],
    [
      'what was loaded lay where the asker does not read, though the document now lies elsewhere',
      () => replaceStored(state, 'handbook:leave.md', { scope: 2 }),
    ],
    ['its span lies outside the stored text', () => replaceStored(state, 'handbook:leave.md', { text: 'short' })],
  ]
  for (const [what, change] of distrusted) {
    test(`the second lock drops a chunk when ${what}, and fills up with others [A1]`, async () => {
      await store(leave, { ...travel, paragraphs: ['Annual leave and travel.', 'More annual leave.'] })
      change()
      const { passages, withheld } = await find('annual leave', asker([1]), { passages: 2 })
      assert.deepEqual(new Set(passages.map(({ path }) => path)), new Set(['travel.md']))
      assert.equal(passages.length, 2)
      assert.equal(withheld, 2)
    })
  }

  test('for any permissions, only passages that both the filter and the state allow are returned [A1]', async () => {
    const drafts = Array.from({ length: 30 }, (_, i): Draft => ({
      path: `d${i}.md`,
      paragraphs: ['annual leave', 'leave days'],
      scope: 1 + (i % 6),
    }))
    await store(...drafts)
    await index.optimise()
    const documents = drafts.map(({ path }) => `handbook:${path}` as DocumentId)
    await fc.assert(
      fc.asyncProperty(fc.subarray([1, 2, 3, 4, 5, 6]), fc.subarray(documents), async (scopes, revoked) => {
        state.unreadable.clear()
        for (const id of revoked) state.unreadable.add(id)
        const { passages } = await find('annual leave', asker(scopes), { passages: 20, candidates: 100 })
        const allowed = drafts.filter(
          ({ path, scope = 1 }) => scopes.includes(scope) && !revoked.includes(`handbook:${path}` as DocumentId),
        )
        const allowedPaths = new Set(allowed.map(({ path }) => path))
        assert.ok(passages.every(({ path }) => allowedPaths.has(path)))
        assert.equal(passages.length, Math.min(20, allowed.length * 2))
      }),
      { numRuns: 25 },
    )
  })

  test('a filter restricts to documents that satisfy it; one that nothing satisfies finds nothing', async () => {
    await store(
      { ...leave, metadata: { team: 'people' } },
      { ...travel, paragraphs: ['Annual leave while travelling.'], metadata: { team: 'finance' } },
    )
    assert.deepEqual(await paths({ text: 'annual leave', variants: [], filter: { team: 'finance' } }), ['travel.md'])
    assert.deepEqual(await paths({ text: 'annual leave', variants: [], filter: { team: 'legal' } }), [])
  })

  test('the variants are searched too, and count less than the question', async () => {
    await store(leave, travel)
    const found = await paths({ text: 'annual leave', variants: ['travel expenses', 'Annual LEAVE'] })
    assert.equal(found[0], 'leave.md')
    assert.ok(found.includes('travel.md'))
  })

  test('one document does not crowd out the others, and still fills up when there are no others', async () => {
    const long: Draft = {
      path: 'long.md',
      title: 'Leave',
      paragraphs: Array.from({ length: 9 }, (_, i) => `annual leave rule ${i}`),
    }
    await store(long)
    assert.equal((await paths('annual leave', asker([1]), { passages: 6 })).length, 6)
    await store(
      ...['a', 'b', 'c', 'd'].map((name): Draft => ({
        path: `${name}.md`,
        title: 'Leave',
        paragraphs: ['annual leave also here'],
      })),
    )
    const found = await paths('annual leave', asker([1]), { passages: 8 })
    assert.equal(found.filter((path) => path === 'long.md').length, 4)
    assert.equal(found.length, 8)
  })

  test('with a depth, documents behind those of the passages follow, best first, and the passages stay as they were [E2]', async () => {
    const names = Array.from({ length: 30 }, (_, place) => `page-${String(place).padStart(2, '0')}`)
    await store(...names.map((name, place): Draft => ({ path: `${name}.md`, paragraphs: [`leave ${'word '.repeat(place)}`] })))
    const settings = { passages: 5, candidates: 12 }
    const usual = await find('leave', asker([1]), settings)
    assert.equal(usual.further, undefined)
    const deep = await find({ text: 'leave', variants: [], depth: 25 }, asker([1]), settings)
    assert.deepEqual(deep.passages, usual.passages)
    // The shorter a page, the better it fits.
    const ranked = [...deep.passages.map(({ document }) => document), ...(deep.further ?? [])]
    assert.deepEqual(
      ranked,
      names.slice(0, 25).map((name) => `handbook:${name}.md`),
    )
  })

  test('documents behind the passages are only those that may be read now [A4]', async () => {
    const names = Array.from({ length: 12 }, (_, place) => `page-${place}`)
    await store(
      ...names.map((name, place): Draft => ({ path: `${name}.md`, paragraphs: ['annual leave'], scope: 1 + (place % 2) })),
    )
    const closed = 'handbook:page-10.md' as DocumentId
    state.unreadable.add(closed)
    const { passages, further = [] } = await find({ text: 'leave', variants: [], depth: 100 }, asker([1]), {
      passages: 2,
      candidates: 10,
    })
    const found = [...passages.map(({ document }) => document), ...further].sort()
    assert.deepEqual(
      found,
      [0, 2, 4, 6, 8].map((place) => `handbook:page-${place}.md`),
    )
  })

  test('a superseded policy comes after the current one, unless its year is asked for', async () => {
    const text = (days: number): readonly string[] => [`Employees get ${days} days of annual leave.`]
    const old: Draft = {
      path: 'leave-2022.md',
      title: 'Annual leave',
      paragraphs: text(24),
      metadata: { status: 'superseded', effective: '2022-01-01' },
    }
    await store(old, { ...old, path: 'leave-2024.md', paragraphs: [...text(28), 'Nothing else.'], metadata: {} })
    assert.equal((await paths('days of annual leave'))[0], 'leave-2024.md')
    const { passages } = await find('days of annual leave')
    assert.ok(passages.find(({ path }) => path === 'leave-2022.md')!.score < 0.6)
    assert.equal((await paths('days of annual leave in 2022'))[0], 'leave-2022.md')
  })

  test('a German question finds German text, and the order is the same in every run', async () => {
    await store(leave, {
      path: 'urlaub.md',
      title: 'Urlaub',
      language: 'de',
      paragraphs: ['Angestellte bekommen 30 Urlaubstage im Jahr.'],
    })
    const first = await find('Wie viele Urlaubstage bekommt ein Angestellter?')
    assert.equal(first.passages[0]?.path, 'urlaub.md')
    for (let run = 0; run < 5; run++) assert.deepEqual(await find('Wie viele Urlaubstage bekommt ein Angestellter?'), first)
  })

  for (const [what, pool, seen] of [
    ['says nothing: twice what is wanted', 0, 10],
    ['is made for more: so many', 16, 16],
    ['is made for more than there are: all', 90, 30],
  ] as const)
    test(`a reranker gets candidates in their order, with the first stage's scores, and when it ${what} [A5]`, async () => {
      await store(...Array.from({ length: 30 }, (_, i): Draft => ({ path: `d${i}.md`, paragraphs: ['annual leave'] })))
      given = []
      const { passages } = await find('annual leave', asker([1]), { passages: 5, rerankers: [`keep-${pool}`] })
      assert.equal(passages.length, 5)
      assert.equal(given.length, seen)
      assert.deepEqual(given, given.toSorted(byScoreThenChunk))
      for (const { score, firstStage } of given) assert.equal(score, 0.7 * firstStage!.chunk + 0.3 * firstStage!.document)
    })

  test('an unknown reranker is named, and an aborted signal ends the search', async () => {
    await store(leave)
    await assert.rejects(find('leave', asker([1]), { rerankers: ['magic'] }), { code: 'CONFIG_INVALID', message: /magic/ })
    await assert.rejects(finder.find({ text: 'leave', variants: [] }, asker([1]), SETTINGS, AbortSignal.abort()), {
      name: 'AbortError',
    })
  })
})

function replaceStored(
  state: State,
  id: string,
  change: { readonly version?: string; readonly text?: string; readonly scope?: number },
): void {
  const found = state.stored.get(id as DocumentId)!
  const version = (change.version ?? found.document.version) as DocumentVersion
  const scope = (change.scope ?? found.document.scope) as ScopeId
  state.stored.set(id as DocumentId, { document: { ...found.document, version, scope }, text: change.text ?? found.text })
}

function toRecords(draft: Draft, state: State): { readonly chunks: readonly IndexRecord[]; readonly document: IndexRecord } {
  const { path, title = path, paragraphs, scope = 1, language = 'en', metadata = {} } = draft
  const id = `handbook:${path}` as DocumentId
  const text = paragraphs.join('\n\n')
  const terms = (part: string): string => analyseText(part, language).join(' ')
  const shared = {
    document: id,
    version: 'v1' as DocumentVersion,
    scope: scope as ScopeId,
    source: 'handbook',
    language,
    place: '',
  }
  const names = { title: terms(title), path: terms(path), headings: '' }
  let start = 0
  const chunks = paragraphs.map((paragraph, ordinal): IndexRecord => {
    const span = { start, end: start + paragraph.length }
    start = span.end + 2
    return {
      ...shared,
      ...span,
      id: `${id}#${ordinal}` as ChunkId,
      ordinal,
      headingPath: 'Section',
      terms: { ...names, body: `${names.title} ${names.headings} ${terms(paragraph)}` },
    }
  })
  const stored = {
    id,
    source: 'handbook',
    path,
    version: shared.version,
    title,
    language,
    mediaType: 'text/markdown',
    scope: shared.scope,
    metadata,
    modifiedAtMs: 0,
    indexedAtMs: 0,
  }
  state.stored.set(id, { document: stored, text })
  const document = {
    ...shared,
    id: `${id}#` as ChunkId,
    ordinal: -1,
    start: 0,
    end: text.length,
    headingPath: '',
    terms: { ...names, body: `${names.title} ${terms(text)}` },
  }
  return { chunks, document }
}
