/** The search engines that a team could install today, each as its documentation sets it up. Knows no collection. */
import MiniSearch from 'minisearch'
import { loadLanceDb } from '../../src/adapters/lancedb/native.ts'
import { stemEnglishWord } from '../../src/foundation/text/english-stemmer.ts'
import { stopWordsOf } from '../../src/foundation/text/stop-words.ts'
import type { RankQuery } from '../../src/lifecycle/evaluation/retrieval/evaluate-retrieval.ts'
import type { OpenSystem, RankingSystem } from './ranking-system.ts'

const DEPTH = 1_000

/** Title and text in one field, the native tokenizer with English stemming and stop words, every row looked at. */
export const lanceDbFullText: RankingSystem = {
  name: 'LanceDB FTS',
  isPeer: true,
  async open(documents, folder) {
    const { module } = await loadLanceDb()
    const { Index, MatchQuery, connect } = module
    const database = await connect(folder)
    const rows = documents.map(({ id, title, text }) => ({ id, text: `${title}\n${text}` }))
    const table = await database.createTable('documents', rows)
    const config = Index.fts({ stem: true, removeStopWords: true, language: 'English', withPosition: false })
    await table.createIndex('text', { config })
    return withTopScore(
      async ({ text }) => {
        if (text.trim() === '') return []
        const query = table.query().fullTextSearch(new MatchQuery(text, 'text')).select(['id', '_score']).limit(DEPTH)
        const found = (await query.toArray()) as { id: string; _score: number }[]
        return found.map(({ id, _score: score }) => ({ document: id, score }))
      },
      async () => {
        table.close()
        database.close()
      },
    )
  },
}

/** Its defaults over title and text, with the stemming and the stop words that it leaves to its user. */
export const miniSearch: RankingSystem = {
  name: 'MiniSearch',
  isPeer: true,
  async open(documents) {
    const stopWords = stopWordsOf('en')
    const processTerm = (term: string): string | null => {
      const word = term.toLowerCase()
      return stopWords.has(word) ? null : stemEnglishWord(word)
    }
    const index = new MiniSearch<{ id: string; title: string; text: string }>({ fields: ['title', 'text'], processTerm })
    index.addAll(documents.map(({ id, title, text }) => ({ id, title, text })))
    return withTopScore(
      async ({ text }) =>
        index
          .search(text)
          .slice(0, DEPTH)
          .map(({ id, score }) => ({ document: String(id), score })),
      async () => {},
    )
  },
}

function withTopScore(rank: RankQuery, close: () => Promise<void>): OpenSystem {
  const { signal } = new AbortController()
  return {
    rank,
    topScore: async (query) => Math.max(0, ...(await rank(query, signal)).map(({ score }) => score)),
    close,
  }
}
