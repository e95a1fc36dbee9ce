/** Search: everything that may be read, the best few, a single document, and within a filter. */
import { anyDocument, COMMON_WORD, type Look, parsed, type Surface } from './surface.ts'

interface Hits {
  readonly items: readonly { readonly document: string; readonly version: string }[]
}

async function search({ running, user, world }: Look, query: string, limit: number, filter?: Readonly<Record<string, string>>) {
  const body = { query, limit, ...(filter === undefined ? {} : { filter }) }
  const { text } = await running.call('ask', user, 'POST', '/v1/features/answers/search', body)
  const { items = [] } = parsed<Hits>(text)
  for (const { document, version } of items) world.documents.get(document)?.versions.add(version)
  return { text, named: items.map(({ document }) => document), found: items.length }
}

export const searchAll: Surface = {
  id: 'search',
  weight: 3,
  moments: ['authorise', 'filtered'],
  look: async (look) => {
    const { text, named, found } = await search(look, COMMON_WORD, 100)
    const among = look.world.live().map(({ id }) => id)
    return { text, named, complete: 'all', wanted: { limit: 100, among, found } }
  },
}

export const searchFew: Surface = {
  id: 'search for few',
  weight: 3,
  look: async (look) => {
    const limit = 1 + look.random.below(8)
    const { text, named, found } = await search(look, COMMON_WORD, limit)
    return { text, named, wanted: { limit, among: look.world.live().map(({ id }) => id), found } }
  },
}

export const searchOne: Surface = {
  id: 'search for one',
  weight: 2,
  look: async (look) => {
    const { id, lure } = anyDocument(look)
    const { text, named } = await search(look, lure, 10)
    return { text, named, complete: [id] }
  },
}

export const searchFiltered: Surface = {
  id: 'search within a filter',
  weight: 1,
  look: async (look) => {
    const document = anyDocument(look)
    const filter = look.random.pick([{ source: document.source }, { path: document.path }, { path: `**${document.name}*` }])
    const { text, named, found } = await search(look, COMMON_WORD, 100, filter)
    const matches = look.world.live().filter(({ source, path, name }) => {
      if ('source' in filter) return source === filter.source
      return filter.path === path || (filter.path.startsWith('**') && name === document.name)
    })
    const among = matches.map(({ id }) => id)
    return { text, named, complete: among, wanted: { limit: 100, among, found } }
  },
}
