/** What the indexes of every engine have in common: their levels, their searched fields, the scopes of a filter. Knows no engine. */
import type { IndexField, IndexFilter, IndexLevel } from '../../contracts/document-index.ts'

/** Chunks first: they alone are shown. */
export const INDEX_LEVELS: readonly IndexLevel[] = ['chunks', 'documents']

/** In the order in which field scores are added up: a fixed order makes equal documents score equally to the last bit. */
export const INDEX_FIELDS: readonly IndexField[] = ['title', 'path', 'headings', 'body']

/** Scopes, for looking up. */
export type AdmittedScopes = Pick<ReadonlySet<number>, 'has'>

const PAGE_BITS = 16
const WORD_BITS = 5
const WORDS_A_PAGE = 2 ** (PAGE_BITS - WORD_BITS)

/** By the array itself: whoever may read something else has another one. */
const known = new WeakMap<Int32Array, AdmittedScopes>()

/** The scopes that a filter admits, for looking up; a set is taken as it is. */
export function admittedScopes({ scopes }: Pick<IndexFilter, 'scopes'>): AdmittedScopes {
  if (scopes instanceof Set) return scopes as ReadonlySet<number>
  const ids = scopes as Int32Array
  const admitted = known.get(ids) ?? new ScopeBits(ids)
  known.set(ids, admitted)
  return admitted
}

/** Bits in pages: 100,000 scopes take 1 ms and 12 kB, a set of them many times that. */
class ScopeBits implements AdmittedScopes {
  readonly #pages: (Uint32Array | undefined)[] = []

  constructor(scopes: Int32Array) {
    for (let at = 0; at < scopes.length; at++) {
      const scope = scopes[at] ?? 0
      const page = (this.#pages[scope >>> PAGE_BITS] ??= new Uint32Array(WORDS_A_PAGE))
      const word = (scope >>> WORD_BITS) % WORDS_A_PAGE
      page[word] = (page[word] ?? 0) | (1 << scope)
    }
  }

  has(scope: number): boolean {
    const word = this.#pages[scope >>> PAGE_BITS]?.[(scope >>> WORD_BITS) % WORDS_A_PAGE] ?? 0
    return ((word >>> scope) & 1) === 1
  }
}

export function scopeCount({ scopes }: Pick<IndexFilter, 'scopes'>): number {
  return scopes instanceof Set ? scopes.size : (scopes as Int32Array).length
}
