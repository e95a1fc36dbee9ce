/** Conversations: what a model is given of earlier turns, which one that repeats everything it is told says aloud; and those of others. */
import { answer, citedIn, question } from './answer.ts'
import type { Tenant } from '../product.ts'
import { parsed, type Surface } from './surface.ts'

export const conversation: Surface = {
  id: 'conversation',
  weight: 3,
  moments: ['recall', 'filtered', 'check'],
  look: async (look) => {
    const { world, user } = look
    const name = `talk-${user}`
    const { status, text } = await answer(look, { question: question(look), conversation: name }, 'parrot')
    if (status === 200) world.talks.set(name, user)
    // Earlier answers may tell of versions that were replaced, while their documents may be read.
    return { text, named: citedIn(text), older: true }
  },
}

let asked = 0

/** What leaves for the model: passages and earlier answers. */
export const modelPrompt: Surface = {
  id: 'what a model is told',
  weight: 3,
  look: async (look) => {
    const number = ++asked
    const body = { question: `${question(look)} (ask-${number})`, conversation: `talk-${look.user}` }
    await answer(look, body, 'parrot')
    const { url = '' } = look.product.config(look.world.tenant as Tenant).models?.['parrot'] ?? {}
    return { text: await (await fetch(`${url}/heard/${number}`)).text(), older: true }
  },
}

export const othersConversation: Surface = {
  id: "somebody else's conversation",
  weight: 1,
  look: async (look) => {
    const other = [...look.world.talks].find(([, owner]) => owner !== look.user)
    if (other === undefined) return { text: '' }
    const { text } = await answer(look, { question: question(look), conversation: other[0] }, 'parrot')
    const { code } = parsed<{ code: string }>(text)
    const isRefused = code === 'CONVERSATION_UNKNOWN' || code === 'USER_DISABLED' || code === 'USER_UNKNOWN'
    return { text, compared: 1, wrong: isRefused ? [] : [`${look.user} goes on with ${other[0]}: ${text.slice(0, 200)}`] }
  },
}
