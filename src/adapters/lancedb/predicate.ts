/** Row predicates as LanceDB's SQL. Knows quoting; knows nothing of plans. */
import type { IndexFilter } from '../../contracts/document-index.ts'

/** A string literal: a single quote is the only character that means something inside one. */
export function sqlString(value: string): string {
  return `'${value.replaceAll("'", "''")}'`
}

/** `column IN ('a', 'b')`; an empty list holds for no row. */
export function isOneOf(column: string, values: readonly string[]): string {
  return values.length === 0 ? 'false' : `${column} IN (${values.map(sqlString).join(', ')})`
}

/** `column IN (1, 2)`; an empty list holds for no row. */
export function isOneOfNumbers(column: string, values: Iterable<number>): string {
  const list = [...values].join(', ')
  return list === '' ? 'false' : `${column} IN (${list})`
}

/** What the filter asks beyond scopes; `undefined` when it asks for nothing more. */
export function contentPredicate(filter: IndexFilter): string | undefined {
  return allOf([
    filter.sources && isOneOf('source', filter.sources),
    filter.languages && isOneOf('language', filter.languages),
    filter.documents && isOneOf('document', filter.documents),
  ])
}

/** Every given part must hold; `undefined` when none is given. */
export function allOf(parts: readonly (string | undefined)[]): string | undefined {
  const given = parts.filter((part) => part !== undefined)
  return given.length === 0 ? undefined : given.map((part) => `(${part})`).join(' AND ')
}
