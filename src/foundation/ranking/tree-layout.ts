/** Lays a tree out in preorder arrays, as models keep it. Knows nodes; knows nothing of where they come from. */
import type { RegressionTree } from '../../contracts/ranking-model.ts'

export type TreeNode =
  /** `cover`: how much of the training data came here, in any unit. */
  | { readonly kind: 'leaf'; readonly value: number; readonly cover: number }
  | {
      readonly kind: 'split'
      readonly feature: number
      /** Rows whose value is at most this go left. */
      readonly threshold: number
      readonly left: TreeNode
      readonly right: TreeNode
    }

/** Nodes that split get the mean of their leaves by cover. */
export function layOutTree(root: TreeNode): RegressionTree {
  const tree = { feature: [] as number[], threshold: [] as number[], right: [] as number[], value: [] as number[] }
  const visit = (node: TreeNode): { readonly value: number; readonly cover: number } => {
    const at = tree.value.length
    const isLeaf = node.kind === 'leaf'
    tree.feature.push(isLeaf ? 0 : node.feature)
    tree.threshold.push(isLeaf ? 0 : node.threshold)
    tree.right.push(0)
    tree.value.push(isLeaf ? node.value : 0)
    if (isLeaf) return node
    const left = visit(node.left)
    tree.right[at] = tree.value.length
    const right = visit(node.right)
    const cover = left.cover + right.cover
    const value = cover > 0 ? (left.cover * left.value + right.cover * right.value) / cover : 0
    tree.value[at] = roundValue(value)
    return { value, cover }
  }
  visit(root)
  return tree
}

/** Six digits: what is beyond is noise of the sample, and models are files that people read. */
export function roundValue(value: number): number {
  return Number(value.toPrecision(6))
}
