/**
 * Every number by which the extractive answerer judges, in one place. Matching was set by hand on made-up passages and on half of
 * evals/handbook, score and decision were fitted on all of it: no figure on that set is a clean hold-out.
 * Raise the version of the answerer with any change.
 */
export const WEIGHTS = {
  /** How a word of the question counts before its rarity among the candidates: vague, common, other, and named constraints. */
  word: { vague: 0.12, common: 0.38, other: 1, constraint: 0.8 },
  /** How well a word is matched: same stem, synonym, related form or part of a compound. */
  match: { stem: 1, phrase: 1, synonym: 0.85, related: 0.65, alike: 0.6 },
  /** Words closer than this in meaning may be meant. */
  leastWordCosine: 0.5,
  /** What a match counts by where it stands, relative to the sentence itself. */
  place: { intro: 0.9, antecedent: 0.9, heading: 0.85, title: 0.75, neighbour: 0.45, passage: 0.3 },
  /** Of the score, fitted by a softmax over the candidates of a question: a tenth of what was fitted, so that good ones lie near 1. */
  score: {
    own: 0.11,
    covered: 0.311,
    worstMissing: -0.105,
    constraintMissing: -0.121,
    kind: 0.138,
    passage: 0.278,
    held: 0.188,
    sentence: 0.215,
    inContext: 0.208,
    passageSimilarity: 0.121,
    length: -0.026,
    superseded: -0.25,
  },
  /** A candidate that shares no word with the question must be at least this similar. */
  leastSimilarity: 0.35,
  /** Taken for the similarity in languages that the embedding does not know. */
  unknownSimilarity: 0.3,
  /**
   * Whether the best candidate answers at all: a logistic regression over its evidence. `lead` is its distance to the best
   * candidate of another passage, `held` the words of the question that it holds itself, up to `mostHeld`, as a share of that.
   */
  decision: {
    bias: -2.86,
    covered: 1.81,
    worstMissing: -1.08,
    constraintMissing: -1.41,
    kindFound: 0.56,
    kindMissing: -1.33,
    passage: 0.86,
    lead: 1.44,
    held: 1.57,
    inContext: 0.79,
  },
  mostHeld: 3,
  /** Confidence below which nothing is said. */
  threshold: 0.4,
  /** Further sentences: at least this share of the best score, and of new words when they bring something else. */
  further: { share: 0.7, sharePart: 0.6, newWords: 0.2 },
  maxSentences: 3,
  maxListItems: 8,
} as const
