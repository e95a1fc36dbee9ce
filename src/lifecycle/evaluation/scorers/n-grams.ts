/** Runs of n tokens, counted, and what two texts share of them. Knows tokens; knows nothing of how texts become tokens. */

/** How often each run stands there. */
export type NgramCounts = ReadonlyMap<string, number>

/** @param separator stands in no token */
export function countNgrams(tokens: readonly string[], n: number, separator = ' '): NgramCounts {
  const counts = new Map<string, number>()
  for (let at = 0; at + n <= tokens.length; at++) {
    const ngram = tokens.slice(at, at + n).join(separator)
    counts.set(ngram, (counts.get(ngram) ?? 0) + 1)
  }
  return counts
}

/** How many there are, repetitions included. */
export function sizeOf(counts: NgramCounts): number {
  let size = 0
  for (const count of counts.values()) size += count
  return size
}

/** A run that stands twice in one and once in the other is shared once. */
export function countMatches(given: NgramCounts, wanted: NgramCounts): number {
  let matches = 0
  for (const [ngram, count] of given) matches += Math.min(count, wanted.get(ngram) ?? 0)
  return matches
}
