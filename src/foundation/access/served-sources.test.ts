/** Lag bounds: what no sync has confirmed for too long is read by nobody, through both locks, whatever the clock does. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { openSqliteState } from '../../adapters/sqlite/open-sqlite-state.ts'
import type { DocumentId, DocumentVersion, PrincipalId, TenantId } from '../../contracts/identity.ts'
import type { Clock } from '../concurrency/clock.ts'
import { publishDocuments } from '../storage/document-writer.ts'
import { setSourceState } from '../storage/source-repository.ts'
import type { StateDatabase } from '../storage/state-schema.ts'
import { createAccessControl } from './access-control.ts'
import { createPrincipalDirectory } from './principal-directory.ts'
import { putScope } from './scope-repository.ts'
import { createServedSources, type SourcePolicy } from './served-sources.ts'

const tenant = 'main' as TenantId
const caller = { tenant, user: 'ann' }
const MINUTE = 60_000
const BOUND_MINUTES = 30
const START = 1_800_000_000_000

/** Real time, and a wall clock that somebody sets. */
interface TwoClocks extends Clock {
  pass(ms: number): void
  set(byMs: number): void
}

function twoClocks(): TwoClocks {
  let real = 0
  let offset = START
  return {
    now: () => real + offset,
    elapsed: () => real,
    sleep: async () => {},
    after: () => () => {},
    pass: (ms) => void (real += ms),
    set: (byMs) => void (offset += byMs),
  }
}

const policy: SourcePolicy = {
  isConfigured: (source) => source.startsWith('c-'),
  maxLagMs: ({ id }) => (id.endsWith('-bound') ? BOUND_MINUTES * MINUTE : undefined),
}

async function publish(state: StateDatabase, source: string): Promise<DocumentId> {
  const declaration = { all: [{ any: ['everyone' as PrincipalId] }] }
  const { scope } = await putScope(state, tenant, source, [{ place: 'p', declaration }])
  const id = `${source}:d` as DocumentId
  const version = 'v' as DocumentVersion
  const rest = { title: '', language: 'en', mediaType: '', metadata: {}, modifiedAtMs: 0, indexedAtMs: 0 }
  const document = { id, source, path: 'd', version, scope, ...rest }
  await publishDocuments(state, tenant, [{ document, text: 't', changeMark: 'm', definition: 'x', chunks: 1 }])
  return id
}

interface World {
  readonly state: StateDatabase
  readonly clock: TwoClocks
  sync(source: string): Promise<void>
  /** What the two locks say, which must be the same. */
  reads(document: DocumentId): Promise<boolean>
}

async function world(): Promise<World> {
  const state = await openSqliteState(':memory:')
  await createPrincipalDirectory(state).putUser(tenant, { id: 'ann', name: '', disabled: false, groups: [] }, 'api')
  const clock = twoClocks()
  const served = createServedSources(state, clock, policy)
  const access = createAccessControl(state, served)
  return {
    state,
    clock,
    sync: async (id) => {
      await setSourceState(state, tenant, { id, kind: 'folder' }, 'ready', clock.now())
      await served.ids(tenant)
    },
    reads: async (document) => {
      const scopes = new Set((await access.authorise(caller)).readable.ids)
      const row = await state.selectFrom('documents').select('scope').where('id', '=', document).executeTakeFirstOrThrow()
      const late = (await access.readableNow(caller, [document])).has(document)
      assert.equal(scopes.has(row.scope), late, 'both locks agree')
      return late
    },
  }
}

test('a source is withheld when its last sync is older than its bound, and comes back after a sync [A4]', async () => {
  const { state, clock, sync, reads } = await world()
  const document = await publish(state, 'c-bound')
  assert.equal(await reads(document), false, 'documents of a source that was never read completely')
  await sync('c-bound')
  assert.equal(await reads(document), true)
  clock.pass(BOUND_MINUTES * MINUTE)
  assert.equal(await reads(document), true, 'at the bound')
  clock.pass(1)
  assert.equal(await reads(document), false, 'past it, at once')
  await setSourceState(state, tenant, { id: 'c-bound', kind: 'folder' }, 'failed')
  assert.equal(await reads(document), false, 'a run that fails brings nothing back')
  await sync('c-bound')
  assert.equal(await reads(document), true)
  await state.destroy()
})

test('without a bound age does not count; what is connected no longer is read by nobody [A4]', async () => {
  const { state, clock, sync, reads } = await world()
  const free = await publish(state, 'c-free')
  const removed = await publish(state, 'removed')
  const added = await publish(state, 'added')
  const unknown = await publish(state, 'c-without-row')
  await sync('c-free')
  await sync('removed')
  await setSourceState(state, tenant, { id: 'added', kind: 'folder', options: { kind: 'folder', path: '/d' } }, 'ready', START)
  clock.pass(1_000 * 24 * 60 * MINUTE)
  const seen = await Promise.all([free, removed, added, unknown].map(reads))
  assert.deepEqual(seen, [true, false, true, false])
  await state.destroy()
})

test('a sync from the future counts as none; clocks of two machines may differ by seconds [A4]', async () => {
  const { state, clock, sync, reads } = await world()
  const document = await publish(state, 'c-bound')
  await sync('c-bound')
  clock.set(-30_000)
  assert.equal(await reads(document), true)
  clock.set(-45_000)
  assert.equal(await reads(document), false)
  await state.destroy()
})

type Step = { readonly pass: number } | { readonly set: number } | { readonly sync: boolean }
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ pass: fc.integer({ min: 0, max: 40 * MINUTE }) }),
  fc.record({ set: fc.integer({ min: -90 * MINUTE, max: 90 * MINUTE }) }),
  fc.record({ sync: fc.boolean() }),
)

test('however the clock is set back and forth, nothing is read whose last sync is really older than the bound [A4]', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 15 }), async (steps) => {
      const { state, clock, sync, reads } = await world()
      const document = await publish(state, 'c-bound')
      let syncedAt = -Infinity
      let wasSet = false
      for (const at of steps) {
        if ('pass' in at) clock.pass(at.pass)
        else if ('set' in at) {
          clock.set(at.set)
          wasSet = true
        } else if (at.sync) {
          await sync('c-bound')
          syncedAt = clock.elapsed()
        } else await setSourceState(state, tenant, { id: 'c-bound', kind: 'folder' }, 'failed')
        const isFresh = clock.elapsed() - syncedAt <= BOUND_MINUTES * MINUTE
        const read = await reads(document)
        assert(isFresh || !read, 'an old source is read')
        if (!wasSet) assert.equal(read, isFresh)
      }
      await state.destroy()
    }),
    { numRuns: 60 },
  )
})
