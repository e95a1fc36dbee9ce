/** What the configuration says of how long a source may be served without a sync. Knows the connectors' defaults. */
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
