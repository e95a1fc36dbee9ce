/** What a connector is given, for tests: a folder, this process's PATH, and secrets as data. */
import { join } from 'node:path'
import type { ConnectorParts } from '../contracts/connector.ts'

export function connectorParts(
  sourceId: string,
  baseDirectory: string,
  more: { readonly environment?: Readonly<Record<string, string>>; readonly secrets?: Readonly<Record<string, string>> } = {},
): ConnectorParts {
  return {
    sourceId,
    baseDirectory,
    cacheDirectory: join(baseDirectory, 'cache', sourceId),
    environment: more.environment ?? {},
    readSecret: ({ env }) => more.secrets?.[env],
  }
}
