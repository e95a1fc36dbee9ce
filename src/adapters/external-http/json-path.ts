/** Values of a JSON document by dotted paths. Knows no particular document. */

/**
 * Every value at a path such as `hits.hits` or `_source.acl.groups`; lists on the way and at its end are looked into, a number
 * picks one of a list's entries. A path that leads nowhere has none.
 */
export function valuesAt(document: unknown, path: string): readonly unknown[] {
  let values: readonly unknown[] = [document]
  for (const step of path.split('.')) values = values.flatMap((value) => stepInto(value, step))
  return values.flatMap((value) => (Array.isArray(value) ? (value as readonly unknown[]) : [value]))
}

/** The first value that is a text or a number, as text. */
export function textAt(document: unknown, path: string): string | undefined {
  const found = valuesAt(document, path).find((value) => typeof value === 'string' || typeof value === 'number')
  return found === undefined ? undefined : String(found)
}

function stepInto(value: unknown, step: string): readonly unknown[] {
  if (Array.isArray(value)) {
    return /^\d+$/.test(step) ? value.slice(Number(step), Number(step) + 1) : value.flatMap((entry) => stepInto(entry, step))
  }
  return value !== null && typeof value === 'object' && Object.hasOwn(value, step)
    ? [(value as Readonly<Record<string, unknown>>)[step]]
    : []
}
