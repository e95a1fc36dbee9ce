import { randomUUID } from 'node:crypto'
import { test } from 'node:test'
import { documentIndexSuite } from '../../testing/document-index-suite.ts'
import { createOpenSearchEngine } from './opensearch-index.ts'

/** A real server, as `npm run ci:extra` starts one. */
const url = process.env['TOUCHSTONE_OPENSEARCH_URL']

if (url === undefined)
  test('the contract of document indices on OpenSearch', { skip: 'TOUCHSTONE_OPENSEARCH_URL names no server' }, () => {})
else
  documentIndexSuite(
    'opensearch',
    async () => {
      const prefix = `suite-${randomUUID()}`
      const engine = createOpenSearchEngine({ url, prefix, shards: 1, replicas: 0, timeoutMs: 30_000 })
      const dispose = async (): Promise<void> => {
        for (const tenant of ['main', 'Main', '../main', 'tenänt #1%20'])
          for (const definition of await engine.definitions(tenant)) await engine.discard(tenant, definition)
      }
      return { engine, dispose }
    },
    { vectors: true },
  )
