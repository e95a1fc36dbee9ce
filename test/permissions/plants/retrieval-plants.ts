/** What ranking adds around the two lists of words, each with its locks off: meaning, own words, curated results, named places, external indexes, explanations. */
import type { DocumentIndex, IndexFilter, IndexHit } from '../../../src/contracts/document-index.ts'
import type { SearchResult } from '../../../src/contracts/search.ts'
import type { Acl } from '../../../src/contracts/acl.ts'
import { aroundIndex } from '../stage-watch.ts'
import { EVERY_SCOPE } from './index-plants.ts'
import { lockOff, type Plant } from './plant.ts'

const everywhere = (filter: IndexFilter): IndexFilter => ({ ...filter, scopes: EVERY_SCOPE })
type Vectors = NonNullable<DocumentIndex['searchVectors']>

function aroundVectors(id: string, search: (vectors: Vectors) => Vectors): Plant {
  const replaced = (index: DocumentIndex): Partial<DocumentIndex> => ({
    searchVectors: search((...asked) => index.searchVectors?.(...asked) ?? Promise.resolve([])),
  })
  return { id, tampering: { around: () => ({ engine: (engine) => aroundIndex(engine, replaced) }) } }
}

/** One kind of look into the index that knows no filter, and whose hits the second lock of retrieval waves through. */
function unlocked(
  id: string,
  look: (index: DocumentIndex, seen: (hits: readonly IndexHit[]) => readonly IndexHit[]) => Partial<DocumentIndex>,
): Plant {
  const through = new Set<string>()
  const seen = (hits: readonly IndexHit[]): readonly IndexHit[] => {
    for (const { document } of hits) through.add(document)
    return hits
  }
  return {
    id,
    tampering: {
      around: (watch) => ({
        foundation: (foundation) => lockOff(foundation, watch, ['retrieve'], (document) => through.has(document)),
        engine: (engine) => aroundIndex(engine, (index) => look(index, seen)),
      }),
    },
  }
}

function aroundSearches(id: string, isMeant: (...asked: Parameters<DocumentIndex['searchLexical']>) => boolean): Plant {
  const search =
    (index: DocumentIndex): DocumentIndex['searchLexical'] =>
    (...asked) => {
      const [level, query, filter, limit, signal] = asked
      return index.searchLexical(level, query, isMeant(...asked) ? everywhere(filter) : filter, limit, signal)
    }
  return {
    id,
    tampering: { around: () => ({ engine: (engine) => aroundIndex(engine, (index) => ({ searchLexical: search(index) })) }) },
  }
}

function explained(id: string, tell: (result: SearchResult, hidden: readonly string[]) => SearchResult): Plant {
  return {
    id,
    tampering: {
      application: (given) => ({
        ...given,
        search: async (request) => {
          const result = await given.search(request)
          if (request.explain === undefined) return result
          const rows = await given.foundation.state.selectFrom('documents').select(['id', 'title']).where('tenant', '=', given.tenant).execute() // prettier-ignore
          const hidden = rows.filter(({ id: row }) => !result.items.some(({ document }) => document === row))
          return tell(
            result,
            hidden.map(({ title }) => title),
          )
        },
      }),
    },
  }
}

export const retrievalPlants: readonly Plant[] = [
  aroundVectors(
    'vectors are compared without the filter',
    (search) => (query, filter, limit, signal) => search(query, everywhere(filter), limit, signal),
  ),
  aroundVectors('the nearest few are found first and filtered then', (search) => async (query, filter, limit, signal) => {
    const readable = new Set<number>(filter.scopes)
    return (await search(query, everywhere(filter), limit, signal)).filter(({ scope }) => readable.has(scope))
  }),
  aroundVectors('neighbours are remembered by the question alone', (search) => {
    const known = new Map<string, ReturnType<Vectors>>()
    return (query, filter, limit, signal) => {
      const key = `${query.join()} ${limit}`
      const found = known.get(key) ?? search(query, filter, limit, signal)
      known.set(key, found)
      return found
    }
  }),
  unlocked('what is found by meaning is not locked', (index, seen) => ({
    searchVectors: async (query, filter, limit, signal) =>
      seen((await index.searchVectors?.(query, everywhere(filter), limit, signal)) ?? []),
  })),
  unlocked('curated results are not locked', (index, seen) => ({
    chunksOf: async (documents, filter) => seen(await index.chunksOf(documents, everywhere(filter))),
  })),
  unlocked('the place that a question names is searched without a lock', (index, seen) => ({
    searchLexical: async (level, query, filter, limit, signal) =>
      filter.sources === undefined
        ? index.searchLexical(level, query, filter, limit, signal)
        : seen(await index.searchLexical(level, query, everywhere(filter), limit, signal)),
  })),
  aroundSearches("a feature's own words are searched without the filter", (_level, { further = [] }) => further.length > 0),
  {
    ...aroundSearches(
      'where much may be read, what is read first is not checked',
      (_level, _query, { scopes }) => new Set(scopes).size > 300,
    ),
    large: true,
  },
  {
    id: 'results of an external index are not locked',
    tampering: {
      around: () => ({
        foundation: (foundation) => ({
          ...foundation,
          access: {
            ...foundation.access,
            readableNow: async (asker, asked) =>
              new Set([...(await foundation.access.readableNow(asker, asked)), ...asked.filter((id) => id.startsWith('annex:'))]),
          },
        }),
      }),
    },
  },
  {
    id: 'what an external index first said of readers holds for ever',
    tampering: {
      around: () => {
        const first = new Map<string, Acl | undefined>()
        return {
          foundation: (foundation) => ({
            ...foundation,
            externalDocuments: {
              ...foundation.externalDocuments,
              remember: (tenant, documents) => {
                for (const { id, acl } of documents) if (!first.has(id)) first.set(id, acl)
                foundation.externalDocuments.remember(
                  tenant,
                  documents.map((document) => ({ ...document, acl: first.get(document.id) })),
                )
              },
            },
          }),
        }
      },
    },
  },
  {
    id: 'an explanation tells everybody absolute values',
    tampering: {
      application: (given) => ({
        ...given,
        search: (request) => given.search(request.explain === undefined ? request : { ...request, explain: 'absolute' }),
      }),
    },
  },
  explained('an explanation names what was withheld', (result, hidden) => ({
    ...result,
    explanation: { wordings: hidden.map((text) => ({ text, weight: 1 })) },
  })),
  explained('an explanation counts what was withheld', (result, hidden) => ({
    ...result,
    items: result.items.map((hit) => {
      const contributions = [...(hit.explanation?.contributions ?? []), { name: 'withheld', contribution: hidden.length }]
      return { ...hit, explanation: { matched: [], ...hit.explanation, contributions } }
    }),
  })),
]
