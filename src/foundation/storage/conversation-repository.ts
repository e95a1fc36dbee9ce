/** Conversations in the state. A conversation belongs to the user and feature that began it. */
import type { ConversationStore, ConversationTurn } from '../../contracts/conversation.ts'
import type { CallerIdentity } from '../../contracts/asker.ts'
import type { Clock } from '../concurrency/clock.ts'
import { TouchstoneError } from '../errors/touchstone-error.ts'
import type { StateDatabase } from './state-schema.ts'

export function createConversationStore(db: StateDatabase, clock: Clock): ConversationStore {
  return {
    recall: async (id, caller, feature, limit) => {
      if (!(await ownConversation(db, id, caller, feature))) return []
      const rows = await db
        .selectFrom('turns')
        .select('content')
        .where('tenant', '=', caller.tenant)
        .where('conversation', '=', id)
        .orderBy('ordinal', 'desc')
        .limit(limit)
        .execute()
      return rows.map((row) => JSON.parse(row.content) as ConversationTurn).reverse()
    },
    append: (id, caller, feature, turn) =>
      db.transaction().execute(async (transaction) => {
        const at = clock.now()
        // Makes it, or keeps it as it is; either way its row is ours until the end, so that turns are counted one by one.
        const row = { tenant: caller.tenant, id, user: caller.user, feature, created_at: at }
        await transaction
          .insertInto('conversations')
          .values(row)
          .onConflict((conflict) =>
            conflict.columns(['tenant', 'id']).doUpdateSet(({ ref }) => ({ created_at: ref('conversations.created_at') })),
          )
          .execute()
        await ownConversation(transaction, id, caller, feature)
        const last = await transaction
          .selectFrom('turns')
          .select(({ fn }) => fn.max('ordinal').as('ordinal'))
          .where('tenant', '=', caller.tenant)
          .where('conversation', '=', id)
          .executeTakeFirst()
        const ordinal = (last?.ordinal ?? 0) + 1
        await transaction
          .insertInto('turns')
          .values({ tenant: caller.tenant, conversation: id, ordinal, content: JSON.stringify(turn), at })
          .execute()
      }),
  }
}

/** @returns false when there is none yet @throws TouchstoneError CONVERSATION_UNKNOWN when it is somebody else's */
async function ownConversation(db: StateDatabase, id: string, caller: CallerIdentity, feature: string): Promise<boolean> {
  const row = await db
    .selectFrom('conversations')
    .select(['user', 'feature'])
    .where('tenant', '=', caller.tenant)
    .where('id', '=', id)
    .executeTakeFirst()
  if (row === undefined) return false
  if (row.user === caller.user && row.feature === feature) return true
  throw new TouchstoneError('CONVERSATION_UNKNOWN', { details: { conversation: id } })
}
