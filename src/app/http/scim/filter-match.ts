/** Whether a resource satisfies a filter. Knows how values compare (RFC 7644, table 3); knows no syntax. */
import { type Json, isObject, placeOf, subAttributeOf } from './attributes.ts'
import type { AttributePath, Filter, FilterValue, Operator } from './filter.ts'
import type { ScimAttribute } from './schemas.data.ts'

interface Found {
  readonly values: readonly unknown[]
  readonly attribute: ScimAttribute | undefined
}

type Finder = (path: AttributePath) => Found

/** An attribute with several values satisfies a comparison when one of them does; `ne` is the opposite of `eq`. */
export function matchesFilter(resource: Json, filter: Filter): boolean {
  return matches(filter, (path) => findInResource(resource, path))
}

/** Whether one element of a multi-valued attribute does. */
export function elementMatches(element: unknown, attribute: ScimAttribute | undefined, filter: Filter): boolean {
  return matches(filter, (path) => findInElement(element, attribute, path))
}

function matches(filter: Filter, find: Finder): boolean {
  switch (filter.kind) {
    case 'and':
      return matches(filter.left, find) && matches(filter.right, find)
    case 'or':
      return matches(filter.left, find) || matches(filter.right, find)
    case 'not':
      return !matches(filter.of, find)
    case 'present':
      return find(filter.path).values.some(isPresent)
    case 'element': {
      const { values, attribute } = find(filter.path)
      return values.some((value) => elementMatches(value, attribute, filter.of))
    }
    case 'compare': {
      const { values, attribute } = find(filter.path)
      const isExact = attribute?.caseExact === true
      if (filter.operator === 'ne') return !values.some((value) => compares(value, 'eq', filter.value, isExact))
      if (filter.value === null && filter.operator === 'eq') return !values.some(isPresent)
      return values.some((value) => compares(value, filter.operator, filter.value, isExact))
    }
  }
}

function findInResource(resource: Json, { name, sub }: AttributePath): Found {
  const place = placeOf(name)
  const holder = place.extension === undefined ? resource : resource[place.extension]
  const value = isObject(holder) ? holder[place.name] : undefined
  return sub === undefined ? plainValues(value, place.attribute) : subValues(value, place.attribute, sub)
}

function findInElement(element: unknown, attribute: ScimAttribute | undefined, { name, sub }: AttributePath): Found {
  if (!isObject(element)) return { values: name.toLowerCase() === 'value' ? [element] : [], attribute }
  const inner = subAttributeOf(attribute, name)
  const value = element[inner?.name ?? name]
  return sub === undefined ? plainValues(value, inner) : subValues(value, inner, sub)
}

function plainValues(value: unknown, attribute: ScimAttribute | undefined): Found {
  return { values: value === undefined ? [] : Array.isArray(value) ? value : [value], attribute }
}

function subValues(value: unknown, attribute: ScimAttribute | undefined, sub: string): Found {
  const inner = subAttributeOf(attribute, sub)
  const holders = (Array.isArray(value) ? value : [value]).filter(isObject)
  return { values: holders.map((holder) => holder[inner?.name ?? sub]).filter((each) => each !== undefined), attribute: inner }
}

function isPresent(value: unknown): boolean {
  return value !== null && value !== '' && !(Array.isArray(value) && value.length === 0)
}

function compares(value: unknown, operator: Operator, wanted: FilterValue, isExact: boolean): boolean {
  // A complex value stands for its `value`.
  if (isObject(value)) return 'value' in value && compares(value['value'], operator, wanted, isExact)
  // Some clients quote booleans.
  if (typeof value === 'boolean' && typeof wanted === 'string') return operator === 'eq' && String(value) === wanted.toLowerCase()
  if (typeof value !== typeof wanted || value === null || wanted === null) return false
  if (typeof value === 'string' && typeof wanted === 'string')
    return isExact ? compareTexts(value, operator, wanted) : compareTexts(value.toLowerCase(), operator, wanted.toLowerCase())
  if (typeof value === 'number' && typeof wanted === 'number') return compareOrdered(value, operator, wanted)
  return operator === 'eq' && value === wanted
}

function compareTexts(value: string, operator: Operator, wanted: string): boolean {
  if (operator === 'co') return value.includes(wanted)
  if (operator === 'sw') return value.startsWith(wanted)
  if (operator === 'ew') return value.endsWith(wanted)
  return compareOrdered(value, operator, wanted)
}

function compareOrdered<Value extends string | number>(value: Value, operator: Operator, wanted: Value): boolean {
  if (operator === 'eq') return value === wanted
  if (operator === 'gt') return value > wanted
  if (operator === 'ge') return value >= wanted
  if (operator === 'lt') return value < wanted
  return operator === 'le' && value <= wanted
}
