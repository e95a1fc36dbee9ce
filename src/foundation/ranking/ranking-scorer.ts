/** Scores candidates with a model of either kind. Knows rows of numbers; knows nothing of what they mean or where models come from. */
import type { LinearScorer, RankingScorer } from '../../contracts/ranking-model.ts'
import { explainTrees, flattenTrees, scoreTrees } from './tree-ensemble.ts'

export interface Scorer {
  /** @param features rows times the number of features, row by row  @returns one score a row; only their order means something */
  score(features: Float64Array): Float64Array
  /** What each feature of one row added; with `base` it sums to the score, up to rounding. */
  explain(row: Float64Array): { readonly base: number; readonly contributions: Float64Array }
}

/** @param width how many features a row has */
export function createScorer(model: RankingScorer, width: number): Scorer {
  if (model.kind === 'linear') return createLinear(model, width)
  const trees = flattenTrees(model)
  return { score: (features) => scoreTrees(trees, features, width), explain: (row) => explainTrees(trees, row) }
}

function createLinear({ bias, weights }: LinearScorer, width: number): Scorer {
  const explain = (row: Float64Array) => ({ base: bias, contributions: row.map((value, at) => value * (weights[at] ?? 0)) })
  const scoreRow = (row: Float64Array): number => explain(row).contributions.reduce((sum, each) => sum + each, bias)
  return {
    explain,
    score: (features) =>
      Float64Array.from({ length: features.length / width }, (_, row) =>
        scoreRow(features.subarray(row * width, (row + 1) * width)),
      ),
  }
}
