/** Confirms support by asking a chat model. Knows the question it asks; whether to ask is decided elsewhere. */
import type { ChatModel } from '../../../contracts/chat-model.ts'
import { assemblePrompt } from '../../prompts/assemble-prompt.ts'
import { confirmSupport } from '../../prompts/confirm-support.ts'
import type { SupportChecker } from './citation-check.ts'

/** @param nonce drawn anew for each call */
export function createModelSupportChecker(model: ChatModel, nonce: () => string): SupportChecker {
  return {
    async confirm(sentence, passages, signal) {
      const prompt = assemblePrompt({ template: confirmSupport, question: sentence, passages, turns: [], nonce: nonce() })
      let reply = ''
      for await (const event of model.generate(prompt, signal)) if (event.type === 'text') reply += event.text
      return /^\W*SUPPORTED\W*$/u.test(reply)
    },
  }
}
