/** Every prompt that comes with the product, and how a release's reference finds its text. */
import { TouchstoneError } from '../../foundation/errors/touchstone-error.ts'
import { answerWithCitations } from './answer-with-citations.ts'
import { confirmSupport } from './confirm-support.ts'
import { promptHash, promptReference, type PromptTemplate } from './prompt-template.ts'

export const promptCatalog: readonly PromptTemplate[] = [answerWithCitations, confirmSupport]

/** Prompts by what a release pins. */
export interface Prompts {
  /** @throws TouchstoneError PROMPT_UNKNOWN, also when the text no longer has the pinned hash */
  resolve(pinned: { readonly id: string; readonly hash: string }): PromptTemplate
}

/** @param templates the prompts to choose from; those of the product when left out */
export function createPrompts(templates: readonly PromptTemplate[] = promptCatalog): Prompts {
  return {
    resolve(pinned) {
      const found = templates.find((template) => promptReference(template) === pinned.id && promptHash(template) === pinned.hash)
      if (found) return found
      throw new TouchstoneError('PROMPT_UNKNOWN', {
        details: { prompt: `${pinned.id} (${pinned.hash})`, known: templates.map(promptReference) },
      })
    },
  }
}
