/** Answers: whole, as a stream of both kinds, and what they say when there is none. */
import { anyDocument, type Look, parsed, type Surface } from './surface.ts'

interface AnswerDocument {
  readonly abstained: boolean
  readonly abstention: { readonly searched: { readonly documents: number; readonly sources: readonly string[] } }
  readonly sentences: readonly { readonly citations?: readonly { readonly document: string; readonly version: string }[] }[]
}

export function answer(look: Look, body: Readonly<Record<string, unknown>>, feature = 'answers') {
  return look.running.call('ask', look.user, 'POST', `/v1/features/${feature}/answer`, body)
}

export function citedIn(text: string): string[] {
  const { sentences = [] } = parsed<AnswerDocument>(text)
  return sentences.flatMap(({ citations = [] }) => citations.map(({ document }) => document))
}

/** Mostly about something that the asker may read, so that there is something to lose. */
export function question(look: Look): string {
  const { mayRead } = look.world.view()
  const readable = look.world.live().filter(({ id }) => mayRead(look.user, id))
  const { lure } = readable.length > 0 && look.random.next() < 0.7 ? look.random.pick(readable) : anyDocument(look)
  return look.random.pick([`What does the ledger entry of ${lure} say?`, 'What do the ledger entries say?', `Who keeps ${lure}?`])
}

export const answerWhole: Surface = {
  id: 'answer',
  weight: 2,
  moments: ['filtered', 'retrieve', 'check'],
  look: async (look) => {
    const { text } = await answer(look, { question: question(look) })
    return { text, named: citedIn(text) }
  },
}

export const answerStream: Surface = {
  id: 'stream',
  weight: 2,
  moments: ['retrieve'],
  look: async (look) => {
    const streaming = look.random.pick(['strict', 'provisional'])
    const { text } = await answer(look, { question: question(look), stream: true, streaming })
    const events = text.split('\n').flatMap((line) => (line.startsWith('data: ') ? [line.slice(6)] : []))
    return { text, named: events.flatMap((event) => [...citedIn(event), ...citedIn(`{"sentences":[${event}]}`)]) }
  },
}

/** Words that nobody wrote, so that the answer says what was searched. */
export const abstention: Surface = {
  id: 'counts of an abstention',
  weight: 2,
  look: async (look) => {
    const { text } = await answer(look, { question: 'Xyzzyplugh frobnicates quuxifying?' })
    const { abstained, abstention: said } = parsed<AnswerDocument>(text)
    // Whoever may not ask is told nothing, not even a count.
    return { text, ...(abstained === true && said !== undefined ? { searched: said.searched } : {}) }
  },
}
