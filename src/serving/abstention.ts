/** What is said when there is no answer: why, what was searched, whom to ask. Says only what the asker may know. */
import type { Abstention } from '../contracts/answer.ts'
import { ABSTENTION_WORDS } from './abstention.data.ts'

/** @param language BCP 47 primary subtag of the question; English where the words are missing */
export function abstentionText(abstention: Abstention, language: string): string {
  const words = Object.hasOwn(ABSTENTION_WORDS, language) ? ABSTENTION_WORDS[language] : ABSTENTION_WORDS['en']
  if (!words) return ''
  const { documents, sources } = abstention.searched
  const searched = words.searched[documents === 0 ? 0 : documents === 1 ? 1 : 2]
  const sentences = [
    words.reason[abstention.reason],
    searched.replace('{count}', () => String(documents)).replace('{sources}', () => sources.join(', ')),
    ...(abstention.contact.trim() === '' ? [] : [words.contact.replace('{contact}', () => abstention.contact.trim())]),
  ]
  return sentences.join(words.space)
}
