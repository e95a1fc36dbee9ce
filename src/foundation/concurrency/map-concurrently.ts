/** Bounded parallel work that keeps its order. Knows nothing of what the work is. */

/**
 * Maps items with at most `limit` running at once; results come in the order of the items.
 * Reads no further ahead than `limit` items, so an endless source is fine. The first error ends it.
 */
export async function* mapConcurrently<Item, Result>(
  items: AsyncIterable<Item> | Iterable<Item>,
  limit: number,
  work: (item: Item) => Promise<Result>,
): AsyncGenerator<Result> {
  const running: Promise<Result>[] = []
  try {
    for await (const item of items) {
      const started = work(item)
      // An error is reported when its turn comes; until then it must not count as unhandled.
      started.catch(() => {})
      running.push(started)
      if (running.length >= limit) yield await takeFirst(running)
    }
    while (running.length > 0) yield await takeFirst(running)
  } finally {
    await Promise.allSettled(running)
  }
}

function takeFirst<Result>(running: Promise<Result>[]): Promise<Result> {
  const first = running.shift()
  return first ?? Promise.reject(new RangeError('nothing is running'))
}
