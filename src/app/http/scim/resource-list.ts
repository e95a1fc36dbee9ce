/** Lists of users or groups: filtered, paged, with the attributes that were asked for. */
import { z } from 'zod'
import type { ProvisionedDirectory, ProvisionedFilter } from '../../../contracts/provisioned-directory.ts'
import { attributesOf, isObject, type Json, placeOf } from './attributes.ts'
import { type Filter, parseFilter } from './filter.ts'
import { matchesFilter } from './filter-match.ts'
import { type ResourceType, toScim } from './resource.ts'

const whole = z.coerce.number().int().catch(1)

/** Other parameters, such as sortBy, are ignored: the service provider configuration says that they are. */
export const listQuery = z.object({
  filter: z.exactOptional(z.string().describe('RFC 7644, 3.4.2.2, e.g. userName eq "maria"')),
  startIndex: whole.default(1).describe('1-based'),
  count: z.exactOptional(z.coerce.number().int().describe('0 only counts; at most 1,000')),
  attributes: z.exactOptional(z.string().describe('Only these, separated by commas')),
  excludedAttributes: z.exactOptional(z.string().describe('All but these, separated by commas')),
})
export type ListQuery = z.output<typeof listQuery>
export type Projection = Pick<ListQuery, 'attributes' | 'excludedAttributes'>

export const LARGEST_PAGE = 1_000
const USUAL_PAGE = 100

export async function listResources(directory: ProvisionedDirectory, type: ResourceType, query: ListQuery): Promise<Json> {
  const filter = query.filter === undefined ? undefined : parseFilter(query.filter)
  const asksMembers = type.kind === 'group' && (wants('members', query) || (query.filter ?? '').toLowerCase().includes('members'))
  const found = await directory.list(type.kind, filter === undefined ? {} : narrowing(filter, type), asksMembers)
  const asksGroups = type.kind === 'user' && (wants('groups', query) || (query.filter ?? '').toLowerCase().includes('groups'))
  const render = async (resources: typeof found): Promise<Json[]> => {
    const groups = asksGroups ? await directory.groupsOf(resources.map(({ id }) => id)) : undefined
    return resources.map((resource) => toScim(resource, type, groups?.get(resource.id)))
  }
  const first = Math.max(query.startIndex, 1) - 1
  const count = Math.min(Math.max(query.count ?? USUAL_PAGE, 0), LARGEST_PAGE)
  if (filter === undefined) return page(found.length, first, await render(found.slice(first, first + count)), query)
  const matching = (await render(found)).filter((resource) => matchesFilter(resource, filter))
  return page(matching.length, first, matching.slice(first, first + count), query)
}

function page(totalResults: number, first: number, resources: readonly Json[], query: Projection): Json {
  return {
    schemas: ['urn:ietf:params:scim:api:messages:2.0:ListResponse'],
    totalResults,
    startIndex: first + 1,
    itemsPerPage: resources.length,
    Resources: resources.map((resource) => projected(resource, query)),
  }
}

/** What an index can find; the whole filter is looked at afterwards all the same. */
function narrowing(filter: Filter, type: ResourceType): ProvisionedFilter {
  if (filter.kind === 'and') return { ...narrowing(filter.right, type), ...narrowing(filter.left, type) }
  if (filter.kind !== 'compare' || filter.operator !== 'eq' || filter.path.sub !== undefined) return {}
  const { name, extension } = placeOf(filter.path.name)
  if (typeof filter.value !== 'string' || extension !== undefined) return {}
  if (name === 'id') return { id: filter.value }
  if (name === 'externalId') return { externalId: filter.value }
  return name === type.naming ? { name: filter.value } : {}
}

/** Whether the answer is to hold an attribute of the resource itself. */
function wants(name: string, { attributes, excludedAttributes }: Projection): boolean {
  if (attributes !== undefined) return namesIn(attributes).has(name)
  return excludedAttributes === undefined || !namesIn(excludedAttributes).has(name)
}

/** `id`, `schemas` and `meta` always stay; a sub-attribute stands for its attribute. */
export function projected(resource: Json, projection: Projection): Json {
  if (projection.attributes === undefined && projection.excludedAttributes === undefined) return resource
  const kept = ['id', 'schemas', 'meta']
  return Object.fromEntries(
    Object.entries(resource).filter(([name, value]) => {
      if (kept.includes(name) || wants(name, projection)) return true
      const isAskedInside = isObject(value) && projection.attributes?.toLowerCase().includes(`${name.toLowerCase()}:`) === true
      return isAskedInside && attributesOf(name).length > 0
    }),
  )
}

function namesIn(list: string): Set<string> {
  return new Set(list.split(',').map((path) => placeOf(path.trim().replace(/(?<!\d)\.[^.:]+$/, '')).name))
}
