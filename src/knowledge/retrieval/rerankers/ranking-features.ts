/** What learned ranking looks at: every feature with its name, its meaning and how it is measured. Knows questions and passages; knows no weights. */
import { proximity, proximityGain } from './proximity.ts'
import { type Candidate, type CandidateList, coverageOf } from './candidate-view.ts'

export interface RankingFeature {
  /** kebab-case; models name their features so. */
  readonly name: string
  readonly meaning: string
  /** Finite for every candidate. */
  measure(candidate: Candidate, list: CandidateList): number
}

/** Raised whenever a feature may be measured otherwise: a model of another version is refused. */
export const FEATURES_VERSION = 1

const proximityDefaults = proximity.parseOptions({})

/** Shares of question words are weighted by how well a word tells the candidates apart, in [0, 1]. */
export const rankingFeatures: readonly RankingFeature[] = [
  {
    name: 'chunk-score',
    meaning: 'share of the best score in the list of chunks',
    measure: ({ passage }) => passage.firstStage?.chunk ?? 0,
  },
  {
    name: 'document-score',
    meaning: 'share of the best score in the list of documents',
    measure: ({ passage }) => passage.firstStage?.document ?? 0,
  },
  {
    name: 'first-stage',
    meaning: 'the score before reranking, as a share of the best candidate’s',
    measure: ({ passage }, { bestScore }) => (bestScore > 0 ? passage.score / bestScore : 0),
  },
  {
    name: 'proximity',
    meaning: 'the score of the proximity reranker, as a share of the best that it gives',
    measure: (candidate, list) => {
      const score = ({ passage, evidence }: Candidate): number => passage.score * (1 + proximityGain(evidence, proximityDefaults))
      const best = list.best('proximity', score)
      return best > 0 ? score(candidate) / best : 0
    },
  },
  { name: 'coverage', meaning: 'share of question words anywhere', measure: ({ evidence }) => evidence.coverage },
  { name: 'nearness', meaning: 'share of question words within about a sentence', measure: ({ evidence }) => evidence.nearness },
  {
    name: 'phrases',
    meaning: 'share of neighbouring question words that are neighbours here',
    measure: ({ evidence }) => evidence.phrases,
  },
  { name: 'naming', meaning: 'share of question words in title or headings', measure: ({ evidence }) => evidence.naming },
  {
    name: 'title-coverage',
    meaning: 'share of question words in the title',
    measure: ({ profile, question }) => coverageOf(question, profile.title),
  },
  {
    name: 'headings-coverage',
    meaning: 'share of question words in the headings',
    measure: ({ profile, question }) => coverageOf(question, profile.headings),
  },
  {
    name: 'path-coverage',
    meaning: 'share of question words in the path',
    measure: ({ path, question }) => coverageOf(question, path),
  },
  {
    name: 'body-coverage',
    meaning: 'share of question words in the text',
    measure: ({ counts, question }) => coverageOf(question, counts),
  },
  {
    name: 'title-precision',
    meaning: 'share of the title’s words that the question has',
    measure: ({ profile, question }) => shareWithin(profile.title, question.idf),
  },
  {
    name: 'headings-precision',
    meaning: 'share of the headings’ words that the question has',
    measure: ({ profile, question }) => shareWithin(profile.headings, question.idf),
  },
  {
    name: 'title-match',
    meaning: '1 where the title has the question’s words and no other',
    measure: ({ profile, question }) =>
      question.idf.size > 0 && shareWithin(profile.title, question.idf) === 1 && coverageOf(question, profile.title) === 1
        ? 1
        : 0,
  },
  { name: 'body-bm25', meaning: 'BM25 of the text, by its bound for the question', measure: ({ bm25 }) => bm25 },
  {
    name: 'body-bm25-relative',
    meaning: 'BM25 of the text, as a share of the best candidate’s',
    measure: ({ bm25 }, list) => {
      const best = list.best('bm25', (each) => each.bm25)
      return best > 0 ? bm25 / best : 0
    },
  },
  {
    name: 'span',
    meaning: 'question words here, by the length of the shortest stretch with all of them',
    measure: ({ span }) => span,
  },
  {
    name: 'density',
    meaning: 'question words by the words of the text',
    measure: ({ profile, found }) => found / Math.max(1, profile.body.length),
  },
  {
    name: 'related',
    meaning: 'share of the words for what the question’s may also be called',
    measure: ({ counts }, { related }) => shareWithin(related, counts),
  },
  {
    name: 'numbers',
    meaning: 'share of the question’s numbers and identifiers that stand here literally',
    measure: ({ passage }, { literals }) => shareOf(literals, (literal) => passage.text.toLowerCase().includes(literal)),
  },
  {
    name: 'language-match',
    meaning: '1 where text and question are in the same language',
    measure: ({ passage }, { query }) => (passage.language === query.language ? 1 : 0),
  },
  { name: 'length', meaning: 'ln(1 + words of the text)', measure: ({ profile }) => Math.log1p(profile.body.length) },
  {
    name: 'opening',
    meaning: '1 / (1 + thousands of characters before the passage)',
    measure: ({ passage }) => 1 / (1 + passage.start / 1_000),
  },
  {
    name: 'best-of-document',
    meaning: '1 for the best candidate of its document',
    measure: ({ passage }, { bestOfDocument }) => (bestOfDocument.get(passage.document) === passage ? 1 : 0),
  },
  {
    name: 'siblings',
    meaning: 'ln(1 + other candidates of the same document)',
    measure: ({ passage }, { perDocument }) => Math.log(perDocument.get(passage.document) ?? 1),
  },
  {
    name: 'superseded',
    meaning: '1 where a newer edition has replaced the document',
    measure: ({ passage }, { superseded }) => (superseded.has(passage.document) ? 1 : 0),
  },
  {
    name: 'recency',
    meaning: '1 / (1 + years by which the newest candidate is newer)',
    measure: ({ passage }, { newestMs }) => 1 / (1 + Math.max(0, newestMs - passage.modifiedAtMs) / YEAR_MS),
  },
  {
    name: 'question-length',
    meaning: 'ln(1 + words of the question); the same for all candidates',
    measure: (_candidate, { query }) => Math.log1p(query.terms.length),
  },
  {
    name: 'question-idf',
    meaning: 'mean weight of the question’s words; the same for all of a language',
    measure: ({ question }) => question.total / Math.max(1, question.idf.size),
  },
]

const YEAR_MS = 365.25 * 24 * 3_600_000

/** @returns 0 for none */
function shareWithin(terms: ReadonlySet<string>, others: { has(term: string): boolean }): number {
  return shareOf([...terms], (term) => others.has(term))
}

function shareOf<Item>(items: readonly Item[], holds: (item: Item) => boolean): number {
  return items.length === 0 ? 0 : items.filter(holds).length / items.length
}
