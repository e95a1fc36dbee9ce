/** Users and groups between SCIM's JSON and what the directory keeps. Knows the schemas; knows no storage. */
import type { ProvisionedFacts, ProvisionedKind, ProvisionedResource } from '../../../contracts/provisioned-directory.ts'
import { attributesOf, coerced, isObject, type Json, placeOf } from './attributes.ts'
import { ENTERPRISE_SCHEMA, GROUP_SCHEMA, PRINCIPAL_SCHEMA, type ScimAttribute, USER_SCHEMA } from './schemas.data.ts'
import { scimError } from './scim-error.ts'

export interface ResourceType {
  readonly kind: ProvisionedKind
  readonly name: 'User' | 'Group'
  readonly endpoint: '/Users' | '/Groups'
  readonly schema: string
  readonly extensions: readonly string[]
  /** The attribute that names it. */
  readonly naming: 'userName' | 'displayName'
}

export const userType: ResourceType = {
  kind: 'user',
  name: 'User',
  endpoint: '/Users',
  schema: USER_SCHEMA,
  extensions: [ENTERPRISE_SCHEMA, PRINCIPAL_SCHEMA],
  naming: 'userName',
}

export const groupType: ResourceType = {
  kind: 'group',
  name: 'Group',
  endpoint: '/Groups',
  schema: GROUP_SCHEMA,
  extensions: [PRINCIPAL_SCHEMA],
  naming: 'displayName',
}

const LONGEST_TEXT = 10_000

export function entityTag(resource: ProvisionedResource): string {
  return `W/"${resource.revision}"`
}

export function locationOf({ endpoint }: ResourceType, id: string): string {
  return `/scim/v2${endpoint}/${encodeURIComponent(id)}`
}

export function toScim(
  resource: ProvisionedResource,
  type: ResourceType,
  groups: readonly { readonly id: string; readonly name: string }[] = [],
): Json {
  const { id, externalId, attributes, active, members, principal } = resource
  const isUser = type.kind === 'user'
  return {
    schemas: [type.schema, ...type.extensions.filter((schema) => schema === PRINCIPAL_SCHEMA || schema in attributes)],
    id,
    ...(externalId === undefined ? {} : { externalId }),
    ...attributes,
    ...(isUser ? { active } : {}),
    ...(isUser && groups.length > 0
      ? { groups: groups.map(({ id: value, name: display }) => ({ value, $ref: `/scim/v2/Groups/${value}`, display })) }
      : {}),
    ...(!isUser && members.length > 0 ? { members: members.map((value) => ({ value })) } : {}),
    [PRINCIPAL_SCHEMA]: { principal },
    meta: {
      resourceType: type.name,
      created: new Date(resource.createdAtMs).toISOString(),
      lastModified: new Date(resource.modifiedAtMs).toISOString(),
      location: locationOf(type, id),
      version: entityTag(resource),
    },
  }
}

/**
 * What a request says of a user or group; what no schema knows, and what only we may write, is left out. Never a password.
 * @param before of a replacement that does not say `active`: then it stays, so that nobody comes back by silence
 * @throws TouchstoneError DIRECTORY_VALUE_INVALID
 */
export function readFacts(type: ResourceType, body: Json, before?: ProvisionedResource): ProvisionedFacts {
  const kept: Record<string, unknown> = {}
  for (const [given, value] of Object.entries(body)) {
    const { name, extension } = placeOf(given)
    if (extension === undefined && type.extensions.includes(name)) keepExtension(kept, name, value)
    else if (extension === undefined) keepAttribute(kept, attributesOf(type.schema), name, value)
  }
  const { active, members, ...attributes } = kept
  const named = attributes[type.naming]
  if (typeof named !== 'string' || named.trim() === '') throw scimError('invalidValue', `${type.naming} is missing`)
  const externalId = body['externalId'] ?? undefined
  if (externalId !== undefined && typeof externalId !== 'string') throw scimError('invalidValue', 'externalId is a string')
  return {
    name: named,
    shownName: shownNameOf(attributes, named),
    active: typeof active === 'boolean' ? active : (before?.active ?? true),
    attributes,
    members: memberIds(members),
    ...(externalId === undefined || externalId === '' ? {} : { externalId }),
  }
}

function keepExtension(kept: Record<string, unknown>, schema: string, value: unknown): void {
  if (!isObject(value)) throw scimError('invalidValue', `${schema} is an object`)
  const inside: Record<string, unknown> = {}
  for (const [name, part] of Object.entries(value)) {
    const place = placeOf(`${schema}:${name}`)
    keepAttribute(inside, attributesOf(schema), place.name, part)
  }
  if (Object.keys(inside).length > 0) kept[schema] = inside
}

function keepAttribute(kept: Record<string, unknown>, known: readonly ScimAttribute[], name: string, given: unknown): void {
  const attribute = known.find((each) => each.name === name)
  if (attribute === undefined || attribute.mutability === 'readOnly' || given === null) return
  const value = coerced(given, attribute)
  const values = attribute.multiValued ? (Array.isArray(value) ? value : [value]) : [value]
  for (const each of values) requireType(each, attribute, name)
  kept[name] = attribute.multiValued ? values : value
}

function requireType(value: unknown, { type, subAttributes = [] }: ScimAttribute, path: string): void {
  if (type === 'complex') {
    if (!isObject(value)) throw scimError('invalidValue', `${path} is an object`)
    for (const sub of subAttributes)
      if (value[sub.name] !== undefined && value[sub.name] !== null) requireType(value[sub.name], sub, `${path}.${sub.name}`)
  } else if (type === 'boolean') {
    if (typeof value !== 'boolean') throw scimError('invalidValue', `${path} is true or false`)
  } else if (typeof value !== 'string' || value.length > LONGEST_TEXT)
    throw scimError('invalidValue', `${path} is a string of at most ${LONGEST_TEXT} characters`)
}

function shownNameOf(attributes: Json, named: string): string {
  const name = attributes['name']
  const parts = isObject(name) ? [name['formatted'], [name['givenName'], name['familyName']].filter(Boolean).join(' ')] : []
  const shown = [attributes['displayName'], ...parts].find((each) => typeof each === 'string' && each.trim() !== '')
  return typeof shown === 'string' ? shown : named
}

function memberIds(members: unknown): readonly string[] {
  if (members === undefined || !Array.isArray(members)) return []
  return [
    ...new Set(
      members.map((member: unknown) => {
        const value = isObject(member) ? member['value'] : undefined
        if (typeof value === 'string' && value !== '') return value
        throw scimError('invalidValue', 'a member has a value: the id of a user or group')
      }),
    ),
  ]
}
