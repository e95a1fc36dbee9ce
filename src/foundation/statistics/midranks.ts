/** Ranks with ties. Knows numbers only. */

/** @returns ranks from 1 in the order of the input; equal values share the mean of theirs */
export function midranks(values: readonly number[]): readonly number[] {
  const order = values.map((value, place) => ({ value, place })).sort((left, right) => left.value - right.value)
  const ranks = values.map(() => 0)
  for (let first = 0; first < order.length;) {
    let last = first
    while (last + 1 < order.length && order[last + 1]?.value === order[first]?.value) last++
    for (const { place } of order.slice(first, last + 1)) ranks[place] = (first + last) / 2 + 1
    first = last + 1
  }
  return ranks
}
