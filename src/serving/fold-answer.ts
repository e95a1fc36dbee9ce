/** The JSON answer: a fold over the stream, so that there is one code path. Knows nothing of how the events came about. */
import type { Answer, AnswerEvent } from '../contracts/answer.ts'
import { TouchstoneError } from '../foundation/errors/touchstone-error.ts'

/** @throws TouchstoneError INTERNAL when the stream ends without its last event; whatever the stream throws */
export async function foldAnswer(events: AsyncIterable<AnswerEvent>): Promise<Answer> {
  let answer: Answer | undefined
  for await (const event of events) {
    if (event.type !== 'done') continue
    const { type: _type, ...document } = event
    answer = document
  }
  if (answer) return answer
  throw new TouchstoneError('INTERNAL')
}
