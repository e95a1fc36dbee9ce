/** Numbers the runs of the same case, in the order in which they are named. Knows keys only. */

/** @returns a function from a case to 0, 1, 2 … */
export function createRepeatNumbers(): (key: string) => number {
  const seen = new Map<string, number>()
  return (key) => {
    const repeat = seen.get(key) ?? 0
    seen.set(key, repeat + 1)
    return repeat
  }
}
