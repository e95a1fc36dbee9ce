/** From a model's events to drafted sentences, with what they cost. Knows the word for no answer; checks nothing. */
import type { ChatModel, ModelEvent, Prompt, TokenUsage } from '../contracts/chat-model.ts'
import { createSentenceStream, type DraftSentence } from './guardrails/grounding/sentence-stream.ts'
import { untilAborted, type RequestRun } from './request-run.ts'

/** What the prompt asks a model to write when the passages do not answer. */
const NO_ANSWER = /^\W*NO_ANSWER\W*$/u

export interface DraftEnd {
  readonly usage: TokenUsage
  readonly costNanoUsd: number
  /** The model's first word was that there is no answer. */
  readonly declined: boolean
}

/** Yields sentences as they become complete; a model is not asked about nothing. Returns what generating cost. */
export async function* draftSentences(
  prompt: Prompt,
  model: ChatModel,
  run: RequestRun,
): AsyncGenerator<DraftSentence, DraftEnd> {
  const sentences = createSentenceStream()
  let end = { usage: { inputTokens: 0, outputTokens: 0 }, costNanoUsd: 0 }
  let count = 0
  let declined = false
  const pass = function* (drafts: readonly DraftSentence[]): Generator<DraftSentence> {
    for (const draft of drafts) {
      const isDecline = NO_ANSWER.test(draft.text) || draft.text.startsWith('NO_ANSWER')
      declined ||= isDecline && count === 0
      count += 1
      // What follows a refusal explains it; nothing of it is an answer.
      if (!declined && !isDecline) yield draft
    }
  }
  if (prompt.passages.length === 0) return { ...end, declined }
  for await (const event of eventsUntilAborted(prompt, model, run)) {
    if (event.type === 'end') end = { usage: event.usage, costNanoUsd: event.costNanoUsd }
    else yield* pass(sentences.push(event.text))
  }
  yield* pass(sentences.finish())
  return { ...end, declined }
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
