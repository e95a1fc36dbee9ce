/** Asking: one question, answered at once or as a stream of events. Knows the shape of answers; knows nothing of how they are made. */
import { z } from 'zod'
import type { Abstention, Answer, AnswerEvent, AnswerSentence, Citation } from '../../../contracts/answer.ts'
import type { TokenUsage } from '../../../contracts/chat-model.ts'
import type { ChunkId, ConversationId, DocumentId, DocumentVersion, ReleaseId, TraceId } from '../../../contracts/identity.ts'
import { TouchstoneError } from '../../../foundation/errors/touchstone-error.ts'
import { toCaller } from '../identity.ts'
import { defineRoute, EventStream, type ServerEvent } from '../route.ts'
import { problemSchema } from './problem-schema.ts'
import {
  describes,
  featureParams,
  filterSchema,
  givenId,
  idSchema,
  named,
  placeShape,
  whole,
  unavailableSchema,
} from './schema.ts'

const citationSchema = describes<Citation>()(
  'Citation',
  z.object({
    document: idSchema<DocumentId>('source:path, stable over versions'),
    version: idSchema<DocumentVersion>('Content hash of the document'),
    chunk: idSchema<ChunkId>('document#ordinal'),
    start: whole.describe('UTF-16 offset in the stored text of that version'),
    end: whole.describe('Half-open end of the quote'),
    quote: z.string().describe('Equals the stored text from start to end'),
    title: z.string(),
    ...placeShape,
  }),
)

const sentenceSchema = describes<AnswerSentence>()(
  'AnswerSentence',
  z.object({
    text: z.string(),
    support: z.enum(['quoted', 'lexical', 'model', 'none']).describe('How the cited passages support the sentence'),
    citations: z.array(citationSchema),
  }),
)

const abstentionSchema = describes<Abstention>()(
  'Abstention',
  z.object({
    reason: z.enum(['no-passages', 'no-support', 'model-abstained']),
    searched: z.object({ documents: whole, sources: z.array(z.string()) }),
    contact: z.string().describe('Whom to ask instead'),
  }),
)

const usageSchema = describes<TokenUsage>()('TokenUsage', z.object({ inputTokens: whole, outputTokens: whole }))

export const answerSchema = describes<Answer>()(
  'Answer',
  z.object({
    id: idSchema<TraceId>('Also the id of the trace'),
    feature: z.string(),
    release: idSchema<ReleaseId>('Hash of the release manifest that answered'),
    conversation: z.exactOptional(idSchema<ConversationId>('Conversation that the answer continues')),
    abstained: z.boolean(),
    abstention: z.exactOptional(abstentionSchema),
    unavailable: z.exactOptional(unavailableSchema),
    text: z.string(),
    sentences: z.array(sentenceSchema),
    usage: usageSchema,
    costNanoUsd: whole,
    timingsMs: z.record(z.string(), z.number()),
  }),
)

const sentenceEvent = named(
  'SentenceEvent',
  z.object({ index: whole, provisional: z.boolean().describe('To be confirmed or retracted'), ...sentenceSchema.shape }),
)
const confirmEvent = named('ConfirmEvent', z.object({ index: whole, ...sentenceSchema.shape }))
const retractEvent = named('RetractEvent', z.object({ index: whole }))

const answerRequestSchema = named(
  'AnswerRequest',
  z.strictObject({
    question: z.string(),
    conversation: z.exactOptional(givenId<ConversationId>('A name of your own choice; the next question continues it')),
    filter: z.exactOptional(filterSchema),
    stream: z.exactOptional(z.boolean().describe('Answer as server-sent events; so does `accept: text/event-stream`')),
    streaming: z.exactOptional(z.enum(['strict', 'provisional']).describe('Overrides the mode of the release')),
  }),
)

export const answerRoute = defineRoute({
  method: 'POST',
  path: '/v1/features/{feature}/answer',
  operation: 'answerQuestion',
  summary: 'Ask a question; every sentence of the answer cites what the user may read.',
  access: 'user',
  audit: { action: 'answer', target: ({ params }) => params.feature },
  params: featureParams,
  body: answerRequestSchema,
  response: {
    status: 200,
    description: 'The answer, or why there is none.',
    schema: answerSchema,
    events: { sentence: sentenceEvent, confirm: confirmEvent, retract: retractEvent, done: answerSchema, error: problemSchema },
  },
  handle: async ({ params, body, identity, signal, headers }, { application }) => {
    const { stream, ...asked } = body
    const events = application.answer({ ...asked, caller: toCaller(identity), feature: params.feature, signal })
    const wantsStream = stream ?? (headers.accept ?? '').includes('text/event-stream')
    return wantsStream ? new EventStream(toServerEvents(events)) : lastAnswer(events)
  },
})

async function* toServerEvents(events: AsyncGenerator<AnswerEvent>): AsyncGenerator<ServerEvent> {
  for await (const { type, ...data } of events) yield { name: type, data }
}

async function lastAnswer(events: AsyncGenerator<AnswerEvent>): Promise<Answer> {
  for await (const event of events) {
    if (event.type !== 'done') continue
    const { type: _, ...answer } = event
    return answer
  }
  throw new TouchstoneError('INTERNAL')
}
