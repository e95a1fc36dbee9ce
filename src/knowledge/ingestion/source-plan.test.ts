/** What a listing means beside what the state knows: new, changed, as before, gone, withheld, failed again. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { StoredDocument } from '../../contracts/document.ts'
import type { ListingFailure, SourceItem } from '../../contracts/connector.ts'
import type { DocumentVersion, ScopeId } from '../../contracts/identity.ts'
import { openSqliteState } from '../../adapters/sqlite/open-sqlite-state.ts'
import { publishDocuments } from '../../foundation/storage/document-writer.ts'
import { recordFailure } from '../../foundation/storage/source-repository.ts'
import type { StateDatabase } from '../../foundation/storage/state-schema.ts'
import { documentId, ownDeclaration, planSource, type SourcePlan } from './source-plan.ts'

const DEFINITION = 'd1'

function item(path: string, changeMark = 'm1'): SourceItem {
  return { path, changeMark, sizeBytes: 1, modifiedAtMs: 1, access: [] }
}

function unlisted(path: string): ListingFailure {
  return { path, code: 'SOURCE_ITEM_UNREADABLE', message: 'no' }
}

async function stateWith(known: readonly string[], definition = DEFINITION, changeMark = 'm1'): Promise<StateDatabase> {
  const state = await openSqliteState(':memory:')
  const writes = known.map((path) => {
    const names = { id: documentId('docs', path), source: 'docs', path, title: path, language: 'en', mediaType: 'text/markdown' }
    const times = { modifiedAtMs: 1, indexedAtMs: 1 }
    const document: StoredDocument = {
      ...names,
      ...times,
      version: 'v1' as DocumentVersion,
      scope: 1 as ScopeId,
      metadata: {},
    }
    return { document, text: path, changeMark, definition, chunks: 1 }
  })
  await publishDocuments(state, 'main', writes)
  return state
}

/** Each part of the plan as paths. */
function shown(plan: SourcePlan): Readonly<Record<string, readonly string[]>> {
  const path = (id: string): string => id.replace('docs:', '')
  const parts = {
    changed: plan.changed.map((entry) => `${entry.item.path}${entry.known === undefined ? ' new' : ''}`),
    unchanged: plan.unchanged.map((entry) => entry.item.path),
    gone: plan.gone.map(path),
    withheld: plan.withheld.map(({ id }) => path(id)),
    failures: plan.failures.map(({ document, code }) => `${path(document)} ${code}`),
  }
  return Object.fromEntries(Object.entries(parts).filter(([, list]) => list.length > 0))
}

type Listing = readonly (SourceItem | ListingFailure)[]
const plans: readonly (readonly [string, readonly string[], Listing, Readonly<Record<string, readonly string[]>>])[] = [
  ['nothing known, nothing listed', [], [], {}],
  ['a new item', [], [item('a')], { changed: ['a new'] }],
  ['an item as before', ['a'], [item('a')], { unchanged: ['a'] }],
  ['another mark', ['a'], [item('a', 'm2')], { changed: ['a'] }],
  ['an item no longer listed', ['a', 'b'], [item('b')], { unchanged: ['b'], gone: ['a'] }],
  ['a renamed item', ['a'], [item('b')], { changed: ['b new'], gone: ['a'] }],
  ['a folder that could not be listed', ['x/a', 'x/y/b', 'xy/c', 'd'], [unlisted('x'), item('d')], { unchanged: ['d'], gone: ['xy/c'], withheld: ['x/a', 'x/y/b'], failures: ['x SOURCE_ITEM_UNREADABLE'] }], // prettier-ignore
  ['a root that could not be listed', ['a', 'x/b'], [unlisted('')], { withheld: ['a', 'x/b'], failures: [' SOURCE_ITEM_UNREADABLE'] }], // prettier-ignore
  ['a file that became a link', ['a'], [{ ...unlisted('a'), code: 'SOURCE_LINK_OUTSIDE' }], { withheld: ['a'], failures: ['a SOURCE_LINK_OUTSIDE'] }], // prettier-ignore
]

for (const [what, known, listing, expected] of plans)
  test(`the plan for ${what} [A1]`, async () => {
    const state = await stateWith(known)
    assert.deepEqual(shown(await planSource(state, 'main', 'docs', DEFINITION, listing)), expected)
  })

test('everything is read again under another index definition, and other sources and tenants are not touched [A1, A7]', async () => {
  const state = await stateWith(['a'], 'd0')
  assert.deepEqual(shown(await planSource(state, 'main', 'docs', DEFINITION, [item('a')])), { changed: ['a'] })
  assert.deepEqual(shown(await planSource(state, 'main', 'wiki', DEFINITION, [])), {})
  assert.deepEqual(shown(await planSource(state, 'other', 'docs', DEFINITION, [])), {})
})

const failures: readonly (readonly [string, string, string, Readonly<Record<string, readonly string[]>>])[] = [
  ['the same bytes that no parser understood', 'PARSE_FAILED', 'm1', { failures: ['a PARSE_FAILED'] }],
  ['other bytes', 'PARSE_FAILED', 'm0', { changed: ['a new'] }],
  ['a timeout, which another day may not meet', 'PARSER_TIMEOUT', 'm1', { changed: ['a new'] }],
  ['memory, which a setting may raise', 'PARSER_OUT_OF_MEMORY', 'm1', { changed: ['a new'] }],
  ['a file that was being written', 'SOURCE_ITEM_CHANGED', 'm1', { changed: ['a new'] }],
]

for (const [what, code, mark, expected] of failures)
  test(`what failed is tried again only where that can help: ${what} [A1, A2]`, async () => {
    const state = await stateWith([])
    const failure = { document: 'docs:a', code, message: 'it failed', changeMark: `${DEFINITION}/${mark}` }
    await recordFailure(state, 'main', 'docs', failure, 1)
    assert.deepEqual(shown(await planSource(state, 'main', 'docs', DEFINITION, [item('a')])), expected)
  })

const declarations: readonly (readonly [string, Readonly<Record<string, unknown>>, unknown])[] = [
  ['none', { title: 'x' }, undefined],
  ['readers', { access: { readers: ['everyone'] } }, { all: [{ any: ['everyone'] }] }],
  ['a denial alone', { access: { deny: ['user:tom'] } }, { deny: ['user:tom'] }],
]

for (const [what, metadata, expected] of declarations)
  test(`front matter declares ${what} [A4]`, () => {
    assert.deepEqual(ownDeclaration('a', metadata)[0]?.declaration, expected)
  })

test('front matter that is not understood means nobody [A4]', () => {
  for (const metadata of [{ access: 'everyone' }, { access: null }, { access: { reader: [] } }, { frontMatterProblem: 'broken' }])
    assert.notEqual(ownDeclaration('a', metadata)[0]?.declaration.invalid, undefined, JSON.stringify(metadata))
})
