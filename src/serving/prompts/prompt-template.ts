/** What a prompt is: versioned text with a name. Knows nothing of questions or passages. */
import { contentHash } from '../../foundation/hashing/content-hash.ts'

/** The instructions of one prompt; `text` may hold `{nonce}`, filled anew for each request. */
export interface PromptTemplate {
  /** kebab-case, unique with the version. */
  readonly id: string
  /** Raised with every change of the text. */
  readonly version: number
  /** One line for the generated reference page. */
  readonly summary: string
  readonly text: string
}

/** @returns `id@version`, as a release names the prompt */
export function promptReference(template: PromptTemplate): string {
  return `${template.id}@${template.version}`
}

/** @returns the hash of the text that a release pins beside the reference */
export function promptHash(template: PromptTemplate): string {
  return contentHash(template.text)
}
