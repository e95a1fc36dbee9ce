/** The engine of the search index that the configuration names: files in the data folder, or an OpenSearch cluster. Knows which adapter serves which. */
import { join, resolve } from 'node:path'
import { createLanceDbEngine } from '../adapters/lancedb/lancedb-index.ts'
import { createOpenSearchEngine, type OpenSearchOptions } from '../adapters/opensearch/opensearch-index.ts'
import type { DocumentIndexEngine } from '../contracts/document-index.ts'
import type { Clock } from '../foundation/concurrency/clock.ts'
import type { IdSource } from '../foundation/concurrency/random.ts'
import { contentHash } from '../foundation/hashing/content-hash.ts'
import { TouchstoneError } from '../foundation/errors/touchstone-error.ts'
import { readSecret, type LoadedConfig } from './load-config.ts'

export interface IndexEngineParts {
  readonly clock: Clock
  readonly ids: IdSource
}

/** @throws TouchstoneError CONFIG_INVALID when the variable that holds the URL is not set */
export function createIndexEngine(loaded: LoadedConfig, dataDirectory: string, parts: IndexEngineParts): DocumentIndexEngine {
  const options = openSearchOptions(loaded)
  if (options !== undefined) return createOpenSearchEngine({ ...options, ...parts })
  return createLanceDbEngine({ directory: join(dataDirectory, 'index'), clock: parts.clock })
}

/** The same kind of engine for a state that is no part of the product, apart from the product's indices. */
export function createScratchEngine(loaded: LoadedConfig, dataDirectory: string, parts: IndexEngineParts): DocumentIndexEngine {
  const { index } = loaded.config
  const prefix = `${index.prefix}-scratch-${contentHash(resolve(dataDirectory)).slice(0, 12)}`
  return createIndexEngine({ ...loaded, config: { ...loaded.config, index: { ...index, prefix } } }, dataDirectory, parts)
}

/** @returns nothing for another engine @throws TouchstoneError CONFIG_INVALID when the variable is not set, or holds no such URL */
export function openSearchOptions({ path, config }: LoadedConfig): OpenSearchOptions | undefined {
  const { engine, url, prefix, shards, replicas, timeoutMs } = config.index
  if (engine !== 'opensearch' || url === undefined) return undefined
  const value = readSecret(url) ?? ''
  if (/^https?:\/\//.test(value) && URL.canParse(value)) return { url: value, prefix, shards, replicas, timeoutMs }
  const problem = value === '' ? 'is not set' : 'does not hold a URL that begins with https:// or http://'
  const problems = `  - index.url: the environment variable ${url.env} ${problem}`
  throw new TouchstoneError('CONFIG_INVALID', { details: { path, count: 1, problems } })
}
