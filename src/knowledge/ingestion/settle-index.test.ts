/** A run that dies between any two of its writes: what was visible stays whole, and the next run makes index and state agree. */
import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { createLanceDbEngine } from '../../adapters/lancedb/lancedb-index.ts'
import { openSqliteState } from '../../adapters/sqlite/open-sqlite-state.ts'
import type { AclDeclaration } from '../../contracts/acl.ts'
import type { DocumentIndex } from '../../contracts/document-index.ts'
import type { DocumentId, PrincipalId } from '../../contracts/identity.ts'
import type { DocumentParser } from '../../contracts/parser.ts'
import { systemClock } from '../../foundation/concurrency/clock.ts'
import { adoptIndex } from '../../foundation/storage/live-indexes.ts'
import { analyseText } from '../../foundation/text/analysis.ts'
import { inScopes } from '../../testing/document-index-records.ts'
import { generousLimits } from '../../testing/parser-suite.ts'
import { ingestDocuments } from '../ingest-documents.ts'
import { headingPathChunker } from './chunkers/heading-path.ts'
import type { IngestParts, IngestSource } from './ingest-parts.ts'
import { markdown } from './parsers/markdown.ts'
import { settleIndex } from './settle-index.ts'

/** Path to text and readers. */
type Pages = Readonly<Record<string, readonly [string, string]>>

const before: Pages = {
  'a.md': ['# A\n\nOne.', 'everyone'],
  'b.md': ['# B\n\nTwo.', 'everyone'],
  'c.md': ['# C\n\nThree.', 'everyone'],
}
const after: Pages = {
  'a.md': ['# A\n\nOne, edited.\n\n## More\n\nA second chunk.', 'everyone'],
  'b.md': ['# B\n\nTwo.', 'group:hr'],
  'd.md': ['# D\n\nFour, added.', 'everyone'],
}

test('a run that dies before or after any of its writes is mended by the next [A1, A4]', { timeout: 60_000 }, async (t) => {
  let died = 0
  for (let write = 0; ; write++) {
    const parts = await openParts(t, `write-${write}`)
    await ingest(before, parts)
    const dying = dieAt(parts.index, Math.floor(write / 2), write % 2 === 0 ? 'before' : 'after')
    const run = ingest(after, { ...parts, index: dying })
    if (!(await run.then(() => false, () => true))) break // prettier-ignore
    died++
    await assertVisibleIsWhole(parts)
    await ingest(after, parts)
    await assertAgreement(parts, Object.keys(after))
    assert.equal((await settleIndex(parts)).documents, 0, 'nothing is left to settle')
  }
  assert(died >= 10, `${died} deaths: fewer writes than there should be`)
})

test('settling twice changes nothing, and removes what no state speaks of [A1]', { timeout: 30_000 }, async (t) => {
  const parts = await openParts(t, 'twice')
  await ingest(before, parts)
  await parts.state.insertInto('index_pending').values({ tenant: 'main', definition: 'd1', document: 'docs:a.md' }).execute()
  await parts.state.insertInto('index_pending').values({ tenant: 'main', definition: 'd1', document: 'docs:never.md' }).execute()
  await parts.state.deleteFrom('documents').where('id', '=', 'docs:b.md').execute()
  await parts.state.insertInto('index_pending').values({ tenant: 'main', definition: 'd1', document: 'docs:b.md' }).execute()
  assert.equal((await settleIndex(parts)).documents, 3)
  assert.equal((await settleIndex(parts)).documents, 0)
  await assertAgreement(parts, ['a.md', 'c.md'])
})

async function openParts(t: TestContext, name: string): Promise<IngestParts> {
  const directory = await mkdtemp(join(tmpdir(), `touchstone-settle-${name}-`))
  const index = await createLanceDbEngine({ directory }).open('main', 'd1')
  const state = await openSqliteState(join(directory, 'state.sqlite'))
  t.after(async () => {
    await index.close()
    await state.destroy()
    await rm(directory, { recursive: true, force: true })
  })
  await adoptIndex(state, 'main', { name: 'd1', content: '{}' }, 'r1', 1)
  const chunker = headingPathChunker.create(headingPathChunker.parseOptions({}), {})
  const shared = {
    tenant: 'main',
    definition: 'd1',
    reading: 'r1',
    clock: systemClock,
    concurrency: 2,
    analysis: { terms: analyseText },
  }
  return { state, index, parser: inProcess, chunker, ...shared }
}

