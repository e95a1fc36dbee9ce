/** Documents of another department's search engine, beside our own: found, quoted in answers, opened from a citation. It answers everybody with everything. */
import { answer, citedIn } from './answer.ts'
import { openText } from './documents.ts'
import { search } from './search.ts'
import { COMMON_WORD, type Surface } from './surface.ts'

export const searchBeside: Surface = {
  id: 'search of an external index',
  weight: 2,
  // What it says of readers is compared with who asks when its answer is there.
  moments: ['authorise'],
  look: async (look) => {
    const { text, named } = await search(look, COMMON_WORD, { limit: 100, feature: 'beside' })
    const complete = [...look.world.entries(), ...look.world.annex.values()].map(({ id }) => id)
    return { text, named, complete }
  },
}

export const answerBeside: Surface = {
  id: 'answer from an external index',
  weight: 1,
  moments: ['retrieve'],
  look: async (look) => {
    const { lure } = look.random.pick([...look.world.annex.values()])
    const { text } = await answer(look, { question: `What does the ledger entry of ${lure} say?` }, 'beside')
    return { text, named: citedIn(text) }
  },
}

export const textBeside: Surface = {
  id: 'text of an external document',
  weight: 1,
  look: (look) => openText(look, look.random.pick([...look.world.annex.values()])),
}
