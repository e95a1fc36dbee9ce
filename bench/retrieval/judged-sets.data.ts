/** Which judged collections the retrieval bench runs over, what it reads off each, and what must be reached. */
import type { CollectionQuery } from '../../src/lifecycle/evaluation/retrieval/judged-collection.ts'
import type { RankingMetric } from '../../src/lifecycle/evaluation/retrieval/ranking-scores.ts'

export interface JudgedRow {
  readonly name: string
  /** `roc` tells answerable queries (`metadata.answerable`) from the others by the score of the best document. */
  readonly measure: RankingMetric | 'roc'
  /** All queries when absent. */
  readonly keep?: (query: CollectionQuery) => boolean
  /** What must be reached, by the variant that must. */
  readonly targets: Readonly<Record<string, number>>
}

export interface JudgedSet {
  /** Folders below the collections. Of several, a query counts its mean, since their questions are the same. */
  readonly parts: readonly { readonly corpus: string; readonly queries: string }[]
  readonly rows: readonly JudgedRow[]
  /** Needs an encoder of many languages. */
  readonly isMultilingual?: boolean
}

const LANGUAGES = ['ar', 'de', 'en', 'es', 'hi', 'zh'] as const

function single(folder: string, ...rows: readonly JudgedRow[]): JudgedSet {
  return { parts: [{ corpus: folder, queries: folder }], rows }
}

/** The title of the page says less than half of the query's words. */
function isHard({ metadata }: CollectionQuery): boolean {
  return typeof metadata['title_overlap'] === 'number' && metadata['title_overlap'] < 0.5
}

export const judgedSets: readonly JudgedSet[] = [
  single('scifact', { name: 'scifact', measure: 'ndcg@10', targets: { shipped: 0.7, 'with an encoder': 0.75 } }),
  single('cranfield', { name: 'cranfield', measure: 'ndcg@10', targets: { shipped: 0.42, 'with an encoder': 0.43 } }),
  single('cisi', { name: 'cisi', measure: 'ndcg@10', targets: { shipped: 0.41, 'with an encoder': 0.46 } }),
  single(
    'sourcegraph-handbook',
    { name: 'sourcegraph-handbook', measure: 'ndcg@10', targets: { shipped: 0.76, 'with an encoder': 0.79 } },
    { name: 'sourcegraph-handbook, title overlap < .5', measure: 'mrr@10', keep: isHard, targets: {} },
  ),
  single('contextual-codebase', {
    name: 'contextual-codebase',
    measure: 'recall@10',
    targets: { shipped: 0.89, 'with an encoder': 0.89 },
  }),
  {
    parts: LANGUAGES.map((language) => ({ corpus: `xquad/${language}`, queries: `xquad/${language}` })),
    isMultilingual: true,
    rows: [{ name: 'xquad, same language', measure: 'ndcg@10', targets: { shipped: 0.93, 'with an encoder': 0.96 } }],
  },
  {
    parts: LANGUAGES.filter((language) => language !== 'en').map((language) => ({
      corpus: 'xquad/en',
      queries: `xquad/${language}`,
    })),
    isMultilingual: true,
    rows: [{ name: 'xquad, English passages', measure: 'ndcg@10', targets: { 'with an encoder': 0.885 } }],
  },
  single('mtrag-un', { name: 'mtrag-un, conversation', measure: 'ndcg@10', targets: { shipped: 0.79 } }),
  single('clapnq-dev', { name: 'clapnq-dev, answerable or not', measure: 'roc', targets: {} }),
]