/** The real parser without its child process. */
const inProcess: DocumentParser = {
  parserFor: () => ({ id: markdown.id, version: markdown.version, mediaType: markdown.mediaType }),
  parse: (path, bytes) => markdown.create({}, {}).parse({ path, bytes, limits: generousLimits }),
  close: async () => {},
}

function ingest(pages: Pages, parts: IngestParts): Promise<unknown> {
  const source: IngestSource = {
    id: 'docs',
    kind: 'memory',
    connector: {
      list: async function* () {
        for (const [path, [text, reader]] of Object.entries(pages)) {
          const declaration: AclDeclaration = { all: [{ any: [reader as PrincipalId] }] }
          const access = [{ place: `reader:${reader}`, declaration }]
          yield { path, changeMark: text, sizeBytes: text.length, modifiedAtMs: 1, access }
        }
      },
      fetch: async ({ path }) => new TextEncoder().encode(pages[path]?.[0]),
    },
  }
  return ingestDocuments({ source, onProgress: () => {}, signal: new AbortController().signal }, parts)
}

/** The index of a process that is killed right before or right after its nth write. */
function dieAt(index: DocumentIndex, nth: number, when: 'before' | 'after'): DocumentIndex {
  let writes = 0
  const dying = async <Result>(write: () => Promise<Result>): Promise<Result> => {
    const dies = writes++ >= nth
    if (dies && when === 'before') throw new RangeError('killed')
    const result = await write()
    if (dies) throw new RangeError('killed')
    return result
  }
  return {
    upsert: (level, records) => dying(() => index.upsert(level, records)),
    deleteDocuments: (documents) => dying(() => index.deleteDocuments(documents)),
    moveScope: (documents, scope) => dying(() => index.moveScope(documents, scope)),
    optimise: () => dying(() => index.optimise()),
    searchLexical: (...query) => index.searchLexical(...query),
    chunksOf: (...query) => index.chunksOf(...query),
    snapshot: (name) => index.snapshot(name),
    restore: (name) => index.restore(name),
    inventory: () => index.inventory(),
    stats: () => index.stats(),
    close: () => index.close(),
  }
}

/** Of every visible document the index holds all chunks of the visible version, whatever else it holds. */
async function assertVisibleIsWhole({ state, index }: IngestParts): Promise<void> {
  const rows = await state.selectFrom('documents').select(['id', 'version', 'chunks']).execute()
  assert(rows.length >= 2)
  const everything = inScopes(Array.from({ length: 100 }, (_, scope) => scope))
  for (const row of rows) {
    const chunks = await index.chunksOf([row.id as DocumentId], everything)
    assert.equal(chunks.filter(({ version }) => version === row.version).length, row.chunks, `${row.id} is not whole`)
  }
}

/** The index holds exactly what the state speaks of, in the scopes that it says. */
async function assertAgreement({ state, index }: IngestParts, paths: readonly string[]): Promise<void> {
  const rows = await state.selectFrom('documents').select(['id', 'version', 'scope', 'chunks']).orderBy('id').execute()
  assert.deepEqual(rows.map(({ id }) => id), paths.map((path) => `docs:${path}`)) // prettier-ignore
  for (const row of rows) {
    const chunks = await index.chunksOf([row.id as DocumentId], inScopes([row.scope]))
    assert.deepEqual(chunks.map(({ version }) => version), Array.from({ length: row.chunks }, () => row.version), row.id) // prettier-ignore
  }
  const chunks = rows.reduce((sum, row) => sum + row.chunks, 0)
  assert.deepEqual((await index.stats()).records, { documents: rows.length, chunks })
  assert.deepEqual(await state.selectFrom('index_pending').selectAll().execute(), [])
}
