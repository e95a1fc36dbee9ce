/** Whether a question may enter at all. Knows its length; judges no content. */
import { TouchstoneError } from '../foundation/errors/touchstone-error.ts'

/**
 * @returns the question, trimmed
 * @throws TouchstoneError QUESTION_EMPTY, QUESTION_TOO_LONG
 */
export function admitQuestion(question: string, feature: string, maxQuestionLength: number): string {
  const length = question.length
  if (length > maxQuestionLength)
    throw new TouchstoneError('QUESTION_TOO_LONG', { details: { length, limit: maxQuestionLength, feature } })
  const trimmed = question.trim()
  // Something must be asked: letters, digits or symbols, not punctuation or control characters alone.
  if (!/[\p{L}\p{N}\p{S}]/u.test(trimmed)) throw new TouchstoneError('QUESTION_EMPTY')
  return trimmed
}
