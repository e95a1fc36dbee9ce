/** PATCH of RFC 7644, 3.5.2, on plain data, with what Microsoft Entra and Okta send beside it. Knows paths; knows no storage. */
import { canonicalJson } from '../../../foundation/hashing/content-hash.ts'
import { coerced, isObject, type Json, placeOf, subAttributeOf } from './attributes.ts'
import { type Filter, parsePatchPath, type PatchPath } from './filter.ts'
import { elementMatches } from './filter-match.ts'
import type { ScimAttribute } from './schemas.data.ts'
import { scimError } from './scim-error.ts'

export interface PatchOperation {
  /** In any case: Entra writes Add, Replace and Remove. */
  readonly op: string
  readonly path?: string | undefined
  readonly value?: unknown
}

type Verb = 'add' | 'replace' | 'remove'
type Editable = Record<string, unknown>

/** All operations in order, or none. @returns a new resource @throws TouchstoneError DIRECTORY_VALUE_INVALID */
export function applyPatch(resource: Json, operations: readonly PatchOperation[]): Json {
  const edited = structuredClone(resource) as Editable
  for (const { op, path, value } of operations) {
    const verb = op.toLowerCase()
    if (verb !== 'add' && verb !== 'replace' && verb !== 'remove')
      throw scimError('invalidSyntax', `"${op.slice(0, 100)}" is no operation`)
    if (verb !== 'remove' && value === undefined) throw scimError('invalidValue', `${verb} needs a value`)
    if (path !== undefined && path !== '') applyAt(edited, verb, parsePatchPath(path), value)
    else applyAll(edited, verb, value)
  }
  return edited
}

/** Without a path the value names its attributes; Entra writes paths as names here, too. */
function applyAll(edited: Editable, verb: Verb, value: unknown): void {
  if (verb === 'remove') throw scimError('noTarget', 'remove needs a path')
  if (!isObject(value)) throw scimError('invalidValue', 'without a path the value is an object')
  for (const [name, part] of Object.entries(value)) {
    const isExtension = placeOf(name).name.startsWith('urn:') && isObject(part)
    if (isExtension)
      for (const [sub, inner] of Object.entries(part)) applyAt(edited, verb, parsePatchPath(`${name}:${sub}`), inner)
    else applyAt(edited, verb, parsePatchPath(name), part)
  }
}

function applyAt(edited: Editable, verb: Verb, path: PatchPath, given: unknown): void {
  const { extension, name, attribute } = placeOf(path.name)
  if (attribute?.mutability === 'readOnly') {
    // Sent along by clients that echo the whole resource.
    if (['id', 'meta', 'groups'].includes(name)) return
    throw scimError('mutability', `${name} cannot be written`)
  }
  const holder = extension === undefined ? edited : objectAt(edited, extension)
  if (path.filter !== undefined) editElements(holder, name, attribute, verb, { ...path, filter: path.filter }, given)
  else if (path.sub !== undefined) editSub(holder, name, attribute, verb, path.sub, given)
  else editWhole(holder, name, attribute, verb, given)
  if (extension !== undefined && Object.keys(holder).length === 0) delete edited[extension]
}

function editWhole(holder: Editable, name: string, attribute: ScimAttribute | undefined, verb: Verb, given: unknown): void {
  const value = coerced(given, attribute)
  const present = holder[name]
  if (verb === 'remove') removeWhole(holder, name, value)
  else if (attribute?.multiValued === true) {
    const added = Array.isArray(value) ? value : [value]
    holder[name] = onePrimary(merged(verb === 'add' && Array.isArray(present) ? present : [], added))
  } else if (attribute?.type === 'complex' && isObject(present) && isObject(value)) holder[name] = { ...present, ...value }
  else holder[name] = value
}

/** Entra removes members by `path: "members"` and the values in `value`; without a value everything goes. */
function removeWhole(holder: Editable, name: string, value: unknown): void {
  const present = holder[name]
  const named = value === undefined || value === null ? [] : Array.isArray(value) ? value : [value]
  const valueOf = (element: unknown): string => canonicalJson(isObject(element) ? (element['value'] ?? element) : element)
  const gone = new Set(named.map(valueOf))
  const rest = Array.isArray(present) && gone.size > 0 ? present.filter((element) => !gone.has(valueOf(element))) : []
  if (rest.length === 0) delete holder[name]
  else holder[name] = rest
}

