/** What the indexes of every engine have in common: their levels, their searched fields, the scopes of a filter. Knows no engine. */
import type { IndexField, IndexFilter, IndexLevel } from '../../contracts/document-index.ts'

/** Chunks first: they alone are shown. */
export const INDEX_LEVELS: readonly IndexLevel[] = ['chunks', 'documents']

/** In the order in which field scores are added up: a fixed order makes equal documents score equally to the last bit. */
export const INDEX_FIELDS: readonly IndexField[] = ['title', 'path', 'headings', 'body']

/** The scopes that a filter admits, for looking up; a set is taken as it is. */
export function admittedScopes({ scopes }: Pick<IndexFilter, 'scopes'>): ReadonlySet<number> {
  return scopes instanceof Set ? (scopes as ReadonlySet<number>) : new Set<number>(scopes)
}
