/** Traces: one's own without what was lost since, and nobody else's. */
import { parsed, type Surface } from './surface.ts'

interface Traces {
  readonly items: readonly { readonly id: string; readonly documents: readonly string[] }[]
}

export const traces: Surface = {
  id: 'traces',
  weight: 1,
  look: async ({ running, user, world }) => {
    const { text } = await running.call('ask', user, 'GET', '/v1/traces?limit=20')
    const { items = [] } = parsed<Traces>(text)
    for (const { id } of items) world.traces.set(id, user)
    return { text, named: items.flatMap(({ documents }) => documents) }
  },
}

export const trace: Surface = {
  id: 'trace',
  weight: 1,
  look: async ({ running, user, world, random }) => {
    if (world.traces.size === 0) return { text: '' }
    const [id, owner] = random.pick([...world.traces])
    const { status, text } = await running.call('ask', user, 'GET', `/v1/traces/${id}`)
    const isForeign = status === 200 && owner !== user
    const { documents = [] } = parsed<Traces['items'][number]>(text)
    return { text, named: documents, compared: 1, wrong: isForeign ? [`${user} reads the trace of ${owner}`] : [] }
  },
}
