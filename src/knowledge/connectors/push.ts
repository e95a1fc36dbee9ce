/** Documents that programs push over HTTP, as a source. Knows where they are kept; knows nothing of how they came. */
import { z } from 'zod'
import type { ConnectorExtension, StateConnectorParts } from '../../contracts/connector.ts'

/** What a source of the kind `push` may say in the configuration: nothing yet. */
export const pushOptionsSchema = z.strictObject({})
export type PushOptions = z.infer<typeof pushOptionsSchema>

export const pushConnector: ConnectorExtension<PushOptions, StateConnectorParts> = {
  id: 'push',
  version: 1,
  summary: 'Documents pushed over HTTP, each with its own permissions; kept in the state.',
  isKeptInState: true,
  parseOptions: (input) => pushOptionsSchema.parse(input),
  create: (_options, { sourceId, pushed }) => ({
    list: async function* () {
      yield* await pushed.items(sourceId)
    },
    fetch: (item) => pushed.bytes(sourceId, item),
  }),
}
