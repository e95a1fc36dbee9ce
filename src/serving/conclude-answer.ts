/** From the sentences that stand to the answer document, or to an abstention; and what the conversation remembers of it. */
import type { Abstention, Answer, AnswerEvent, AnswerRequest, AnswerSentence } from '../contracts/answer.ts'
import type { ConversationTurn } from '../contracts/conversation.ts'
import type { DocumentId } from '../contracts/identity.ts'
import type { Release } from '../contracts/release.ts'
import type { FoundPassages } from '../contracts/retrieval.ts'
import { detectLanguage } from '../foundation/text/language.ts'
import { abstentionText } from './abstention.ts'
import type { AnswerParts } from './answer-parts.ts'
import type { EmittedAnswer, StandingSentence } from './emit-sentences.ts'
import type { RequestRun } from './request-run.ts'

export interface Conclusion {
  readonly request: AnswerRequest
  readonly release: Release
  readonly found: FoundPassages
  /** Documents that the prompt told of. */
  readonly told: readonly DocumentId[]
  readonly emitted: EmittedAnswer
}

/**
 * Looks once more whether everything told of is readable, since the last event repeats the whole answer: what is not any more is
 * taken back. Without a sentence left the answer abstains.
 */
export async function* concludeAnswer(
  { request, release, found, told, emitted }: Conclusion,
  parts: Pick<AnswerParts, 'access'>,
  run: RequestRun,
): AsyncGenerator<AnswerEvent, Answer> {
  const shown = documentsOf(
    emitted.standing.map(({ sentence }) => sentence),
    told,
  )
  const readable = await run.stage('conclude', async () =>
    shown.length === 0 ? new Set<DocumentId>() : parts.access.readableNow(request.caller, shown),
  )
  const stands = ({ sentence }: StandingSentence): boolean =>
    documentsOf([sentence], told).every((document) => readable.has(document))
  for (const lost of emitted.standing.filter((sentence) => !stands(sentence))) yield { type: 'retract', index: lost.index }
  const standing = emitted.standing.filter(stands)
  const abstention = standing.length > 0 ? undefined : abstain(release, found, emitted)
  return {
    id: run.trace.id,
    feature: request.feature,
    release: release.id,
    ...(request.conversation === undefined ? {} : { conversation: request.conversation }),
    abstained: abstention !== undefined,
    ...(abstention === undefined ? {} : { abstention }),
    ...(found.unavailable === undefined ? {} : { unavailable: found.unavailable }),
    text: abstention ? abstentionText(abstention, detectLanguage(request.question)) : joinSentences(standing),
    sentences: standing.map(({ sentence }) => sentence),
    usage: emitted.usage,
    costNanoUsd: emitted.costNanoUsd,
    timingsMs: run.trace.timingsMs(),
  }
}

/** Appends the turn, with the documents that whoever is shown it later must still be able to read. */
export async function rememberTurn(
  answer: Answer,
  standalone: string,
  request: AnswerRequest,
  told: readonly DocumentId[],
  parts: Pick<AnswerParts, 'conversations'>,
): Promise<void> {
  if (request.conversation === undefined) return
  const documents = documentsOf(answer.sentences, told)
  const turn = { question: request.question, standalone, answer: answer.abstained ? '' : answer.text, documents }
  await parts.conversations.append(request.conversation, request.caller, request.feature, turn)
}

function abstain(release: Release, found: FoundPassages, emitted: EmittedAnswer): Abstention {
  const reason = found.passages.length === 0 ? 'no-passages' : emitted.declined ? 'model-abstained' : 'no-support'
  return { reason, searched: found.searched, contact: release.manifest.policy.contact }
}

/** Documents of the passages and of the earlier answers that a prompt holds. */
export function documentsInPrompt(passages: FoundPassages['passages'], turns: readonly ConversationTurn[]): DocumentId[] {
  return [...new Set([...passages.map((passage) => passage.document), ...turns.flatMap((turn) => turn.documents)])]
}

/** What the sentences cite; and every document that the prompt told of when one rests on nothing, as it may tell of any of them. */
function documentsOf(sentences: readonly AnswerSentence[], told: readonly DocumentId[]): DocumentId[] {
  const cited = sentences.flatMap((sentence) => sentence.citations.map((citation) => citation.document))
  const mayTell = sentences.some((sentence) => sentence.support === 'none') ? told : []
  return [...new Set([...cited, ...mayTell])]
}

function joinSentences(standing: readonly StandingSentence[]): string {
  return standing.map(({ sentence, lead }, position) => (position === 0 ? '' : lead) + sentence.text).join('')
}
