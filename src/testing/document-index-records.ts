/** Records, filters and searches for the tests of document indices. Knows no engine and checks nothing. */
import { seededRandom } from './seeded-random.ts'
import type {
  DocumentIndex,
  DocumentIndexEngine,
  IndexFilter,
  IndexHit,
  IndexLevel,
  IndexRecord,
} from '../contracts/document-index.ts'
import type { ChunkId, DocumentId, DocumentVersion, ScopeId } from '../contracts/identity.ts'

/** Opens an index for one test and removes it afterwards. */
export type WithIndex = (run: (index: DocumentIndex, engine: DocumentIndexEngine) => Promise<void>) => Promise<void>

/** A record with defaults; `id` is `document#ordinal`. */
export function indexRecord(
  document: string,
  ordinal: number,
  body: string,
  rest: Partial<Omit<IndexRecord, 'terms'>> & {
    readonly title?: string
    readonly path?: string
    readonly headings?: string
  } = {},
): IndexRecord {
  const { title = '', path = '', headings = '', ...fields } = rest
  return {
    id: `${document}#${ordinal}` as ChunkId,
    document: document as DocumentId,
    version: 'v1' as DocumentVersion,
    scope: 1 as ScopeId,
    source: 'handbook',
    language: 'en',
    terms: { title, path, headings, body },
    ordinal,
    start: ordinal * 100,
    end: ordinal * 100 + body.length,
    place: '',
    headingPath: '',
    ...fields,
  }
}

/** Records with vectors that gather round a few dozen directions, as those of texts do; the same at each call. */
export function vectorRecords(count: number, dimensions: number, scopeOf: (i: number) => number): readonly IndexRecord[] {
  const random = seededRandom(7)
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
  const centres = Array.from({ length: 40 }, () => Float32Array.from({ length: dimensions }, normal))
  return Array.from({ length: count }, (_, i) => {
    const centre = centres[Math.floor(random() * centres.length)] ?? new Float32Array(dimensions)
    const vector = Int8Array.from(centre, (value) => Math.max(-127, Math.min(127, Math.round(32 * (value + 0.7 * normal())))))
    return indexRecord(`v${i}`, 0, `word${i % 50}`, { scope: scope(scopeOf(i)), vector })
  })
}

export const WEIGHTS = { title: 4, path: 2, headings: 2, body: 1 }

/** A filter over scopes of a tenant that has `total` of them. */
export function inScopes(scopes: Iterable<number>, rest: Partial<IndexFilter> = {}): IndexFilter {
  return { scopes: new Set(scopes), scopesTotal: 10, ...rest }
}

/** Searches all fields under WEIGHTS for space-separated terms. */
export function search(index: DocumentIndex, terms: string, filter = inScopes([1]), limit = 100, level: IndexLevel = 'chunks') {
  return index.searchLexical(level, { terms: terms.split(' ').filter(Boolean), fieldWeights: WEIGHTS }, filter, limit)
}

export const ids = (hits: readonly IndexHit[]): readonly string[] => hits.map(({ id }) => id)
export const document = (id: string): DocumentId => id as DocumentId
export const scope = (id: number): ScopeId => id as ScopeId
