/** Work that is done once, whoever asks. Knows nothing of what it gives. */

/** The same result for every call; after a failure the next call tries again. */
export function rememberSuccess<Args extends readonly unknown[], Result>(
  work: (...args: Args) => Promise<Result>,
): (...args: Args) => Promise<Result> {
  let known: Promise<Result> | undefined
  return (...args) => {
    if (known !== undefined) return known
    const begun = work(...args)
    known = begun
    begun.catch(() => (known = undefined))
    return begun
  }
}
