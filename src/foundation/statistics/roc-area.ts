/** How well a score tells two groups apart. Knows numbers only. */
import { TouchstoneError } from '../errors/touchstone-error.ts'

/**
 * Area under the ROC curve: the chance that a positive scores higher than a negative, ties counting half.
 * @returns 0..1; .5 says nothing
 * @throws TouchstoneError STATISTIC_UNDEFINED when a group is empty, or a score is NaN
 * Source: Mann and Whitney 1947, by midranks; Hanley and McNeil 1982.
 */
export function rocArea(positives: readonly number[], negatives: readonly number[]): number {
  const scores = [...positives, ...negatives]
  if (positives.length === 0 || negatives.length === 0 || scores.some(Number.isNaN)) {
    const reason = `${positives.length} positives and ${negatives.length} negatives`
    throw new TouchstoneError('STATISTIC_UNDEFINED', { details: { statistic: 'The ROC area', reason } })
  }
  const sorted = Float64Array.from(negatives).sort()
  let wins = 0
  for (const score of positives) wins += (countBelow(sorted, score, false) + countBelow(sorted, score, true)) / 2
  return wins / (positives.length * negatives.length)
}

/** How many are smaller, or also equal. */
function countBelow(sorted: Float64Array, value: number, alsoEqual: boolean): number {
  let [low, high] = [0, sorted.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    const found = sorted[middle] ?? 0
    if (found < value || (alsoEqual && found === value)) low = middle + 1
    else high = middle
  }
  return low
}
