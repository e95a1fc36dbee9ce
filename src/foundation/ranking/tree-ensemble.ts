/** Scores rows with regression trees. Knows how trees lie in memory; knows nothing of training, features or files. */
import type { TreeScorer } from '../../contracts/ranking-model.ts'

/** Trees in flat arrays, one behind the other: a walk touches neighbouring memory and allocates nothing. */
export interface FlatTrees {
  readonly bias: number
  readonly roots: Int32Array
  readonly feature: Int32Array
  readonly threshold: Float64Array
  /** Index of the right child among all nodes; 0 marks a leaf. */
  readonly right: Int32Array
  readonly value: Float64Array
}

export function flattenTrees({ bias, trees }: TreeScorer): FlatTrees {
  const roots = new Int32Array(trees.length)
  let count = 0
  for (const [index, tree] of trees.entries()) {
    roots[index] = count
    count += tree.value.length
  }
  const flat = { feature: new Int32Array(count), threshold: new Float64Array(count), value: new Float64Array(count) }
  const right = new Int32Array(count)
  for (const [index, tree] of trees.entries()) {
    const root = roots[index] ?? 0
    flat.feature.set(tree.feature, root)
    flat.threshold.set(tree.threshold, root)
    flat.value.set(tree.value, root)
    for (const [node, child] of tree.right.entries()) right[root + node] = child === 0 ? 0 : root + child
  }
  return { bias, roots, right, ...flat }
}

/**
 * Adds up tree after tree, in their order, so that the same trees give the same bits.
 * @param features rows times `width`, row by row; every value finite
 * @returns one score a row
 */
export function scoreTrees(trees: FlatTrees, features: Float64Array, width: number): Float64Array {
  const { roots, feature, threshold, right, value } = trees
  const scores = new Float64Array(features.length / width)
  for (let row = 0; row < scores.length; row++) {
    const start = row * width
    let score = trees.bias
    for (let tree = 0; tree < roots.length; tree++) {
      let node = roots[tree] as number
      for (let next = right[node] as number; next > 0; next = right[node] as number) {
        const goesLeft = (features[start + (feature[node] as number)] as number) <= (threshold[node] as number)
        node = goesLeft ? node + 1 : next
      }
      score += value[node] as number
    }
    scores[row] = score
  }
  return scores
}

/**
 * What each feature of one row added to its score: along each path, the change of the mean at every split counts for the
 * feature that is split on. The sum over features and `base` is the score, up to rounding.
 * Source: Saabas 2014, "Interpreting random forests".
 */
export function explainTrees(
  trees: FlatTrees,
  row: Float64Array,
): { readonly base: number; readonly contributions: Float64Array } {
  const { roots, feature, threshold, right, value } = trees
  const contributions = new Float64Array(row.length)
  let base = trees.bias
  for (const root of roots) {
    base += value[root] ?? 0
    let node = root
    for (let next = right[node] ?? 0; next > 0; next = right[node] ?? 0) {
      const at = feature[node] ?? 0
      const child = (row[at] ?? 0) <= (threshold[node] ?? 0) ? node + 1 : next
      contributions[at] = (contributions[at] ?? 0) + (value[child] ?? 0) - (value[node] ?? 0)
      node = child
    }
  }
  return { base, contributions }
}
