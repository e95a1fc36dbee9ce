/** Confirms support by asking a chat model. Knows the question it asks and what that cost; whether to ask is decided elsewhere. */
import type { ChatModel } from '../../../contracts/chat-model.ts'
import { assemblePrompt } from '../../prompts/assemble-prompt.ts'
import { confirmSupport } from '../../prompts/confirm-support.ts'
import type { SupportChecker } from './citation-check.ts'

/** For one request. @param nonce drawn anew for each question */
export function openModelSupportChecker(model: ChatModel, nonce: () => string): SupportChecker {
  let inputTokens = 0
  let outputTokens = 0
  let costNanoUsd = 0
  return {
    async confirm(sentence, passages, signal) {
      const prompt = assemblePrompt({ template: confirmSupport, question: sentence, passages, turns: [], nonce: nonce() })
      let reply = ''
      for await (const event of model.generate(prompt, signal)) {
        if (event.type === 'text') reply += event.text
        else {
          inputTokens += event.usage.inputTokens
          outputTokens += event.usage.outputTokens
          costNanoUsd += event.costNanoUsd
        }
      }
      return /^\W*SUPPORTED\W*$/u.test(reply)
    },
    spent: () => ({ usage: { inputTokens, outputTokens }, costNanoUsd }),
  }
}
