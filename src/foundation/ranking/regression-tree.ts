/** Grows one regression tree, the most useful leaf first. Knows gradients and bins; knows nothing of rankings. */
import type { RegressionTree } from '../../contracts/ranking-model.ts'
import type { BinnedFeatures } from './feature-bins.ts'
import { layOutTree, roundValue, type TreeNode } from './tree-layout.ts'
import {
  bestSplit,
  histogramOf,
  remainderOf,
  type GradientSample,
  type Histogram,
  type Split,
  type TreeOptions,
} from './split-search.ts'

interface Leaf {
  readonly rows: Int32Array
  readonly histogram: Histogram
  readonly split: Split | undefined
  /** Set once it is split; it is no leaf then. */
  children?: readonly [Leaf, Leaf]
}

/**
 * Splits the leaf that gains most until there are enough, or no split gains. A leaf's value is one Newton step, G / (H + ridge).
 * Source: Chen and Guestrin 2016 (gain and leaf value); Ke and others 2017 (leaf-wise growth on histograms).
 */
export function growTree(data: BinnedFeatures, sample: GradientSample, options: TreeOptions): RegressionTree {
  const root = leafOf(sample.rows, histogramOf(data, sample, sample.rows), data, sample, options)
  const leaves = [root]
  while (leaves.length < options.leaves) {
    const next = mostUseful(leaves)
    if (next?.split === undefined) break
    const [left, right] = splitLeaf(next, next.split, data, sample, options)
    next.children = [left, right]
    leaves.splice(leaves.indexOf(next), 1, left, right)
  }
  return layOutTree(toNode(root, data, options))
}

function mostUseful(leaves: readonly Leaf[]): Leaf | undefined {
  let best: Leaf | undefined
  for (const leaf of leaves) if ((leaf.split?.gain ?? 0) > (best?.split?.gain ?? 0)) best = leaf
  return best
}

function leafOf(
  rows: Int32Array,
  histogram: Histogram,
  data: BinnedFeatures,
  sample: GradientSample,
  options: TreeOptions,
): Leaf {
  return { rows, histogram, split: bestSplit(histogram, data, sample.features, options) }
}

/** Only the smaller side is counted; the other is what remains. */
function splitLeaf(
  leaf: Leaf,
  split: Split,
  data: BinnedFeatures,
  sample: GradientSample,
  options: TreeOptions,
): readonly [Leaf, Leaf] {
  const column = data.bins[split.feature] ?? new Uint8Array()
  const [left, right] = partition(leaf.rows, column, split.bin)
  const smaller = histogramOf(data, sample, left.length <= right.length ? left : right)
  const larger = remainderOf(leaf.histogram, smaller)
  const [ofLeft, ofRight] = left.length <= right.length ? [smaller, larger] : [larger, smaller]
  return [leafOf(left, ofLeft, data, sample, options), leafOf(right, ofRight, data, sample, options)]
}

function partition(rows: Int32Array, column: Uint8Array, bin: number): readonly [Int32Array, Int32Array] {
  const sides = new Int32Array(rows.length)
  let [left, right] = [0, rows.length]
  for (let at = 0; at < rows.length; at++) {
    const row = rows[at] as number
    if ((column[row] as number) <= bin) sides[left++] = row
    else sides[--right] = row
  }
  // The right side was written from behind; ascending rows are read faster.
  return [sides.subarray(0, left), sides.subarray(left).reverse()]
}

function toNode(leaf: Leaf, data: BinnedFeatures, options: TreeOptions): TreeNode {
  const { split, children, histogram } = leaf
  if (split === undefined || children === undefined) {
    const value = (histogram.gradient / (histogram.curvature + options.ridge)) * options.shrinkage
    return { kind: 'leaf', value: roundValue(value), cover: histogram.rows }
  }
  const [left, right] = [toNode(children[0], data, options), toNode(children[1], data, options)]
  return { kind: 'split', feature: split.feature, threshold: data.thresholds[split.feature]?.[split.bin] ?? 0, left, right }
}
