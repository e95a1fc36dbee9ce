/** Reads the text that LightGBM's `Booster.save_model` writes. Knows its format; knows nothing of how a model is used. */
import type { ImportedRankingModel, RegressionTree } from '../../contracts/ranking-model.ts'
import { TouchstoneError } from '../../foundation/errors/touchstone-error.ts'
import { layOutTree, type TreeNode } from '../../foundation/ranking/tree-layout.ts'

/** Whether the text looks like a LightGBM model. */
export function isLightGbmModel(text: string): boolean {
  return /^tree\r?\nversion=/.test(text)
}

/**
 * Scores of the result equal `predict(raw_score=True)` to the bit, for rows without missing values.
 * Source: LightGBM 4, src/io/gbdt_model_text.cpp and tree.cpp.
 * @param path only for the error
 * @throws TouchstoneError RANKING_MODEL_INVALID also for what has no equal here: categories, linear leaves, averages, zeros that mean
 *   "missing", more than one class
 */
export function readLightGbmModel(text: string, path: string): ImportedRankingModel {
  const [header = '', ...blocks] = text.split(/^end of trees$/mu, 1)[0]?.split(/^Tree=\d+$/mu) ?? []
  const fields = fieldsOf(header)
  const fail = (reason: string): never => {
    throw new TouchstoneError('RANKING_MODEL_INVALID', { details: { path, reason } })
  }
  const features = fields.get('feature_names')?.split(' ') ?? fail('it does not name its features')
  if (fields.get('num_class') !== '1') fail('it has several classes')
  if (/^average_output$/mu.test(header)) fail('a random forest is not supported')
  if (blocks.length === 0) fail('it has no trees')
  return {
    features,
    scorer: { kind: 'trees', bias: 0, trees: blocks.map((block) => readTree(fieldsOf(block), features.length, fail)) },
  }
}

function fieldsOf(block: string): ReadonlyMap<string, string> {
  const pairs = block
    .split(/\r?\n/u)
    .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)] as const)
  return new Map(pairs.filter(([name]) => name !== ''))
}

/** Bits of decision_type: 1 a category, 4 and 8 the kind of missing values (0 none, 1 zero, 2 NaN). */
const CATEGORY = 1
const ZERO_IS_MISSING = 4

function readTree(fields: ReadonlyMap<string, string>, width: number, fail: (reason: string) => never): RegressionTree {
  const numbers = (name: string): readonly number[] => {
    const text = fields.get(name) ?? ''
    const values = text === '' ? [] : text.split(' ').map(Number)
    return values.every(Number.isFinite) ? values : fail(`${name} has something that is no number`)
  }
  if (fields.get('is_linear') === '1') fail('linear leaves are not supported')
  const decisions = numbers('decision_type')
  if (decisions.some((decision) => (decision & CATEGORY) !== 0)) fail('categories are not supported')
  if (decisions.some((decision) => (decision & 12) === ZERO_IS_MISSING)) fail('zero_as_missing is not supported')
  const [feature, threshold, left, right] = ['split_feature', 'threshold', 'left_child', 'right_child'].map(numbers)
  const [values, counts] = [numbers('leaf_value'), numbers('leaf_count')]
  // A child below zero is the leaf of that number, counted from -1 downwards. A child comes behind its parent, so there is no circle.
  const node = (at: number, parent: number): TreeNode => {
    if (at < 0) return { kind: 'leaf', value: values[~at] ?? fail('a leaf is missing'), cover: counts[~at] ?? 1 }
    const [split, limit] = [feature?.[at] ?? fail('a node is missing'), threshold?.[at] ?? fail('a threshold is missing')]
    if (at <= parent || split < 0 || split >= width) fail('its nodes contradict each other')
    return {
      kind: 'split',
      feature: split,
      threshold: limit,
      left: node(left?.[at] ?? -1, at),
      right: node(right?.[at] ?? -1, at),
    }
  }
  return layOutTree(node(values.length > 1 ? 0 : -1, -1))
}
