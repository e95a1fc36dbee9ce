/** Search: everything that may be read, the best few, a single document, within a filter, in a place that the question names, and why each hit is there. */
import { anyDocument, COMMON_WORD, type Look, parsed, type Surface } from './surface.ts'

export interface Hits {
  readonly items: readonly Hit[]
}

interface Hit {
  readonly document: string
  readonly version: string
  readonly title: string
  readonly text: string
  readonly score: number
  readonly explanation?: {
    readonly contributions: readonly { readonly name: string; readonly contribution: number }[]
    readonly matched: readonly { readonly word: string }[]
  }
}

interface Asked {
  readonly limit: number
  readonly feature?: string
  readonly filter?: Readonly<Record<string, string>>
  readonly explain?: true
}

export async function search({ running, user, world }: Look, query: string, { feature = 'answers', ...asked }: Asked) {
  const { text } = await running.call('ask', user, 'POST', `/v1/features/${feature}/search`, { query, ...asked })
  const { items = [] } = parsed<Hits>(text)
  const known = new Map(world.everything().map((document) => [document.id, document]))
  for (const { document, version } of items) known.get(document)?.versions.add(version)
  return { text, items, named: items.map(({ document }) => document), found: items.length }
}

const idsOf = (documents: readonly { readonly id: string }[]): string[] => documents.map(({ id }) => id)

/** Everything, or as many as were asked for. */
export async function searchEntries(look: Look, query: string, limit: number, feature = 'answers') {
  const { text, named, found } = await search(look, query, { limit, feature })
  const among = idsOf(look.world.entries())
  return { text, named, ...(limit === 100 ? { complete: among } : {}), wanted: { limit, among, found } }
}

export const searchAll: Surface = {
  id: 'search',
  weight: 3,
  moments: ['authorise', 'filtered'],
  look: (look) => searchEntries(look, COMMON_WORD, 100),
}

export const searchFew: Surface = {
  id: 'search for few',
  weight: 3,
  look: (look) => searchEntries(look, COMMON_WORD, 1 + look.random.below(8)),
}

export const searchOne: Surface = {
  id: 'search for one',
  weight: 2,
  look: async (look) => {
    const { id, lure } = anyDocument(look)
    const { text, named } = await search(look, lure, { limit: 10 })
    return { text, named, complete: [id] }
  },
}

export const searchFiltered: Surface = {
  id: 'search within a filter',
  weight: 1,
  look: async (look) => {
    const document = anyDocument(look)
    const filter = look.random.pick([{ source: document.source }, { path: document.path }, { path: `**${document.name}*` }])
    const { text, named, found } = await search(look, COMMON_WORD, { limit: 100, filter })
    const matches = look.world.entries().filter(({ source, path, name }) => {
      if ('source' in filter) return source === filter.source
      return filter.path === path || (filter.path.startsWith('**') && name === document.name)
    })
    const among = idsOf(matches)
    return { text, named, complete: among, wanted: { limit: 100, among, found } }
  },
}

/** What stands in the place that a question names is searched for once more, so that other places do not crowd it out. */
export const searchNamedPlace: Surface = {
  id: 'search in a place that the question names',
  weight: 2,
  moments: ['filtered'],
  look: async (look) => {
    const limit = look.random.pick([4, 100])
    const source = look.random.pick(['wiki', 'notes', 'crm'])
    const { text, items, named } = await search(look, `${COMMON_WORD} in the ${source}`, { limit, explain: true })
    const wrong = items.filter(
      ({ document, explanation }) =>
        explanation?.contributions.some(({ name }) => name === 'constraint/source') && !document.startsWith(`${source}:`),
    )
    const complete = limit === 100 ? idsOf(look.world.entries()) : []
    return { text, named, complete, wrong: wrong.map(({ document }) => `${document} is said to lie in ${source}`) }
  },
}

/** An explanation tells of the hit itself: shares that make up its score, and words that stand in it. */
export const searchExplained: Surface = {
  id: 'explained search',
  weight: 2,
  look: async (look) => {
    const { text, items, named, found } = await search(look, COMMON_WORD, { limit: 100, explain: true })
    const among = idsOf(look.world.entries())
    const wrong = items.flatMap((hit) => saidTooMuch(hit))
    return { text, named, complete: among, wanted: { limit: 100, among, found }, compared: items.length, wrong }
  },
}

const ROUNDING = 0.0005

function saidTooMuch({ document, score, title, text, explanation }: Hit): string[] {
  if (explanation === undefined) return [`${document} is not explained`]
  const { contributions, matched, ...further } = explanation
  const names = [
    ...Object.keys(further),
    ...contributions.flatMap(({ name: _name, contribution: _share, ...more }) => Object.keys(more)),
  ]
  const sum = contributions.reduce((total, { contribution }) => total + contribution, 0)
  const isWhole = Math.abs(sum - score) <= ROUNDING * (contributions.length + 2)
  const elsewhere = matched.filter(({ word }) => !`${title}\n${text}`.toLowerCase().includes(word))
  return [
    ...names.map((name) => `${document} is explained by ${name}`),
    ...(isWhole ? [] : [`the parts of ${document} make ${sum}, not ${score}: ${JSON.stringify(contributions)}`]),
    ...elsewhere.map(({ word }) => `${document} is said to match ${word}`),
  ]
}
