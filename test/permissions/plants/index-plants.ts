/** An index that filters late, forgets scopes, or is not the tenant's own. Behind the second lock most of these do not leak: results go missing. */
import type { DocumentIndex, IndexHit } from '../../../src/contracts/document-index.ts'
import { aroundIndex } from '../stage-watch.ts'
import { lockOff, type Plant } from './plant.ts'

const EVERY_SCOPE = Int32Array.from({ length: 20_000 }, (_, id) => id)

function aroundSearch(id: string, search: (index: DocumentIndex) => DocumentIndex['searchLexical']): Plant {
  return {
    id,
    tampering: { around: () => ({ engine: (engine) => aroundIndex(engine, (index) => ({ searchLexical: search(index) })) }) },
  }
}

export const indexPlants: readonly Plant[] = [
  aroundSearch(
    'the filter of the index is off',
    (index) => (level, query, filter, limit, signal) =>
      index.searchLexical(level, query, { ...filter, scopes: EVERY_SCOPE }, limit, signal),
  ),
  aroundSearch('the best few are found first and filtered then', (index) => async (level, query, filter, limit, signal) => {
    const hits = await index.searchLexical(level, query, { ...filter, scopes: EVERY_SCOPE }, limit, signal)
    const readable = new Set<number>(filter.scopes)
    return hits.filter(({ scope }) => readable.has(scope))
  }),
  aroundSearch('lists are remembered by the words of the question', (index) => {
    const known = new Map<string, Promise<readonly IndexHit[]>>()
    return (level, query, filter, limit, signal) => {
      const key = `${level} ${query.terms.join(' ')} ${limit}`
      const found = known.get(key) ?? index.searchLexical(level, query, filter, limit, signal)
      known.set(key, found)
      return found
    }
  }),
  {
    id: 'a document that moves keeps its old scope in the index',
    tampering: { around: () => ({ engine: (engine) => aroundIndex(engine, () => ({ moveScope: async () => {} })) }) },
  },
  {
    id: 'tenants share one index',
    tampering: {
      around: () => ({
        engine: (engine) => ({ ...engine, open: (_tenant, definition, shape) => engine.open('red', definition, shape) }),
      }),
    },
  },
  {
    id: 'the index is switched before permissions are replayed',
    tampering: {
      around: (watch) => ({
        foundation: (foundation) => lockOff(foundation, watch, ['retrieve', 'check', 'conclude']),
        engine: (engine) =>
          aroundIndex(engine, (index, _tenant, definition) =>
            definition.includes('-') ? withOldScopes(index) : rememberScopes(index),
          ),
      }),
    },
  },
]

const oldScopes = new Map<string, number>()

function rememberScopes(index: DocumentIndex): Partial<DocumentIndex> {
  return {
    searchLexical: async (...search) => {
      const hits = await index.searchLexical(...search)
      for (const { document, scope } of hits) if (!oldScopes.has(document)) oldScopes.set(document, scope)
      return hits
    },
  }
}

function withOldScopes(index: DocumentIndex): Partial<DocumentIndex> {
  return {
    searchLexical: async (level, query, filter, limit, signal) => {
      const hits = await index.searchLexical(level, query, { ...filter, scopes: EVERY_SCOPE }, 1_000, signal)
      const readable = new Set<number>(filter.scopes)
      return hits.filter(({ document, scope }) => readable.has(oldScopes.get(document) ?? scope)).slice(0, limit)
    },
  }
}
