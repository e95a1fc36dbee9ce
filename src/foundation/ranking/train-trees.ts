/** Boosts regression trees towards nDCG (LambdaMART). Knows features as numbers and judgements as gains; knows nothing of texts. */
import type { RegressionTree, TreeScorer } from '../../contracts/ranking-model.ts'
import type { SeededRandom } from '../statistics/seeded-random.ts'
import { binFeatures } from './feature-bins.ts'
import { addLambdas, dcg, type Lambdas } from './lambda-gradients.ts'
import { growTree } from './regression-tree.ts'
import type { TreeOptions } from './split-search.ts'
import { flattenTrees, scoreTrees } from './tree-ensemble.ts'
import { forEachQuery, stackQueries, type RankedQuery, type StackedQueries } from './stacked-queries.ts'

export interface TreeTrainingOptions extends TreeOptions {
  /** Trees, at most. */
  readonly trees: number
  /** Bins of a feature, 2..256. */
  readonly bins: number
  /** Share of the questions that each tree sees, in (0, 1]. */
  readonly queryShare: number
  /** Share of the features that each tree sees, in (0, 1]. */
  readonly featureShare: number
  /** Pairs count when one of the two is among this many first. */
  readonly depth: number
  /** Trees without a better nDCG of the held-out questions, after which training ends. */
  readonly patience: number
}

export const TREE_TRAINING: TreeTrainingOptions = {
  trees: 200,
  leaves: 8,
  leafRows: 100,
  ridge: 1,
  shrinkage: 0.1,
  bins: 32,
  queryShare: 0.3,
  featureShare: 0.5,
  depth: 20,
  patience: 20,
}

export interface TrainedTrees {
  readonly model: TreeScorer
  /** Mean nDCG of the held-out questions after each tree that was tried. */
  readonly history: readonly number[]
}

/**
 * Source: Burges 2010, "From RankNet to LambdaRank to LambdaMART".
 * The same questions in any order and the same random numbers give the same bits.
 * @param heldOut decides how many trees are kept; empty: all
 * @param random the only randomness
 */
export function trainTrees(
  training: readonly RankedQuery[],
  heldOut: readonly RankedQuery[],
  width: number,
  options: TreeTrainingOptions,
  random: SeededRandom,
): TrainedTrees {
  const stack = stackQueries(training, width)
  const unseen = stackQueries(heldOut, width)
  const data = binFeatures(stack.features, width, options.bins)
  const scores = new Float64Array(stack.gains.length)
  const unseenScores = new Float64Array(unseen.gains.length)
  const lambdas = { gradients: new Float64Array(scores.length), curvatures: new Float64Array(scores.length) }
  const trees: RegressionTree[] = []
  const history: number[] = []
  let kept = 0
  while (trees.length < options.trees && (heldOut.length === 0 || trees.length - kept < options.patience)) {
    const queries = sample(stack.ideals.length, options.queryShare, random)
    const rows = rowsOf(stack, queries)
    computeLambdas(stack, queries, scores, lambdas, options.depth)
    const features = sample(width, options.featureShare, random)
    const tree = growTree(data, { rows, features, ...lambdas }, options)
    trees.push(tree)
    advance(scores, tree, stack, width)
    advance(unseenScores, tree, unseen, width)
    if (heldOut.length > 0) history.push(meanNdcg(unseen, unseenScores))
    if (heldOut.length === 0 || isBest(history)) kept = trees.length
  }
  return { model: { kind: 'trees', bias: 0, trees: trees.slice(0, kept) }, history }
}

function isBest(history: readonly number[]): boolean {
  return history.slice(0, -1).every((earlier) => earlier < (history.at(-1) ?? 0))
}

function computeLambdas(
  { starts, ideals, gains }: StackedQueries,
  queries: readonly number[],
  scores: Float64Array,
  out: Lambdas,
  depth: number,
): void {
  for (const query of queries) {
    const [start, end] = [starts[query] as number, starts[query + 1] as number]
    addLambdas(scores.subarray(start, end), gains.subarray(start, end), ideals[query] as number, depth, out, start)
  }
}

function advance(scores: Float64Array, tree: RegressionTree, stack: StackedQueries, width: number): void {
  const added = scoreTrees(flattenTrees({ kind: 'trees', bias: 0, trees: [tree] }), stack.features, width)
  for (let row = 0; row < scores.length; row++) scores[row] = (scores[row] as number) + (added[row] as number)
}

function meanNdcg(stack: StackedQueries, scores: Float64Array): number {
  let sum = 0
  forEachQuery(stack, (start, end, ideal) => (sum += dcg(scores.subarray(start, end), stack.gains.subarray(start, end)) / ideal))
  return sum / Math.max(1, stack.ideals.length)
}

/** Whole questions: half a ranking teaches half a lesson. */
function rowsOf({ starts }: StackedQueries, queries: readonly number[]): Int32Array {
  const rows: number[] = []
  for (const query of queries) for (let row = starts[query] as number; row < (starts[query + 1] as number); row++) rows.push(row)
  return Int32Array.from(rows)
}

/** A share of the numbers 0..count - 1, ascending; at least one. */
function sample(count: number, share: number, random: SeededRandom): readonly number[] {
  const pool = Array.from({ length: count }, (_, at) => at)
  const wanted = Math.max(1, Math.round(count * share))
  while (pool.length > wanted) pool.splice(random.integer(pool.length), 1)
  return pool
}
