/** What earlier turns may contribute to this one, and the question put so that it stands by itself. Knows nothing of storage. */
import type { AnswerRequest } from '../contracts/answer.ts'
import type { ConversationTurn } from '../contracts/conversation.ts'
import type { ReleaseManifest } from '../contracts/release.ts'
import type { RetrievalQuestion } from '../contracts/retrieval.ts'
import type { AnswerParts } from './answer-parts.ts'

/** Turns looked back at; what is older rarely decides what "it" means. */
export const RECALLED_TURNS = 6

export interface RecalledConversation {
  /** The asker's own earlier questions, standing by themselves, oldest first. */
  readonly questions: readonly string[]
  /** Turns whose answers rest only on documents that the asker may still read. */
  readonly turns: readonly ConversationTurn[]
}

/** @throws TouchstoneError CONVERSATION_UNKNOWN when it belongs to somebody else */
export async function recallConversation(
  request: AnswerRequest,
  parts: Pick<AnswerParts, 'conversations' | 'access'>,
): Promise<RecalledConversation> {
  if (request.conversation === undefined) return { questions: [], turns: [] }
  const turns = await parts.conversations.recall(request.conversation, request.caller, request.feature, RECALLED_TURNS)
  const documents = [...new Set(turns.flatMap((turn) => turn.documents))]
  const readable = documents.length > 0 ? await parts.access.readableNow(request.caller, documents) : new Set()
  return {
    questions: turns.map((turn) => turn.standalone),
    turns: turns.filter((turn) => rests(turn) && turn.documents.every((document) => readable.has(document))),
  }
}

/** An answer stored without a document could tell of any, so nobody can say who may still see it. */
function rests(turn: ConversationTurn): boolean {
  return turn.documents.length > 0 || turn.answer === ''
}

/** A rewriter may put the question anew, for those after it too; as it was asked, and all further wordings, are searched beside it. */
export async function phraseForRetrieval(
  question: string,
  recalled: Pick<RecalledConversation, 'questions'>,
  request: Pick<AnswerRequest, 'filter' | 'signal'>,
  manifest: Pick<ReleaseManifest, 'retrieval'>,
  parts: Pick<AnswerParts, 'rewriters'>,
): Promise<RetrievalQuestion> {
  let text = question
  const wordings = [question]
  for (const rewriter of parts.rewriters(manifest.retrieval.queryRewriters)) {
    const found = await rewriter.rewrite(text, recalled.questions, request.signal)
    wordings.push(...found)
    if (rewriter.replaces) text = found[0] ?? text
  }
  const variants = [...new Set(wordings)].filter((wording) => wording !== text)
  return { text, variants, ...(request.filter === undefined ? {} : { filter: request.filter }) }
}
