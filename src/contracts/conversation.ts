/** Memory of a conversation. Belongs to one user and one feature; nobody else can read or extend it. */
import type { CallerIdentity } from './asker.ts'
import type { ConversationId, DocumentId } from './identity.ts'

export interface ConversationTurn {
  readonly question: string
  /** The question as it was searched, standing by itself. */
  readonly standalone: string
  readonly answer: string
  /** Documents that the answer cites; a reader who lost one of them must not be shown, nor have used, the answer. */
  readonly documents: readonly DocumentId[]
}

export interface ConversationStore {
  /** Oldest first, at most `limit`; an unknown conversation is empty, somebody else's throws CONVERSATION_UNKNOWN. */
  recall(id: ConversationId, caller: CallerIdentity, feature: string, limit: number): Promise<readonly ConversationTurn[]>
  append(id: ConversationId, caller: CallerIdentity, feature: string, turn: ConversationTurn): Promise<void>
}
