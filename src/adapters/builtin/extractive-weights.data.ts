/**
 * Every number by which the extractive answerer judges, in one place. Matching was set by hand on made-up passages and on half of
 * evals/handbook; score and decision were fitted on all of it and on the dev half of bench/answers. The test half of bench/answers
 * is the only clean hold-out.
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
    own: 0.011,
    covered: 0.418,
    worstMissing: -0.11,
    constraintMissing: -0.121,
    kind: 0.164,
    passage: 0.316,
    held: 0.215,
    sentence: 0.233,
    inContext: 0.26,
    passageSimilarity: 0.198,
    length: -0.072,
    superseded: -0.25,
  },
  /** Score per nat: the softmax under which the scores were fitted. */
  temperature: 0.1,
  /** A candidate that shares no word with the question must be at least this similar. */
  leastSimilarity: 0.35,
  /** Taken for the similarity in languages that the embedding does not know. */
  unknownSimilarity: 0.3,
  /**
   * Whether the best candidate answers at all: a logistic regression over its evidence. `held`: the words of the question that it
   * holds itself, up to `mostHeld`, as a share of that. `mass`: what the softmax of all scores, and of `noneScore` for no
   * answer, gives to its passage; passages that are as good mean that none answers.
   */
  decision: {
    bias: -2.69,
    covered: 2.19,
    worstMissing: -1.42,
    constraintMissing: -1.43,
    kindFound: 0.39,
    kindMissing: -1.32,
    /** Set by hand: of 12 such questions in both sets one had an answer. */
    surelyMissing: -1.5,
    passage: 0.33,
    held: 1.67,
    own: -2.15,
    inContext: -0.44,
    mass: 3.25,
  },
  mostHeld: 3,
  /** The score of no answer: what a candidate must beat where it has no rivals. */
  noneScore: 0.8,
  /** Confidence below which nothing is said. */
  threshold: 0.28,
  /** Further sentences: at least this share of the best score, and of new words when they bring something else. */
  further: { share: 0.7, sharePart: 0.6, newWords: 0.2 },
  maxSentences: 3,
  maxListItems: 8,
} as const
