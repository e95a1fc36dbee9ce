/** In which direction each candidate's score must move for a better nDCG. Knows scores and gains; knows no model. */

/** Ranks that nDCG looks at. */
export const CUT_OFF = 10
/** How steeply a wrong order counts. */
const STEEPNESS = 1

export interface Lambdas {
  /** Per candidate: how the score should move, and how sure that is. */
  readonly gradients: Float64Array
  readonly curvatures: Float64Array
}

/**
 * Lambda gradients of nDCG: each pair pulls its better candidate up and its worse one down, as much as swapping the two would
 * change nDCG, the more the wronger the order. Per question they are scaled by log2(1 + s) / s of their sum s, so that questions
 * with hundreds of relevant documents do not rule.
 * Source: Burges 2010, "From RankNet to LambdaRank to LambdaMART"; the scaling is that of LightGBM (lambdarank_norm).
 * @param gains what each candidate is worth  @param ideal best possible sum of discounted gains, > 0
 * @param depth pairs count when one of the two stands among this many first
 * @param out written from `offset` on; what was there before is replaced
 */
export function addLambdas(
  scores: Float64Array,
  gains: Float64Array,
  ideal: number,
  depth: number,
  out: Lambdas,
  offset: number,
): void {
  const order = descendingOrder(scores)
  out.gradients.fill(0, offset, offset + gains.length)
  out.curvatures.fill(0, offset, offset + gains.length)
  let total = 0
  for (let high = 0; high < Math.min(depth, order.length); high++) {
    for (let low = high + 1; low < order.length; low++) {
      total += addPair(order[high] as number, order[low] as number, discount(high) - discount(low), {
        scores,
        gains,
        ideal,
        out,
        offset,
      })
    }
  }
  if (total > 0) scale(out, offset, gains.length, Math.log2(1 + total) / total)
}

interface Question {
  readonly scores: Float64Array
  readonly gains: Float64Array
  readonly ideal: number
  readonly out: Lambdas
  readonly offset: number
}

/** @returns what the pair adds to the sum of the question's lambdas */
function addPair(first: number, second: number, discountGap: number, question: Question): number {
  const { scores, gains, ideal, out, offset } = question
  const gap = (gains[first] as number) - (gains[second] as number)
  if (gap === 0) return 0
  const better = gap > 0 ? first : second
  const worse = gap > 0 ? second : first
  const change = (Math.abs(gap) * discountGap) / ideal
  const wrongness = 1 / (1 + Math.exp(STEEPNESS * ((scores[better] as number) - (scores[worse] as number))))
  const pull = STEEPNESS * change * wrongness
  const curvature = STEEPNESS * pull * (1 - wrongness)
  const { gradients, curvatures } = out
  gradients[offset + better] = (gradients[offset + better] as number) + pull
  gradients[offset + worse] = (gradients[offset + worse] as number) - pull
  curvatures[offset + better] = (curvatures[offset + better] as number) + curvature
  curvatures[offset + worse] = (curvatures[offset + worse] as number) + curvature
  return 2 * pull
}

function scale({ gradients, curvatures }: Lambdas, offset: number, count: number, factor: number): void {
  for (let at = offset; at < offset + count; at++) {
    gradients[at] = (gradients[at] as number) * factor
    curvatures[at] = (curvatures[at] as number) * factor
  }
}

/** Positions by descending score; equal scores in the order given, as a ranking with ties is shown. */
export function descendingOrder(scores: Float64Array): Int32Array {
  return Int32Array.from(scores.keys()).sort(
    (left, right) => (scores[right] as number) - (scores[left] as number) || left - right,
  )
}

/** What a gain counts at a rank, from 0: 1 / log2(rank + 2). Source: Järvelin and Kekäläinen 2002. */
function discount(rank: number): number {
  return 1 / Math.log2(rank + 2)
}

/** Sum of discounted gains down to the cut-off, in the order of the scores. */
export function dcg(scores: Float64Array, gains: Float64Array): number {
  let sum = 0
  for (const [rank, at] of descendingOrder(scores).subarray(0, CUT_OFF).entries()) sum += (gains[at] ?? 0) * discount(rank)
  return sum
}

/** The best `dcg` that any order of these gains has. */
export function idealDcg(gains: Float64Array): number {
  return dcg(gains, gains)
}