function editSub(
  holder: Editable,
  name: string,
  attribute: ScimAttribute | undefined,
  verb: Verb,
  sub: string,
  given: unknown,
): void {
  const inner = subAttributeOf(attribute, sub)
  const key = inner?.name ?? sub
  const edit = (element: Editable): void => {
    if (verb === 'remove') delete element[key]
    else element[key] = coerced(given, inner)
  }
  if (attribute?.multiValued !== true) {
    const object = objectAt(holder, name)
    edit(object)
    if (Object.keys(object).length === 0) delete holder[name]
    return
  }
  const elements = elementsAt(holder, name)
  if (elements.length === 0 && verb !== 'remove') elements.push({})
  for (const element of elements) edit(element)
  keepElements(holder, name, elements)
}

function editElements(
  holder: Editable,
  name: string,
  attribute: ScimAttribute | undefined,
  verb: Verb,
  path: PatchPath & { readonly filter: Filter },
  given: unknown,
): void {
  const elements = elementsAt(holder, name)
  const isWanted = (element: unknown): boolean => elementMatches(element, attribute, path.filter)
  const inner = path.sub === undefined ? undefined : subAttributeOf(attribute, path.sub)
  const key = inner?.name ?? path.sub
  if (verb === 'remove') {
    if (key === undefined)
      return keepElements(
        holder,
        name,
        elements.filter((element) => !isWanted(element)),
      )
    for (const element of elements.filter(isWanted)) delete element[key]
    return keepElements(holder, name, elements)
  }
  const wanted = elements.filter(isWanted)
  if (wanted.length === 0) {
    // RFC 7644, 3.5.2.3. Entra makes an element by adding under a filter that only says what it equals.
    const made = verb === 'add' ? equalities(path.filter) : undefined
    if (made === undefined) throw scimError('noTarget', `no element of ${name} satisfies the filter`)
    wanted.push(made)
    elements.push(made)
  }
  for (const element of wanted) {
    if (key !== undefined) element[key] = coerced(given, inner)
    else {
      const value = coerced(given, attribute)
      if (!isObject(value)) throw scimError('invalidValue', `an element of ${name} is an object`)
      Object.assign(element, value)
    }
  }
  // What was written last is the primary one.
  const primary = wanted.findLast((element) => element['primary'] === true)
  if (primary !== undefined)
    for (const element of elements) if (element !== primary && element['primary'] === true) element['primary'] = false
  keepElements(holder, name, elements)
}

function equalities(filter: Filter): Editable | undefined {
  if (filter.kind === 'compare') return filter.operator === 'eq' ? { [filter.path.name]: filter.value } : undefined
  if (filter.kind !== 'and') return undefined
  const [left, right] = [equalities(filter.left), equalities(filter.right)]
  return left === undefined || right === undefined ? undefined : { ...left, ...right }
}

/** Elements with the same value are one; the later says more. */
function merged(present: readonly unknown[], added: readonly unknown[]): unknown[] {
  const found = new Map<string, unknown>()
  for (const element of [...present, ...added]) {
    const key = identityOf(element)
    const before = found.get(key)
    found.set(key, isObject(before) && isObject(element) ? { ...before, ...element } : element)
  }
  return [...found.values()]
}

function onePrimary(elements: readonly unknown[]): unknown[] {
  const last = elements.findLastIndex((element) => isObject(element) && element['primary'] === true)
  return elements.map((element, at) =>
    isObject(element) && element['primary'] === true && at !== last ? { ...element, primary: false } : element,
  )
}

/** Two addresses of one value but another type are two. */
function identityOf(element: unknown): string {
  if (!isObject(element)) return canonicalJson({ value: element })
  const { value, type } = element
  return value === undefined
    ? canonicalJson(element)
    : canonicalJson({ value, type: type === 'User' || type === 'Group' ? undefined : type })
}

function objectAt(holder: Editable, name: string): Editable {
  const present = holder[name]
  if (isObject(present)) return present as Editable
  const made: Editable = {}
  holder[name] = made
  return made
}

function elementsAt(holder: Editable, name: string): Editable[] {
  const present = holder[name]
  return Array.isArray(present) ? present.filter(isObject).map((element) => element as Editable) : []
}

function keepElements(holder: Editable, name: string, elements: readonly Editable[]): void {
  const rest = elements.filter((element) => Object.keys(element).length > 0)
  if (rest.length === 0) delete holder[name]
  else holder[name] = rest
}
