/** The same proof over an OpenSearch cluster: each history has indices of its own there, made from the texts of its copied state. */
import { createHash } from 'node:crypto'
import { basename } from 'node:path'
import { createOpenSearchEngine } from '../../src/adapters/opensearch/opensearch-index.ts'
import { rebuild } from '../fixtures/backups.ts'
import { TENANTS, type IndexPlace } from './product.ts'

const VARIABLE = 'TOUCHSTONE_OPENSEARCH_URL'

/** @param within the folder of the whole proof: two that run at once keep apart */
export function inCluster(within: string): IndexPlace {
  const url = process.env[VARIABLE]
  if (url === undefined) throw new Error(`${VARIABLE} names no server`)
  const run = createHash('sha256').update(within).digest('hex').slice(0, 8)
  const prefixOf = (folder: string): string => `proof-${run}-${basename(folder)}`
  return {
    configOf: (folder) => ({ engine: 'opensearch', url: { env: VARIABLE }, prefix: prefixOf(folder), replicas: 0 }),
    fill: async (folder, config) => {
      for (const tenant of TENANTS) await rebuild(folder, config(tenant))
    },
    discard: async (folder) => {
      const engine = createOpenSearchEngine({ url, prefix: prefixOf(folder), shards: 1, replicas: 0, timeoutMs: 30_000 })
      for (const tenant of TENANTS)
        for (const definition of await engine.definitions(tenant)) await engine.discard(tenant, definition)
    },
  }
}
