/** A model that writes. Knows nothing of providers; capabilities are data. */
import type { Passage } from './document.ts'

export interface ChatMessage {
  readonly role: 'system' | 'user' | 'assistant'
  readonly content: string
}

/** An assembled prompt. Passages stay structured beside their rendering, so that a local answerer need not parse text. */
export interface Prompt {
  readonly messages: readonly ChatMessage[]
  readonly question: string
  /** Numbered from 1 in the rendered messages, in this order. */
  readonly passages: readonly Passage[]
}

export interface TokenUsage {
  readonly inputTokens: number
  readonly outputTokens: number
}

export interface ModelCost {
  readonly usage: TokenUsage
  readonly costNanoUsd: number
}

/** Text deltas, then one end. Citations are `[n]` markers after the sentence they support, n counting passages from 1. */
export type ModelEvent =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'end'; readonly usage: TokenUsage; readonly costNanoUsd: number; readonly finishReason: string }

export interface ChatModel {
  /** `builtin/extractive@2`, `endpoint/model`. */
  readonly id: string
  /**
   * @throws TouchstoneError MODEL_UNAVAILABLE, MODEL_TIMEOUT, MODEL_RATE_LIMITED (retryable), MODEL_RESPONSE_INVALID, MODEL_REFUSED
   */
  generate(prompt: Prompt, signal: AbortSignal): AsyncIterable<ModelEvent>
}
