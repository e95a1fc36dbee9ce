/** From a model's events to drafted sentences, with what they cost. Knows the word for no answer; checks nothing. */
import type { ChatModel, ModelCost, ModelEvent, Prompt } from '../contracts/chat-model.ts'
import { createSentenceStream, type DraftSentence } from './guardrails/grounding/sentence-stream.ts'
import { untilAborted, type RequestRun } from './request-run.ts'

/** What the prompt asks a model to write when the passages do not answer. */
const NO_ANSWER = /^\W*NO_ANSWER\W*$/u

/** Characters that a model may go on writing after it was enough, so that its last event tells what it cost. */
const MOST_UNREAD = 20_000

export interface DraftEnd extends ModelCost {
  /** The model's first word was that there is no answer. */
  readonly declined: boolean
}

export interface DraftStream {
  /** To be read once; disposing of it before its end stops the model. */
  readonly sentences: AsyncGenerator<DraftSentence, void>
  /** No further sentence is wanted: the rest is read only for what it cost, and not for long. */
  enough(): void
  /** What is known so far; what a model cost is known from its last event, so nothing of one that was stopped. */
  end(): DraftEnd
}

/** Sentences as they become complete; a model is not asked about nothing, and one that writes without end is stopped. */
export function draftSentences(prompt: Prompt, model: ChatModel, run: RequestRun): DraftStream {
  let end: DraftEnd = { usage: { inputTokens: 0, outputTokens: 0 }, costNanoUsd: 0, declined: false }
  let count = 0
  let isEnough = false
  let unread = 0
  const pass = function* (drafts: readonly DraftSentence[]): Generator<DraftSentence> {
    for (const draft of drafts) {
      const isDecline = NO_ANSWER.test(draft.text) || draft.text.startsWith('NO_ANSWER')
      if (isDecline && count === 0) end = { ...end, declined: true }
      count += 1
      // What follows a refusal explains it; nothing of it is an answer.
      if (!end.declined && !isDecline && !isEnough) yield draft
    }
  }
  const read = async function* (): AsyncGenerator<DraftSentence, void> {
    if (prompt.passages.length === 0) return
    const sentences = createSentenceStream()
    for await (const event of eventsUntilAborted(prompt, model, run)) {
      if (event.type === 'end') end = { ...end, usage: event.usage, costNanoUsd: event.costNanoUsd }
      else if (isEnough) unread += event.text.length
      else yield* pass(sentences.push(event.text))
      if (sentences.isFull || unread > MOST_UNREAD) break
    }
    if (!isEnough) yield* pass(sentences.finish())
  }
  const enough = (): void => {
    isEnough = true
  }
  return { sentences: read(), enough, end: () => end }
}

async function* eventsUntilAborted(prompt: Prompt, model: ChatModel, run: RequestRun): AsyncGenerator<ModelEvent> {
  const close = run.open('generate')
  const iterator = model.generate(prompt, run.signal)[Symbol.asyncIterator]()
  try {
    for (;;) {
      const next = await untilAborted(() => iterator.next(), run.signal)
      if (next.done) return
      yield next.value
    }
  } finally {
    close()
    // Not awaited: a model that hangs must not keep a cancelled request open.
    iterator.return?.()?.catch?.(() => {})
  }
}
