/** Fits the weights of a linear ranking. Knows features as numbers and judgements as gains; knows nothing of texts. */
import type { LinearScorer } from '../../contracts/ranking-model.ts'
import { solvePositive } from './positive-system.ts'
import { forEachQuery, stackQueries, type RankedQuery, type StackedQueries } from './stacked-queries.ts'

export interface LinearTrainingOptions {
  /** Pulls weights of standardised features towards zero, per question. */
  readonly ridge: number
  /**
   * Positions of features that are not pulled: an order that is known to be good, from which the others lead away only as far as the
   * questions say so.
   */
  readonly anchors: readonly number[]
}

/** Newton's method meets the precision of numbers after about eight steps. */
const MOST_STEPS = 30
const SMALL_GAIN = 1e-10
const SMALLEST_SHARE = 1e-4
/** What an anchor is pulled, of what the others are: enough that there is one optimum. */
const ANCHORED = 1e-4
/** A variance below is rounding. */
const CONSTANT = 1e-12

/**
 * Minimises, over the questions, the cross-entropy between the shares of the gains and the softmax of the scores, plus a ridge.
 * The problem is convex: one optimum, whatever the order of the questions, found by Newton's method with halved steps.
 * Source: Cao and others 2007 (ListNet, top one); Bruch and others 2019 (it bounds nDCG).
 * @returns weights of the features as they are, not as standardised
 */
export function trainLinear(
  training: readonly RankedQuery[],
  width: number,
  { ridge, anchors }: LinearTrainingOptions,
): LinearScorer {
  const pull = Float64Array.from({ length: width }, (_, at) => (anchors.includes(at) ? ridge * ANCHORED : ridge))
  const stack = stackQueries(training, width)
  const deviations = standardDeviations(stack, width)
  const scaled = { ...stack, features: stack.features.map((value, at) => value / (deviations[at % width] ?? 1)) }
  let point: Point = { weights: new Float64Array(width), loss: lossOf(scaled, new Float64Array(width), pull) }
  for (let step = 0; step < MOST_STEPS; step++) {
    const next = halvedUntilBetter(scaled, point, newtonDirection(scaled, point.weights, pull), pull)
    const gained = point.loss - next.loss
    point = next
    if (gained < SMALL_GAIN) break
  }
  return { kind: 'linear', bias: 0, weights: Array.from(point.weights, (weight, at) => weight / (deviations[at] ?? 1)) }
}

/** Within questions: a feature that only tells questions apart orders nothing, and gets no weight. */
function standardDeviations(stack: StackedQueries, width: number): Float64Array {
  const rows = stack.gains.length
  const squares = new Float64Array(width)
  forEachQuery(stack, (start, end) => {
    for (let feature = 0; feature < width; feature++) {
      let [sum, square] = [0, 0]
      for (let row = start; row < end; row++) {
        const value = stack.features[row * width + feature] as number
        sum += value
        square += value * value
      }
      squares[feature] = (squares[feature] as number) + Math.max(0, square - (sum * sum) / (end - start))
    }
  })
  return squares.map((square) => (square > CONSTANT * rows ? Math.sqrt(square / rows) : 1))
}

interface Point {
  readonly weights: Float64Array
  readonly loss: number
}

function halvedUntilBetter(stack: StackedQueries, from: Point, direction: Float64Array, pull: Float64Array): Point {
  for (let share = 1; share > SMALLEST_SHARE; share /= 2) {
    const weights = from.weights.map((weight, at) => weight - share * (direction[at] as number))
    const loss = lossOf(stack, weights, pull)
    if (loss <= from.loss) return { weights, loss }
  }
  return from
}

function lossOf(stack: StackedQueries, weights: Float64Array, pull: Float64Array): number {
  let sum = 0
  forEachQuery(stack, (start, end) => {
    const { scores, logSum, targets } = softmaxOf(stack, weights, start, end)
    for (const [row, score] of scores.entries()) sum -= (targets[row] as number) * (score - logSum)
  })
  const penalty = weights.reduce((total, weight, at) => total + (pull[at] as number) * weight * weight, 0)
  return sum / Math.max(1, stack.ideals.length) + penalty / 2
}

/** Gradient g and Hessian H of the loss, as the step H^-1 g. */
function newtonDirection(stack: StackedQueries, weights: Float64Array, pull: Float64Array): Float64Array {
  const width = weights.length
  const gradient = new Float64Array(width)
  const hessian = new Float64Array(width * width)
  forEachQuery(stack, (start, end) => {
    const { scores, logSum, targets } = softmaxOf(stack, weights, start, end)
    const mean = new Float64Array(width)
    for (const [row, score] of scores.entries()) {
      const values = stack.features.subarray((start + row) * width, (start + row + 1) * width)
      const share = Math.exp(score - logSum)
      addScaled(mean, values, share)
      addScaled(gradient, values, share - (targets[row] as number))
      addOuter(hessian, values, share)
    }
    addOuter(hessian, mean, -1)
  })
  const count = Math.max(1, stack.ideals.length)
  const diagonal = (at: number): number => (at % (width + 1) === 0 ? (pull[Math.floor(at / width)] as number) : 0)
  return solvePositive(
    hessian.map((value, at) => value / count + diagonal(at)),
    gradient.map((value, at) => value / count + (pull[at] as number) * (weights[at] as number)),
  )
}

function addScaled(sum: Float64Array, values: Float64Array, factor: number): void {
  for (let i = 0; i < values.length; i++) sum[i] = (sum[i] as number) + factor * (values[i] as number)
}

/** The lower triangle of values times values. */
function addOuter(sum: Float64Array, values: Float64Array, factor: number): void {
  const width = values.length
  for (let i = 0; i < width; i++) {
    const scaled = factor * (values[i] as number)
    for (let j = 0; j <= i; j++) sum[i * width + j] = (sum[i * width + j] as number) + scaled * (values[j] as number)
  }
}

/** A question's scores, the logarithm of the sum of their exponentials, and the shares of the gains. */
function softmaxOf(stack: StackedQueries, weights: Float64Array, start: number, end: number) {
  const width = weights.length
  const scores = new Float64Array(end - start)
  for (let row = start; row < end; row++) {
    let score = 0
    for (let i = 0; i < width; i++) score += (weights[i] as number) * (stack.features[row * width + i] as number)
    scores[row - start] = score
  }
  const gains = stack.gains.subarray(start, end)
  const total = gains.reduce((sum, gain) => sum + gain, 0)
  const most = scores.reduce((best, score) => Math.max(best, score), -Infinity)
  const logSum = most + Math.log(scores.reduce((sum, score) => sum + Math.exp(score - most), 0))
  return { scores, logSum, targets: gains.map((gain) => gain / total) }
}
