/** What features add to a search: results that stand on top, words of their own, and finding by meaning. */
import { NEAR_WORD } from '../elsewhere.ts'
import { KIN_WORD, PIN_QUESTION } from '../product.ts'
import { search, searchEntries } from './search.ts'
import { COMMON_WORD, type Surface } from './surface.ts'

export const curatedSearch: Surface = {
  id: 'curated results',
  weight: 2,
  moments: ['filtered'],
  look: async (look) => {
    const { text, named } = await search(look, PIN_QUESTION, { limit: 100, feature: 'pinned' })
    const pinned = look.company.pinned[look.tenant]
    const wrong = named.filter((document) => !pinned.includes(document)).map((document) => `${document} is not pinned`)
    return { text, named, wrong, complete: pinned.filter((id) => look.world.documents.get(id)?.isDeleted === false) }
  },
}

export const searchByOtherWords: Surface = {
  id: "search by a feature's own words",
  weight: 2,
  look: (look) => searchEntries(look, KIN_WORD, look.random.pick([1 + look.random.below(8), 100]), 'kin'),
}

/** No document has the word: what is found is found by meaning alone. */
export const searchByMeaning: Surface = {
  id: 'search by meaning',
  weight: 3,
  moments: ['filtered'],
  look: (look) => searchEntries(look, NEAR_WORD, 1 + look.random.below(8), 'meaning'),
}

export const hybridSearch: Surface = {
  id: 'search by words and meaning',
  weight: 2,
  look: (look) => searchEntries(look, COMMON_WORD, look.random.pick([1 + look.random.below(8), 100]), 'hybrid'),
}
