/** Counts what a completion used and what that costs. Knows nothing of how it was read. */
import type { Prompt, TokenUsage } from '../../contracts/chat-model.ts'
import type { CompletionPart } from './completion-stream.ts'
import type { OpenAiCompatibleOptions } from './endpoint-options.ts'

/** Providers that report no usage are estimated at four characters a token. */
export function startMeter(prompt: Prompt): { add(part: CompletionPart): void; usage(): TokenUsage; finishReason(): string } {
  const written = prompt.messages.reduce((sum, message) => sum + message.content.length, 0)
  let answered = 0
  let usage: TokenUsage | undefined
  let finishReason = 'stop'
  return {
    add(part) {
      answered += part.text?.length ?? 0
      usage = part.usage ?? usage
      finishReason = part.finishReason ?? finishReason
    },
    usage: () => usage ?? { inputTokens: Math.ceil(written / 4), outputTokens: Math.ceil(answered / 4) },
    finishReason: () => finishReason,
  }
}

/** @returns nano-USD, whole; 0 without prices */
export function costOf(usage: TokenUsage, prices: OpenAiCompatibleOptions['prices']): number {
  if (!prices) return 0
  return Math.round(usage.inputTokens * prices.inputNanoUsdPerToken + usage.outputTokens * prices.outputNanoUsdPerToken)
}
