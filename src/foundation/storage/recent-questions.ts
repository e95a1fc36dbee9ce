/** What people asked lately, as conversations remember it. Traces keep no words, so that other questions are nowhere. */
import type { ConversationTurn } from '../../contracts/conversation.ts'
import type { StateDatabase } from './state-schema.ts'

export interface RecentQuestion {
  readonly user: string
  /** Standing by itself. */
  readonly text: string
}

/** Newest first, each asked by one user once. */
export async function recentQuestions(db: StateDatabase, tenant: string, limit: number): Promise<readonly RecentQuestion[]> {
  const rows = await db
    .selectFrom('turns')
    .innerJoin('conversations', (join) =>
      join.onRef('conversations.tenant', '=', 'turns.tenant').onRef('conversations.id', '=', 'turns.conversation'),
    )
    .select(['user', 'content'])
    .where('turns.tenant', '=', tenant)
    .orderBy('turns.at', 'desc')
    .limit(limit)
    .execute()
  const asked = rows.map(({ user, content }) => ({ user, text: (JSON.parse(content) as ConversationTurn).standalone }))
  return [...new Map(asked.map((question) => [`${question.user}\n${question.text}`, question])).values()]
}
