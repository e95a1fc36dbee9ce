/** The product in small, for the tests of answering: real tracer, prompts and grounding, state in maps. Holds no tests. */
import type { AnswerEvent, AnswerRequest } from '../contracts/answer.ts'
import type { CallerIdentity } from '../contracts/asker.ts'
import type { ChatModel, Prompt } from '../contracts/chat-model.ts'
import type { ConversationStore, ConversationTurn } from '../contracts/conversation.ts'
import type { Passage } from '../contracts/document.ts'
import type { TenantId } from '../contracts/identity.ts'
import type { AnswerPolicy } from '../contracts/release.ts'
import type { RetrievalQuestion } from '../contracts/retrieval.ts'
import type { TraceRecord } from '../contracts/telemetry.ts'
import { systemClock } from '../foundation/concurrency/clock.ts'
import { systemIds } from '../foundation/concurrency/random.ts'
import { TouchstoneError } from '../foundation/errors/touchstone-error.ts'
import { createTracer } from '../foundation/telemetry/tracer.ts'
import type { AnswerParts } from './answer-parts.ts'
import { answerQuestion } from './answer-question.ts'
import { answerWithCitations } from './prompts/answer-with-citations.ts'
import { createPrompts } from './prompts/catalog.ts'
import { promptHash, promptReference } from './prompts/prompt-template.ts'

export const maria: CallerIdentity = { tenant: 'main' as TenantId, user: 'maria' }
export const leave = passageOf('hr:leave.md', 'Full-time staff receive 25 days of leave. Ask your manager.', 120)
export const salary = passageOf('hr:salary.md', 'The director earns 90,000 EUR.', 40)

export function passageOf(document: string, text: string, start: number): Passage {
  return {
    chunk: `${document}#2`,
    document,
    version: 'v7',
    title: 'Title',
    path: document,
    source: 'hr',
    language: 'en',
    headingPath: [],
    start,
    end: start + text.length,
    text,
    metadata: {},
    modifiedAtMs: 0,
    score: 1,
  } as unknown as Passage
}

/** A model that writes what it is told, in pieces of the given size; `during` runs after each. */
export function writer(
  text: string,
  size = 5,
  during: (written: number) => void | Promise<void> = () => {},
): ChatModel & { prompts: Prompt[] } {
  const prompts: Prompt[] = []
  return {
    id: 'test/writer',
    prompts,
    async *generate(prompt) {
      prompts.push(prompt)
      for (let at = 0; at < text.length; at += size) {
        yield { type: 'text', text: text.slice(at, at + size) }
        await during(at + size)
      }
      yield { type: 'end', usage: { inputTokens: 7, outputTokens: 3 }, costNanoUsd: 11, finishReason: 'stop' }
    },
  }
}

/** The product in small: real tracer, prompts and grounding; state in maps that a test may change at any moment. */
export function house(
  options: {
    model?: ChatModel
    passages?: readonly Passage[]
    policy?: Partial<AnswerPolicy>
    parts?: Partial<AnswerParts>
  } = {},
) {
  const passages = options.passages ?? [leave, salary]
  const readable = new Set<string>(passages.map((passage) => passage.document))
  const traces: TraceRecord[] = []
  const searched: RetrievalQuestion[] = []
  const conversations = memoryConversations()
  const policy: AnswerPolicy = {
    unsupported: 'drop',
    streaming: 'strict',
    maxQuestionLength: 200,
    maxSentences: 5,
    contact: 'the People team',
    ...options.policy,
  }
  const parts: AnswerParts = {
    access: {
      authorise: async (caller) => {
        if (caller.user === 'nobody') throw new TouchstoneError('USER_UNKNOWN', { details: { user: 'nobody' } })
        return {
          ...caller,
          principals: new Set(),
          principalsHash: '',
          readable: { ids: new Int32Array(), total: 0, generation: 0 },
        }
      },
      readableNow: async (_caller, documents) => new Set(documents.filter((document) => readable.has(document))),
    },
    releases: {
      resolve: async () =>
        ({
          id: 'release-1',
          manifest: {
            feature: 'answers',
            prompt: { id: promptReference(answerWithCitations), hash: promptHash(answerWithCitations) },
            model: 'test/writer',
            indexDefinition: 'i',
            policy,
            retrieval: { passages: 5, candidates: 10, documentWeight: 0, rerankers: [], queryRewriters: ['join'] },
          },
        }) as never,
    },
    conversations,
    rewriters: () => [
      {
        id: 'join',
        replaces: true,
        rewrite: async (question, history) => (history.length > 0 ? [`${history.at(-1)} ${question}`] : []),
      },
    ],
    passages: {
      find: async (question) => {
        searched.push(question)
        return {
          passages: passages.filter((passage) => readable.has(passage.document)),
          searched: { documents: 3, sources: ['hr'] },
          withheld: 0,
        }
      },
    },
    prompts: createPrompts(),
    models: { resolve: () => options.model ?? writer('Full-time staff receive 25 days of leave. [1]') },
    tracer: createTracer({
      tenant: 'main',
      sink: { write: async (trace) => void traces.push(trace) },
      clock: systemClock,
      ids: systemIds,
    }),
    nonce: () => 'nonce',
    openChecker: () => undefined,
    ...options.parts,
  }
  const ask = (more: Partial<AnswerRequest> = {}): AsyncGenerator<AnswerEvent> =>
    answerQuestion(
      { caller: maria, feature: 'answers', question: 'How many days of leave?', signal: new AbortController().signal, ...more },
      parts,
    )
  return { ask, readable, traces, searched, conversations, parts }
}

function memoryConversations(): ConversationStore & { turns: Map<string, { owner: string; turns: ConversationTurn[] }> } {
  const turns = new Map<string, { owner: string; turns: ConversationTurn[] }>()
  const own = (id: string, owner: string): { owner: string; turns: ConversationTurn[] } => {
    const kept = turns.get(id) ?? { owner, turns: [] }
    if (kept.owner !== owner) throw new TouchstoneError('CONVERSATION_UNKNOWN', { details: { conversation: id } })
    return kept
  }
  return {
    turns,
    recall: async (id, caller, feature, limit) => own(id, `${caller.user}/${feature}`).turns.slice(-limit),
    append: async (id, caller, feature, turn) => {
      const kept = own(id, `${caller.user}/${feature}`)
      kept.turns.push(turn)
      turns.set(id, kept)
    },
  }
}
