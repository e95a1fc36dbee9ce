/**
 * Every number by which the extractive answerer judges, in one place. Rules were set by hand on made-up passages and on half of
 * evals/handbook, nudges fitted on that half, the decision on all of it: no figure on that set is a clean hold-out.
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
  /** Shares of a score: words in the sentence itself, words in sentence and context. */
  own: 0.35,
  covered: 0.65,
  /** Added to the rules' score, times the evidence: fitted by a softmax over the candidates of a question, relative to the rules. */
  nudges: {
    covered: 0.17,
    constraintMissing: -0.13,
    kind: 0.11,
    passage: 0.34,
    sentence: 0.19,
    inContext: 0.18,
    passageSimilarity: 0.1,
    held: 0.24,
  },
  /** A candidate that shares no word with the question must be at least this similar. */
  leastSimilarity: 0.35,
  /** Taken for the similarity in languages that the embedding does not know. */
  unknownSimilarity: 0.3,
  /** Factors for what the question expects: found, missing though it must be there, missing though it would usually be there. */
  expected: { found: 1.12, missing: 0.38, weaklyMissing: 0.85 },
  /** Factors for a constraint (number, name, acronym) found only elsewhere in the passage, and nowhere in it. */
  constraint: { elsewhere: 0.8, nowhere: 0.3 },
  /** Factor when a rare word of the question stands nowhere in sentence and context. */
  unmatched: 0.85,
  superseded: 0.55,
  /** Factor for a piece that is no sentence: short, without a verb's worth of words. */
  fragment: 0.85,
  /**
   * Whether the best candidate answers at all: a logistic regression over its evidence. `lead` is its distance to the best
   * candidate of another passage, `held` the words of the question that it holds itself, up to `mostHeld`, as a share of that.
   */
  decision: {
    bias: -3.86,
    covered: 1.09,
    worstMissing: -1.03,
    constraintMissing: -1.58,
    kindFound: 0.64,
    kindMissing: -0.99,
    passage: 1.74,
    lead: 1.43,
    held: 1.64,
    sentence: 0.08,
    inContext: 1.1,
    passageSimilarity: 0.13,
  },
  mostHeld: 3,
  /** Confidence below which nothing is said. */
  threshold: 0.42,
  /** Further sentences: at least this share of the best score, and of new words when they bring something else. */
  further: { share: 0.7, sharePart: 0.6, newWords: 0.2 },
  maxSentences: 3,
  maxListItems: 8,
} as const
