/** Which sources may be pushed into. Knows the configured ones and those that pushing made. */
import type { Pusher } from '../../contracts/pushed-document.ts'
import { TouchstoneError } from '../../foundation/errors/touchstone-error.ts'
import { setSourceState } from '../../foundation/storage/source-repository.ts'
import type { StateDatabase } from '../../foundation/storage/state-schema.ts'
import { pushConnector } from '../connectors/push.ts'

export interface PushSources {
  /**
   * @returns whether the source must be made first
   * @throws TouchstoneError SOURCE_NOT_PUSHED when another connector owns it, SOURCE_UNKNOWN when the pusher may not make it
   */
  require(state: StateDatabase, source: string, pusher: Pusher): Promise<boolean>
  create(state: StateDatabase, source: string): Promise<void>
}

/** @param configured kind of each configured source */
export function createPushSources(tenant: string, configured: ReadonlyMap<string, string>): PushSources {
  const { id: kind } = pushConnector
  return {
    require: async (state, source, pusher) => {
      const stored = await storedSource(state, tenant, source, configured.has(source))
      const owner = configured.get(source) ?? stored?.kind
      if (owner !== undefined && owner !== kind)
        throw new TouchstoneError('SOURCE_NOT_PUSHED', { details: { source, kind: owner } })
      // One that lost its line in the configuration is served to nobody: pushing into it would keep what is never found.
      const isNew = stored?.kind !== kind || !stored.isConnected
      if (isNew && !configured.has(source) && !pusher.mayCreateSource) {
        const known = [...configured].filter(([, each]) => each === kind).map(([id]) => id)
        throw new TouchstoneError('SOURCE_UNKNOWN', { details: { source, known } })
      }
      return isNew
    },
    create: (state, source) => {
      // Only what no configuration names is kept with its options: otherwise it would outlive its line there.
      const options = configured.has(source) ? {} : { options: { kind } }
      return setSourceState(state, tenant, { id: source, kind, ...options }, 'ready')
    },
  }
}

async function storedSource(state: StateDatabase, tenant: string, source: string, isConfigured: boolean) {
  const row = await state
    .selectFrom('sources')
    .select(['kind', 'detail'])
    .where('tenant', '=', tenant)
    .where('id', '=', source)
    .executeTakeFirst()
  return row === undefined ? undefined : { kind: row.kind, isConnected: isConfigured || row.detail !== '{}' }
}
