/** A learned order of candidates, as data: what is written, hashed and pinned. Knows nothing of training or of what features mean. */

/** The sum of weighted features. */
export interface LinearScorer {
  readonly kind: 'linear'
  readonly bias: number
  /** One for each feature, in the model's order. */
  readonly weights: readonly number[]
}

/**
 * A regression tree with its nodes in preorder: a node's left child follows it. The arrays have one entry for each node.
 * A row goes left where its feature is at most the threshold.
 */
export interface RegressionTree {
  /** Position of the feature that is looked at; 0 in leaves. */
  readonly feature: readonly number[]
  readonly threshold: readonly number[]
  /** Index of the right child; 0 marks a leaf. */
  readonly right: readonly number[]
  /** What a leaf adds to the score; in other nodes the mean of what rows there get, so that a path can be explained. */
  readonly value: readonly number[]
}

/** The sum of what each tree says. */
export interface TreeScorer {
  readonly kind: 'trees'
  readonly bias: number
  readonly trees: readonly RegressionTree[]
}

export type RankingScorer = LinearScorer | TreeScorer

/** A model that another library trained. */
export interface ImportedRankingModel {
  /** Names of the features, in the model's order. */
  readonly features: readonly string[]
  readonly scorer: TreeScorer
}

/** A model as it is kept in a file: everything that decides its scores, and the hash that releases pin. */
export interface RankingModel {
  readonly format: 'touchstone-ranking-model@1'
  /** 32 hex digits over everything but itself and the report. */
  readonly hash: string
  /** Version of the features that it was trained on: how they are measured. */
  readonly featuresVersion: number
  /** Names of the features, in the scorer's order. */
  readonly features: readonly string[]
  /** How many candidates it was trained to order. */
  readonly pool: number
  readonly scorer: RankingScorer
  /** How it was trained and how good it is; changes nothing. */
  readonly report?: unknown
}
