/** What the configuration says of how old a source's last sync and its documents may be. Knows the connectors' defaults. */
import type { SourcePolicy } from '../foundation/access/served-sources.ts'
import { connectorCatalog } from '../knowledge/connectors/catalog.ts'
import type { ResolvedConfig } from './config.ts'

export function createSourcePolicy({ sources }: Pick<ResolvedConfig, 'sources'>): SourcePolicy {
  return {
    isConfigured: (source) => Object.hasOwn(sources, source),
    maxLagMs: ({ id, kind }) => {
      const said = Object.hasOwn(sources, id) ? sources[id]?.maxLagMinutes : undefined
      const minutes =
        said === undefined ? connectorCatalog.find((connector) => connector.id === kind)?.defaultMaxLagMinutes : said
      return minutes === undefined || minutes === null ? undefined : minutes * 60_000
    },
  }
}

/** Two years. */
const STALE_AFTER_DAYS = 730

/** Days that a document of the source may go without being looked after; nothing: without end. */
export function createStaleness({ sources }: Pick<ResolvedConfig, 'sources'>): (source: string) => number | undefined {
  return (source) => {
    const said = Object.hasOwn(sources, source) ? sources[source]?.staleAfterDays : undefined
    return said === undefined ? STALE_AFTER_DAYS : (said ?? undefined)
  }
}
