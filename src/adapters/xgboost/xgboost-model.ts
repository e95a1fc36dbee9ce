/** Reads the JSON that XGBoost's `Booster.save_model` writes. Knows its format; knows nothing of how a model is used. */
import { z } from 'zod'
import type { ImportedRankingModel, RegressionTree } from '../../contracts/ranking-model.ts'
import { TouchstoneError } from '../../foundation/errors/touchstone-error.ts'
import { layOutTree, type TreeNode } from '../../foundation/ranking/tree-layout.ts'

const numbers = z.array(z.number())
const treeSchema = z.object({
  left_children: numbers,
  right_children: numbers,
  split_indices: numbers,
  split_conditions: numbers,
  sum_hessian: numbers,
  categories_nodes: numbers.default([]),
})
const modelSchema = z.object({
  learner: z.object({
    feature_names: z.array(z.string()).min(1, 'the model does not name its features'),
    objective: z.object({
      name: z.string().regex(/^(?:rank:.*|reg:squarederror)$/, 'only rank:* and reg:squarederror are supported'),
    }),
    learner_model_param: z.object({ base_score: z.string(), num_class: z.literal('0').default('0') }),
    gradient_booster: z.object({
      name: z.literal('gbtree', 'only gbtree is supported'),
      model: z.object({ trees: z.array(treeSchema) }),
    }),
  }),
})

/** Whether the parsed JSON looks like an XGBoost model. */
export function isXgboostModel(json: unknown): boolean {
  return typeof json === 'object' && json !== null && 'learner' in json
}

/**
 * Scores of the result equal `predict(output_margin=True)` up to single precision, in which the library adds; the leaves that rows
 * reach are the same, for rows without missing values.
 * Source: XGBoost 3, doc/tutorials/saving_model and src/tree/tree_model.cc.
 * @param path only for the error
 * @throws TouchstoneError RANKING_MODEL_INVALID also for what has no equal here: categories, dart, gblinear, other objectives
 */
export function readXgboostModel(json: unknown, path: string): ImportedRankingModel {
  const fail = (reason: string): never => {
    throw new TouchstoneError('RANKING_MODEL_INVALID', { details: { path, reason } })
  }
  const parsed = modelSchema.safeParse(json)
  if (!parsed.success) return fail(parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; '))
  const { feature_names: features, learner_model_param: parameters, gradient_booster: booster } = parsed.data.learner
  // Written as 5E-1, or as [5E-1] where a model may have several.
  const bias = Number(parameters.base_score.replace(/^\[(.*)\]$/u, '$1'))
  if (!Number.isFinite(bias)) fail('its base_score is no number')
  const trees = booster.model.trees.map((tree) => readTree(tree, features.length, fail))
  return { features, scorer: { kind: 'trees', bias, trees } }
}

function readTree(tree: z.output<typeof treeSchema>, width: number, fail: (reason: string) => never): RegressionTree {
  if (tree.categories_nodes.length > 0) fail('categories are not supported')
  // A child comes behind its parent, so there is no circle.
  const node = (at: number, parent: number): TreeNode => {
    const [condition, left, right] = [tree.split_conditions[at], tree.left_children[at], tree.right_children[at]]
    if (condition === undefined || left === undefined || right === undefined || at <= parent) return fail('a node is missing')
    if (left === -1) return { kind: 'leaf', value: Math.fround(condition), cover: tree.sum_hessian[at] ?? 1 }
    const feature = tree.split_indices[at] ?? -1
    if (feature < 0 || feature >= width) return fail('a tree looks at a feature that the model does not name')
    return {
      kind: 'split',
      feature,
      threshold: largestBelow(Math.fround(condition)),
      left: node(left, at),
      right: node(right, at),
    }
  }
  return layOutTree(node(0, -1))
}

/**
 * The library asks whether the value, in single precision, is below the limit. Here it is asked whether the value is at most the
 * largest double that single precision rounds to less than the limit.
 */
export function largestBelow(limit: number): number {
  const middle = (limit + neighbourBelow(limit)) / 2
  return Math.fround(middle) < limit ? middle : doubleBelow(middle)
}

function neighbourBelow(single: number): number {
  if (single === 0) return -(2 ** -149)
  const bits = new Int32Array(Float32Array.of(single).buffer)
  bits[0] = (bits[0] ?? 0) + (single > 0 ? -1 : 1)
  return new Float32Array(bits.buffer)[0] ?? single
}

function doubleBelow(value: number): number {
  const bits = new BigInt64Array(Float64Array.of(value).buffer)
  bits[0] = (bits[0] ?? 0n) + (value > 0 ? -1n : 1n)
  return new Float64Array(bits.buffer)[0] ?? value
}
